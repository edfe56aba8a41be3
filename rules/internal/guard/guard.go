// Package guard keeps evaluation within bounds, whoever wrote the expression: numbers
// that can be written out, steps that a value costs, panics of functions and
// operators turned into errors.
package guard

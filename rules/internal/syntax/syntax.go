// Package syntax reads check files, in the native and in the JSON form, into bodies of
// HCL: guarded by package scan, parsed side by side, held against their grammar, and
// with override files applied. What blocks mean is for others.
package syntax

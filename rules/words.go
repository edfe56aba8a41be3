package rules

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// unknownWord stands for what can't be told of a text without values.
const unknownWord = "…"

// maxWords bounds the words of one expression: each of a line of locals has all
// words of the one before. moreWords stands for those beyond.
const (
	maxWords  = 200
	moreWords = "… and more"
)

// A wordFinder finds the words that expressions hold: all texts and numbers that
// they may come to by what stands in check files, as far as that can be told
// without values.
type wordFinder struct {
	rb    *Runbook
	each  *expression.Expr    // for_each of the block that is looked through
	known map[string][]string // of variables and locals, by their addresses
}

// of are the words of an expression without duplicates; none of a nil one.
func (w *wordFinder) of(e *expression.Expr) []string {
	if e == nil {
		return nil
	}
	return w.words(e.Expression)
}

func (w *wordFinder) words(e hclsyntax.Expression) []string {
	if v, ok := constantValue(e); ok {
		return valueWords(v)
	}
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return w.referred(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		return w.words(e.Source)
	case *hclsyntax.IndexExpr:
		return w.words(e.Collection)
	case *hclsyntax.SplatExpr:
		return w.words(e.Source)
	case *hclsyntax.ParenthesesExpr:
		return w.words(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return w.words(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		return w.template(e)
	case *hclsyntax.TemplateJoinExpr:
		return w.words(e.Tuple)
	case *hclsyntax.ConditionalExpr:
		return w.all(e.TrueResult, e.FalseResult)
	case *hclsyntax.FunctionCallExpr:
		if patternFirst[e.Name] && len(e.Args) > 1 {
			return w.all(e.Args[1:]...)
		}
		return w.all(e.Args...)
	case *hclsyntax.TupleConsExpr:
		return w.all(e.Exprs...)
	case *hclsyntax.ObjectConsExpr:
		var values []hclsyntax.Expression
		for _, item := range e.Items {
			values = append(values, item.ValueExpr)
		}
		return w.all(values...)
	case *hclsyntax.ObjectConsKeyExpr:
		return w.words(e.Wrapped)
	case *hclsyntax.ForExpr:
		return w.all(e.CollExpr, e.ValExpr)
	}
	return nil
}

// patternFirst are functions of whose first argument nothing is in what they make.
var patternFirst = map[string]bool{"regex": true, "regexall": true}

// constantValue is the value of an expression that refers to nothing.
func constantValue(e hclsyntax.Expression) (cty.Value, bool) {
	if len(expression.RefsOf(e)) > 0 {
		return cty.NilVal, false
	}
	v, diags := guard.Evaluate(e, &hcl.EvalContext{Functions: language.FunctionTable()})
	return v, !diags.HasErrors() && v.IsWhollyKnown()
}

// all are the words of several expressions.
func (w *wordFinder) all(es ...hclsyntax.Expression) []string {
	var all []string
	for _, e := range es {
		all = addWords(all, w.words(e))
	}
	return all
}

// addWords adds words that are not there yet, as long as there is room.
func addWords(all, words []string) []string {
	for _, word := range words {
		switch {
		case slices.Contains(all, word):
		case len(all) < maxWords:
			all = append(all, word)
		case len(all) == maxWords:
			return append(all, moreWords)
		}
	}
	return all
}

// valueWords are the texts and numbers in a value.
func valueWords(v cty.Value) []string {
	var words []string
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		v, _ = v.Unmark()
		if t := v.Type(); (t == cty.String || t == cty.Number) && !v.IsNull() && v.IsKnown() {
			words = addWords(words, []string{terminal.Value(v)})
		}
		return len(words) <= maxWords, nil
	})
	return words
}

// referred are the words of what an expression refers to.
func (w *wordFinder) referred(t hcl.Traversal) []string {
	ref := expression.NewRef(t)
	switch ref.Root {
	case language.RefEach:
		if w.each == nil {
			return nil
		}
		if ref.Name == "key" {
			return w.keys(w.each.Expression)
		}
		return w.of(w.each)
	case language.RefVar, language.RefLocal:
	default:
		return nil // observed, or the site's
	}
	address := expression.AddressOf(ref.Root, ref.Name)
	words, found := w.known[address]
	if !found {
		w.known[address] = nil // for a cycle, which Load refuses
		if ref.Root == language.RefVar {
			words = w.variable(ref.Name)
		} else if l := w.rb.Local(ref.Name); l != nil {
			words = w.of(l.Expr)
		}
		w.known[address] = words
	}
	return words
}

// variable are the words of a variable's default, or of the argument that the
// import gives it.
func (w *wordFinder) variable(name string) []string {
	v := w.rb.Variable(name)
	switch {
	case v == nil:
		return nil
	case v.Sensitive:
		return []string{terminal.Sensitive}
	}
	words := filledIn(v.defaults)
	for _, im := range w.rb.Imports {
		if arg := im.Arg(v); im.Name == expression.Module(name) && arg != nil {
			return addWords(w.of(arg.Expr), words)
		}
	}
	if v.Default != cty.NilVal {
		words = addWords(valueWords(v.Default), words)
	}
	return words
}

// filledIn are the words that the type of a variable fills into a value.
func filledIn(d *typeexpr.Defaults) []string {
	if d == nil {
		return nil
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(d.DefaultValues)) {
		words = addWords(words, valueWords(d.DefaultValues[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(d.Children)) {
		words = addWords(words, filledIn(d.Children[name]))
	}
	return words
}

// keys are the words that the keys of a for_each may be.
func (w *wordFinder) keys(e hclsyntax.Expression) []string {
	if v, ok := constantValue(e); ok && (v.Type().IsObjectType() || v.Type().IsMapType()) && !v.IsNull() {
		var words []string
		for it := v.ElementIterator(); it.Next(); {
			key, _ := it.Element()
			words = addWords(words, []string{key.AsString()})
		}
		return words
	}
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok {
		var keys []hclsyntax.Expression
		for _, item := range object.Items {
			keys = append(keys, item.KeyExpr)
		}
		return w.all(keys...)
	}
	return w.words(e)
}

// template are the texts that a template may come to.
func (w *wordFinder) template(e *hclsyntax.TemplateExpr) []string {
	const most = 64 // texts; a template of many parts may come to any number of them
	texts := []string{""}
	for _, part := range e.Parts {
		words := w.words(part)
		if len(words) == 0 || len(words)*len(texts) > most {
			words = []string{unknownWord}
		}
		var longer []string
		for _, text := range texts {
			for _, word := range words {
				longer = append(longer, text+word)
			}
		}
		texts = longer
	}
	return addWords(nil, texts)
}

// commandLine is a list of words as a shell takes them, with a | between those
// that one of them may be.
func (w *wordFinder) commandLine(e hclsyntax.Expression) string {
	list, ok := e.(*hclsyntax.TupleConsExpr)
	if !ok {
		return w.shellWords(e, " ")
	}
	var line []string
	for _, part := range list.Exprs {
		line = append(line, w.shellWords(part, "|"))
	}
	return strings.Join(line, " ")
}

func (w *wordFinder) shellWords(e hclsyntax.Expression, between string) string {
	var quoted []string
	if _, made := e.(*hclsyntax.FunctionCallExpr); made {
		if _, constant := constantValue(e); !constant {
			quoted = []string{unknownWord} // of what it is given
		}
	}
	for _, word := range w.words(e) {
		quoted = append(quoted, ShellQuote(word))
	}
	if quoted == nil {
		return unknownWord
	}
	return strings.Join(quoted, between)
}

// isOwn reports whether a host is this computer.
func isOwn(host string) bool {
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.Unmap().IsLoopback() || strings.TrimSuffix(strings.ToLower(host), ".") == "localhost"
}

package checks_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
)

// An attribute is something that a probe observes, as a condition reads it:
// "result.servers.rcode" (an element's, whatever its place in the list),
// "fact.way_out.gateway", "check.dns.result.rcode".
type attribute string

// of is the attribute with the block that result belongs to, "check.NAME" or
// "fact.NAME": fact.way_out.gateway, check.dns.result.rcode.
func (a attribute) of(block string) attribute {
	if strings.HasPrefix(string(a), "result.") {
		return attribute(block + "." + string(a))
	}
	return a
}

// split takes an attribute apart into its block and what stands behind the
// name of that: check.dns, servers.rcode.
func (a attribute) split() (block, path string) {
	parts := strings.SplitN(string(a), ".", 3)
	if len(parts) < 3 {
		return string(a), ""
	}
	return parts[0] + "." + parts[1], strings.TrimPrefix(parts[2], "result.")
}

// attributesIn are those that an expression reads, in their order.
func attributesIn(e *expression.Expr) []attribute {
	if e == nil {
		return nil
	}
	return readsOf(e.Expression)
}

func readsOf(e hclsyntax.Node) []attribute {
	r := &reader{bound: map[string][]attribute{}, found: map[attribute]bool{}}
	r.bindLoops(e)
	r.read(e)
	return slices.Sorted(maps.Keys(r.found))
}

// A reader finds what an expression reads of observations.
type reader struct {
	// bound is what the variables of loops stand for: elements of these lists.
	bound map[string][]attribute
	found map[attribute]bool
}

// bindLoops finds what the variable of each loop stands for, outer loops first.
func (r *reader) bindLoops(e hclsyntax.Node) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if loop, ok := n.(*hclsyntax.ForExpr); ok {
			inner := &reader{bound: r.bound, found: map[attribute]bool{}}
			inner.read(loop.CollExpr)
			r.bound[loop.ValVar] = append(r.bound[loop.ValVar], slices.Collect(maps.Keys(inner.found))...)
		}
		return nil
	})
}

func (r *reader) read(e hclsyntax.Node) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			for _, a := range r.named(n.Traversal) {
				r.found[a] = true
			}
		case *hclsyntax.RelativeTraversalExpr:
			r.below(n.Source, n.Traversal)
		case *hclsyntax.SplatExpr:
			if each, ok := n.Each.(*hclsyntax.RelativeTraversalExpr); ok {
				r.below(n.Source, each.Traversal)
			}
		}
		return nil
	})
}

// below notes what is read of the elements of source.
func (r *reader) below(source hclsyntax.Node, rest hcl.Traversal) {
	inner := &reader{bound: r.bound, found: map[attribute]bool{}}
	inner.read(source)
	for a := range inner.found {
		r.found[attribute(string(a)+"."+strings.Join(names(rest), "."))] = true
	}
}

// named are the attributes that a reference is to.
func (r *reader) named(t hcl.Traversal) []attribute {
	path := names(t)
	switch path[0] {
	case "result", "fact", "check":
		return []attribute{attribute(strings.Join(path, "."))}
	case "vantage": // vantage.NAME.check.NAME…
		if len(path) > 3 && path[2] != "var" { // a variable's value is given, not observed
			return []attribute{attribute(strings.Join(path[2:], "."))}
		}
		return nil
	}
	var list []attribute
	for _, base := range r.bound[path[0]] {
		list = append(list, attribute(strings.Join(append([]string{string(base)}, path[1:]...), ".")))
	}
	return list
}

// names are the attributes that a traversal goes through, without indices.
func names(t hcl.Traversal) []string {
	var list []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			list = append(list, step.Name)
		case hcl.TraverseAttr:
			list = append(list, step.Name)
		}
	}
	return list
}

package lint

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// statusAttribute is check.NAME.status.
var statusAttribute = rules.Attribute{Name: "status", Type: cty.String, NeverNull: true,
	Words: []string{"pass", "warn", "fail", "error", "blocked", "skipped"}}

// attribute is what a reference to something observed reads, and the probe that
// observes it; nil where it reads no single attribute. The probe of the
// reference's own block is given. Keys and indexes choose among many of a kind.
func (p *Pass) attribute(t hcl.Traversal, own *rules.ProbeBlock) (*rules.Attribute, *rules.ProbeBlock) {
	names := stepNames(t)
	if names[0] == string(rules.RefVantage) && len(names) > 2 {
		names = names[2:] // of a vantage, its checks and facts
	}
	probe := own
	ref := rules.NewRef(hcl.Traversal{hcl.TraverseRoot{Name: names[0]}, hcl.TraverseAttr{Name: strings.Join(names[1:min(2, len(names))], "")}})
	switch {
	case ref.Root == rules.RefResult:
		names = names[1:]
	case ref.Root == rules.RefFact && len(names) > 2 && p.Fact(ref.Name) != nil:
		probe, names = p.Fact(ref.Name).Probe, names[2:]
	case ref.Root == rules.RefCheck && len(names) == 3 && names[2] == "status":
		return &statusAttribute, nil
	case ref.Root == rules.RefCheck && len(names) > 3 && names[2] == "result" && p.Check(ref.Name) != nil:
		probe, names = p.Check(ref.Name).Probe, names[3:]
	default:
		return nil, nil
	}
	if probe == nil {
		return nil, nil
	}
	attrs := probe.Kind.Result
	for i, name := range names {
		n := slices.IndexFunc(attrs, func(a rules.Attribute) bool { return a.Name == name })
		if n < 0 {
			break
		}
		if i == len(names)-1 {
			return &attrs[n], probe
		}
		attrs = attrs[n].Attrs
	}
	return nil, nil
}

// shadowed reports whether a reference within an expression is to the name that
// a for introduces, whatever else may have that name.
func shadowed(t hcl.Traversal, e *rules.Expr) bool {
	text := rules.TraversalString(t)
	return !slices.ContainsFunc(e.Refs, func(r rules.Ref) bool { return rules.TraversalString(r.Traversal) == text })
}

func stepNames(t hcl.Traversal) []string {
	names := make([]string, 0, len(t))
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	return names
}

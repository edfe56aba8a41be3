package language

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/zclconf/go-cty/cty"
)

// CheckKinds holds the kinds that Load is handed against what [Kind] and
// [Attribute] ask of them: everything behind relies on it.
func CheckKinds(kinds []*Kind) hcl.Diagnostics {
	var diags hcl.Diagnostics
	wrong := func(kind, problem string) {
		diags = append(diags, diagnostic.Error("Unfit probe kind", "Of the probe kinds that rules.Load was handed, %s %s. This is to be put right in the program that declares it.", kind, problem))
	}
	seen := map[string]bool{}
	for i, k := range kinds {
		if k == nil {
			wrong(fmt.Sprintf("number %d", i+1), "is nil")
			continue
		}
		name := fmt.Sprintf("%q", k.Name)
		switch {
		case !hclsyntax.ValidIdentifier(k.Name):
			wrong(fmt.Sprintf("number %d", i+1), fmt.Sprintf("is called %s, which is no name", name))
		case seen[k.Name]:
			wrong(name, "is there twice")
		}
		seen[k.Name] = true
		c := kindChecker{kind: k, wrong: func(problem string) { wrong(name, problem) }}
		c.attributes("argument ", k.Args, true)
		c.attributes("result.", k.Result, false)
	}
	return diags
}

type kindChecker struct {
	kind  *Kind
	wrong func(problem string)
}

func (c kindChecker) attributes(where string, attrs []Attribute, args bool) {
	seen := map[string]bool{}
	for i := range attrs {
		a := &attrs[i]
		problem := a.shapeProblem()
		switch {
		case !hclsyntax.ValidIdentifier(a.Name):
			problem = "which is no name"
		case seen[a.Name]:
			problem = "which is there twice"
		case problem != "":
		case a.Attrs != nil && a.Domain.form != 0:
			problem = "which has Attrs and a Domain: each of them has its own"
		case a.Domain.problem(a.ValueType(), c.kind.Args) != "":
			problem = a.Domain.problem(a.ValueType(), c.kind.Args)
		case args:
			problem = a.argumentProblem()
		case a.Required || a.Default != cty.NilVal:
			problem = "which has a Default or is Required, as only an argument can be"
		}
		seen[a.Name] = true
		if problem != "" {
			c.wrong(fmt.Sprintf("has the attribute %q, %s", where+a.Name, problem))
		}
		c.attributes(where+a.Name+".", a.Attrs, args)
	}
}

// shapeProblem says what is wrong with the attribute's type, "" if nothing is.
func (a *Attribute) shapeProblem() string {
	switch {
	case a.Attrs != nil && a.Type != cty.NilType:
		return "which has both a Type and Attrs, from which its type follows"
	case a.Attrs != nil:
		return ""
	case a.Type == cty.NilType:
		return "which has neither a Type nor Attrs"
	case a.List:
		return "which is a List without Attrs"
	case !a.Type.WithoutOptionalAttributesDeep().Equals(a.Type):
		return "whose Type has optional attributes, which no value has"
	case a.Type.HasDynamicTypes():
		return "whose Type is any, of which nothing can be proved"
	case holdsCapsule(a.Type):
		return "whose Type is a capsule, which no file can hold"
	}
	return ""
}

func holdsCapsule(t cty.Type) (found bool) {
	switch {
	case t.IsCapsuleType():
		return true
	case t.IsCollectionType():
		return holdsCapsule(t.ElementType())
	case t.IsTupleType():
		for _, el := range t.TupleElementTypes() {
			found = found || holdsCapsule(el)
		}
	case t.IsObjectType():
		for _, el := range t.AttributeTypes() {
			found = found || holdsCapsule(el)
		}
	}
	return found
}

// argumentProblem says what is wrong with an argument whose type is right.
func (a *Attribute) argumentProblem() string {
	switch {
	case a.NeverNull:
		return "which is NeverNull, a promise that only a result can give"
	case a.Domain.mostArg != "":
		return "whose Domain goes up to an argument, as only that of a result can"
	case a.Default == cty.NilVal:
		return ""
	case a.Required:
		return "which is Required and has a Default all the same"
	case a.Default.ContainsMarked() || !a.Default.IsWhollyKnown():
		return "whose Default is not known, or marked"
	case !a.Default.Type().Equals(a.ValueType()):
		return fmt.Sprintf("whose Default is of type %s and not of its own, %s", a.Default.Type().FriendlyName(), a.ValueType().FriendlyName())
	case a.Default.IsNull():
		return ""
	}
	if err := a.Validate(a.Default); err != nil {
		return "whose Default " + err.Error()
	}
	return ""
}

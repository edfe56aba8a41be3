package rules_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// kind is one that nothing is wrong with, as change makes it.
func kind(change func(k *language.Kind)) *language.Kind {
	k := &language.Kind{
		Name: "seen", TargetOptional: true,
		Args: []language.Attribute{
			{Name: "count", Type: cty.Number, Default: cty.NumberIntVal(3), Domain: language.WholeBetween(1, 10)},
			{Name: "words", Type: cty.List(cty.String)},
		},
		Result: []language.Attribute{
			{Name: "n", Type: cty.Number, NeverNull: true, Domain: language.NumberFrom(0).UpTo("count")},
			{Name: "word", Type: cty.String, Domain: language.OneOf("a", "b")},
			{Name: "each", List: true, Attrs: []language.Attribute{{Name: "address", Type: cty.String}}},
		},
	}
	if change != nil {
		change(k)
	}
	return k
}

const seenCheck = `check "a" {
  probe "seen" {}
  pass    = result.n > 0
  explain = "no"
}
`

func TestKindsAreJudgedAtTheDoor(t *testing.T) {
	load := func(kinds ...*language.Kind) (*rules.Runbook, hcl.Diagnostics) {
		return rules.Load(kinds, overlay("case", map[string]string{"a.hcl": seenCheck}))
	}
	if rb, diags := load(kind(nil), kind(func(k *language.Kind) { k.Name = "other" })); diags.HasErrors() || rb.Refused() != nil {
		t.Fatal("two sound kinds: ", diags)
	}
	attr := func(a language.Attribute) *language.Kind {
		return kind(func(k *language.Kind) { k.Result = append(k.Result, a) })
	}
	arg := func(a language.Attribute) *language.Kind {
		return kind(func(k *language.Kind) { k.Args = append(k.Args, a) })
	}
	sound := kind(nil)
	for want, kinds := range map[string][]*language.Kind{
		"number 2 is nil":                                      {sound, nil},
		`number 1 is called "", which is no name`:              {kind(func(k *language.Kind) { k.Name = "" })},
		`number 1 is called "a b"`:                             {kind(func(k *language.Kind) { k.Name = "a b" })},
		`"seen" is there twice`:                                {sound, kind(nil)},
		`"result.n", which is there twice`:                     {attr(language.Attribute{Name: "n", Type: cty.Number})},
		`"argument count", which is there twice`:               {arg(language.Attribute{Name: "count", Type: cty.Number})},
		`"result.", which is no name`:                          {attr(language.Attribute{Type: cty.Number})},
		"neither a Type nor Attrs":                             {attr(language.Attribute{Name: "x"})},
		"both a Type and Attrs":                                {attr(language.Attribute{Name: "x", Type: cty.Bool, Attrs: []language.Attribute{}})},
		`"result.x.y", which has neither`:                      {attr(language.Attribute{Name: "x", Attrs: []language.Attribute{{Name: "y"}}})},
		"a List without Attrs":                                 {attr(language.Attribute{Name: "x", Type: cty.String, List: true})},
		"optional attributes":                                  {attr(language.Attribute{Name: "x", Type: cty.ObjectWithOptionalAttrs(map[string]cty.Type{"o": cty.String}, []string{"o"})})},
		"whose Type is any":                                    {attr(language.Attribute{Name: "x", Type: cty.List(cty.DynamicPseudoType)})},
		"is a capsule":                                         {attr(language.Attribute{Name: "x", Type: cty.Map(cty.Capsule("c", reflect.TypeFor[int]()))})},
		"as only an argument can be":                           {attr(language.Attribute{Name: "x", Type: cty.Bool, Required: true})},
		"Domain is of texts, and it is none":                   {attr(language.Attribute{Name: "x", Type: cty.Number, Domain: language.OneOf("a")})},
		"has no words":                                         {attr(language.Attribute{Name: "x", Type: cty.String, Domain: language.OneOf()})},
		"Domain is of numbers, and it is none":                 {attr(language.Attribute{Name: "x", Type: cty.String, Domain: language.WholeFrom(0)})},
		"least value is more than its most":                    {attr(language.Attribute{Name: "x", Type: cty.Number, Domain: language.NumberBetween(2, 0)})},
		"shortest value is more than its longest":              {arg(language.Attribute{Name: "x", Type: cty.String, Domain: language.DurationBetween(2, 1)})},
		`goes up to "words", which is no argument`:             {attr(language.Attribute{Name: "x", Type: cty.Number, Domain: language.WholeFrom(0).UpTo("words")})},
		"goes up to an argument and is not of numbers":         {attr(language.Attribute{Name: "x", Type: cty.String, Domain: language.OneOf("a").UpTo("count")})},
		"as only that of a result can":                         {arg(language.Attribute{Name: "x", Type: cty.Number, Domain: language.WholeFrom(0).UpTo("count")})},
		"is of one value, and it is a list":                    {attr(language.Attribute{Name: "x", Type: cty.List(cty.String), Domain: language.OneOf("a")})},
		"Domain is of lists, and it is none":                   {attr(language.Attribute{Name: "x", Type: cty.String, Domain: language.ListOf(language.OneOf("a"))})},
		`"result.z", whose Domain is of texts`:                 {attr(language.Attribute{Name: "z", Type: cty.List(cty.Number), Domain: language.ListOf(language.OneOf("a"))})},
		"no function that tells the form":                      {attr(language.Attribute{Name: "x", Type: cty.String, Domain: language.Written("odd", nil)})},
		"no function that judges":                              {arg(language.Attribute{Name: "x", Type: cty.String, Domain: language.Judged(nil)})},
		"has Attrs and a Domain":                               {attr(language.Attribute{Name: "x", Domain: language.OneOf("a"), Attrs: []language.Attribute{{Name: "y", Type: cty.Bool}}})},
		"Default is of type string and not of its own, number": {arg(language.Attribute{Name: "x", Type: cty.Number, Default: cty.StringVal("3")})},
		"Default must be a whole number":                       {arg(language.Attribute{Name: "x", Type: cty.Number, Default: cty.NumberIntVal(99), Domain: language.WholeBetween(1, 9)})},
		"Default is not known, or marked":                      {arg(language.Attribute{Name: "x", Type: cty.Number, Default: cty.UnknownVal(cty.Number)})},
		"Required and has a Default":                           {arg(language.Attribute{Name: "x", Type: cty.Number, Default: cty.Zero, Required: true})},
		"a promise that only a result can give":                {arg(language.Attribute{Name: "x", Type: cty.Number, NeverNull: true})},
	} {
		rb, diags := load(kinds...)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("want %q, got %v", want, diags)
		}
		if rb == nil || rb.Refused() == nil {
			t.Errorf("%s: the runbook is not refused", want)
		}
	}
}

// TestJudgeThatBreaks is of a Judged that fails only for some values.
func TestJudgeThatBreaks(t *testing.T) {
	broken := kind(func(k *language.Kind) {
		k.Args = []language.Attribute{{Name: "count", Type: cty.Number, Domain: language.Judged(func(v cty.Value) error {
			if v.RawEquals(cty.NumberIntVal(7)) {
				panic("seven")
			}
			return nil
		})}}
	})
	for text, wrong := range map[string]bool{"count = 6": false, "count = 7": true} {
		_, diags := rules.Load([]*language.Kind{broken}, overlay("case", map[string]string{"a.hcl": strings.Replace(seenCheck, "{}", "{ "+text+" }", 1)}))
		if diags.HasErrors() != wrong || wrong && !strings.Contains(diags[0].Detail, "what checks it broke") {
			t.Errorf("%s: %v", text, diags)
		}
	}
}

// TestNothingHandedOver calls what reads files and runbooks with none.
func TestNothingHandedOver(t *testing.T) {
	none := rules.Overlay{Name: "none"}
	kinds := []*language.Kind{kind(nil)}
	for name, call := range map[string]func() hcl.Diagnostics{
		"Load":         func() hcl.Diagnostics { _, diags := rules.Load(kinds, none); return diags },
		"Heading":      func() hcl.Diagnostics { _, diags := rules.Heading(nil); return diags },
		"Imports":      func() hcl.Diagnostics { _, diags := rules.Imports(none); return diags },
		"ReadLock":     func() hcl.Diagnostics { _, diags := lock.Read(none.Name, none.FS); return diags },
		"ReadProfiles": func() hcl.Diagnostics { return rules.ReadProfiles(none).Diags },
		"LoadSites":    func() hcl.Diagnostics { _, diags := rules.LoadSites(nil, overlay("x", nil)); return diags },
		"LoadSites of a runbook made by hand": func() hcl.Diagnostics {
			_, diags := rules.LoadSites(&rules.Runbook{}, overlay("x", nil))
			return diags
		},
		"LoadTests": func() hcl.Diagnostics { _, diags := rules.LoadTests(nil, overlay("x", nil)); return diags },
		"Refused":   func() hcl.Diagnostics { return (*rules.Runbook)(nil).Refused() },
		"TreeFiles": func() hcl.Diagnostics {
			if _, err := tree.Files(nil); err != nil {
				return hcl.Diagnostics{{Severity: hcl.DiagError, Detail: err.Error()}}
			}
			return nil
		},
	} {
		if diags := call(); !diags.HasErrors() || diags[0].Detail == "" {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// TestProfilesOfABrokenRunbook reads profiles beside runbooks in which
// something that they lead to is missing, and looks for nothing but an end.
func TestProfilesOfABrokenRunbook(t *testing.T) {
	const profile = `site "s" { vars = { a = "x" } }`
	for name, text := range map[string]string{
		"a validation that names no variable": `variable "a" {
  validation {
    condition     = var.a != var.gone
    error_message = "x"
  }
}`,
		"a message that names no variable": `variable "a" {
  validation {
    condition     = var.a == "y"
    error_message = "not ${var.gone}"
  }
}`,
		"a validation without a condition": `variable "a" {
  validation { error_message = "x" }
}`,
		"a validation of another's variable": `variable "a" {
  type = nothing
  validation {
    condition     = length(var.b) > 0 && var.gone.x[var.a]
    error_message = "x"
  }
}
variable "b" { default = each.key }`,
		"an argument of an import that names no variable": `variable "a" { type = string }
import "net" {
  source = "./net"
  host   = "${var.a}${var.gone}${local.gone}"
}`,
		"an import of nothing": `variable "a" { type = string }
import "net" { source = "./gone", x = var.a }`,
	} {
		t.Run(name, func(t *testing.T) {
			rb, diags := rules.Load([]*language.Kind{kind(nil)}, overlay("case", map[string]string{
				"a.hcl": text + "\n" + seenCheck, "net/a.hcl": "variable \"host\" {\n  validation {\n    condition = var.host != var.lost\n    error_message = \"x\"\n  }\n}\n" + seenCheck,
			}))
			if !diags.HasErrors() {
				t.Fatal("nothing is wrong")
			}
			if sites, _ := rules.LoadSites(rb, overlay("case/sites.d", map[string]string{"s.hcl": profile})); len(sites) != 1 {
				t.Errorf("%d sites", len(sites))
			}
		})
	}
}

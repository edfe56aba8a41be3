package syntax

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// CheckShape holds a block against its grammar: labels, names of attributes and
// blocks, how often a block may stand. What must not be missing is looked for
// once overrides have been applied: see CheckComplete.
func CheckShape(bt *language.BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	diags := checkLabels(bt, b)
	if bt.Any == nil {
		for name, attr := range b.Body.Attributes {
			if bt.Attr(name) == nil {
				diags = append(diags, StrayAttr(bt, attr))
			}
		}
	}
	for i, n := range b.Body.Blocks {
		nested := bt.Block(n.Type)
		if nested == nil {
			diags = append(diags, StrayBlock(bt, n))
			continue
		}
		diags = append(diags, CheckShape(nested, n)...)
		if nested.Single || len(nested.Labels) > 0 {
			if j := sameBlock(nested, b.Body.Blocks[:i], n); j >= 0 {
				diags = append(diags, secondBlock(bt, nested, n, b.Body.Blocks[j]))
			}
		}
	}
	return diags
}

func secondBlock(parent, bt *language.BlockType, b, first *hclsyntax.Block) *hcl.Diagnostic {
	if !bt.Single {
		d := diagnostic.ErrorAt(b.DefRange(), "Duplicate "+bt.Name, "This %s has another %s %q, at %s.", parent.Name, bt.Name, Label(b), diagnostic.Where(first.DefRange()))
		d.Extra = diagnostic.Related{{Note: "first defined here", Range: first.DefRange()}}
		return d
	}
	d := diagnostic.ErrorAt(b.DefRange(), "Second "+bt.Name, "A %s has one %s block, and this one has another at %s.", parent.Name, bt.Name, diagnostic.Where(first.DefRange()))
	d.Extra = diagnostic.Related{{Note: "first one here", Range: first.DefRange()}}
	return d
}

func checkLabels(bt *language.BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	switch got, want := len(b.Labels), len(bt.Labels); {
	case got < want:
		return hcl.Diagnostics{diagnostic.ErrorAt(b.DefRange(), "Missing label", "%s block needs a %s: %s \"%s\" { … }", terminal.Capital(terminal.WithArticle(bt.Name)), bt.Labels[got].Doc, bt.Name, strings.ToUpper(bt.Labels[got].Doc))}
	case got > want && want == 0:
		return hcl.Diagnostics{diagnostic.ErrorAt(b.LabelRanges[0], "Superfluous label", "%s block has no label.", terminal.Capital(terminal.WithArticle(bt.Name)))}
	case got > want:
		return hcl.Diagnostics{diagnostic.ErrorAt(b.LabelRanges[want], "Superfluous label", "%s block has one label, its %s.", terminal.Capital(terminal.WithArticle(bt.Name)), bt.Labels[0].Doc)}
	}
	for i, l := range bt.Labels {
		if l.Ident && !validName(b.Labels[i]) {
			return hcl.Diagnostics{diagnostic.ErrorAt(b.LabelRanges[i], "Invalid name", "%q can't be the name of %s: expressions could not refer to it. A name has letters, digits, - and _, and no digit first.", b.Labels[i], terminal.WithArticle(bt.Name))}
		}
	}
	return nil
}

// validName reports whether s is an identifier. Almost all are ASCII.
func validName(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		case c >= 0x80:
			return hclsyntax.ValidIdentifier(s)
		default:
			return false
		}
	}
	return s != ""
}

// CheckComplete looks for what a block must have.
func CheckComplete(bt *language.BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := range bt.Attrs {
		a := &bt.Attrs[i]
		if a.Required && b.Body.Attributes[a.Name] == nil {
			diags = append(diags, diagnostic.ErrorAt(b.DefRange(), "Missing "+a.Name, "%s block must have %q%s", terminal.Capital(terminal.WithArticle(bt.Name)), a.Name, diagnostic.Gloss(a.Doc)))
		}
	}
	for _, nested := range bt.Blocks {
		found := false
		for _, n := range b.Body.Blocks {
			if n.Type == nested.Name {
				found = true
				diags = append(diags, CheckComplete(nested, n)...)
			}
		}
		if nested.Required && !found {
			diags = append(diags, diagnostic.ErrorAt(b.DefRange(), "Missing "+nested.Name, "%s block must hold %s block%s", terminal.Capital(terminal.WithArticle(bt.Name)), terminal.WithArticle(nested.Name), diagnostic.Gloss(nested.Doc)))
		}
	}
	return diags
}

// StrayAttr is the error of an attribute that does not belong where it stands.
func StrayAttr(bt *language.BlockType, attr *hclsyntax.Attribute) *hcl.Diagnostic {
	hint := diagnostic.DidYouMean(attr.Name, append(bt.AttrNames(), bt.BlockNames()...))
	if n := bt.Block(attr.Name); n != nil {
		hint = fmt.Sprintf(" %s is a block: write it without the equals sign.", attr.Name)
	}
	if bt.Name == "" {
		return diagnostic.ErrorAt(attr.NameRange, "Unknown attribute", "%q stands outside of any block. %s holds blocks only: %s.%s", attr.Name, bt.FileNoun(), terminal.List(bt.BlockNames()), hint)
	}
	if names := bt.AttrNames(); hint == "" && len(names) > 0 && len(names) <= diagnostic.FewNames {
		hint = " There is " + terminal.List(names) + "."
	}
	return diagnostic.ErrorAt(attr.NameRange, "Unknown attribute", "%s block has no attribute %q.%s", terminal.Capital(terminal.WithArticle(bt.Name)), attr.Name, hint)
}

// StrayBlock is the error of a block that does not belong where it stands.
func StrayBlock(bt *language.BlockType, b *hclsyntax.Block) *hcl.Diagnostic {
	switch {
	case bt == language.CheckFile && b.Type == language.SiteBlock.Name:
		return diagnostic.ErrorAt(b.DefRange(), "Misplaced site", "Profiles of sites stand in files of their own, in the folder sites.d beside the check files, or where --sites points.")
	case (bt == language.TestFile || bt == language.MockFile) && language.CheckFile.Block(b.Type) != nil, bt == language.MockFile && b.Type == language.RunBlock.Name:
		return diagnostic.ErrorAt(b.DefRange(), "Misplaced "+b.Type, "%s holds blocks of these kinds only: %s. A %s block belongs in a file of another kind.", bt.FileNoun(), terminal.List(bt.BlockNames()), b.Type)
	case bt == language.TestFile && b.Type == language.SiteBlock.Name:
		return diagnostic.ErrorAt(b.DefRange(), "Misplaced site", "Profiles of sites stand in the folder sites.d beside the check files; a run names one with site = \"NAME\".")
	case bt == language.SiteFile && language.CheckFile.Block(b.Type) != nil:
		return diagnostic.ErrorAt(b.DefRange(), "Misplaced "+b.Type, "This is a file of site profiles. A %s block belongs in a check file of the runbook.", b.Type)
	}
	hint := diagnostic.DidYouMean(b.Type, bt.BlockNames())
	if a := bt.Attr(b.Type); a != nil && a != bt.Any {
		hint = fmt.Sprintf(" %s is an attribute: write %s = …", b.Type, b.Type)
	}
	if bt.Name == "" {
		return diagnostic.ErrorAt(b.TypeRange, "Unknown block", "There is no block %q. The blocks are %s.%s", b.Type, terminal.List(bt.BlockNames()), hint)
	}
	return diagnostic.ErrorAt(b.TypeRange, "Unknown block", "%s block has no block %q.%s", terminal.Capital(terminal.WithArticle(bt.Name)), b.Type, hint)
}

// Label is a block's label, "" where it is missing.
func Label(b *hclsyntax.Block) string {
	if len(b.Labels) == 0 {
		return ""
	}
	return b.Labels[0]
}

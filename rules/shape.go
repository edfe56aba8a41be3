package rules

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/terminal"
)

// checkShape holds a block against its grammar: labels, names of attributes and
// blocks, how often a block may stand. What must not be missing is looked for
// once overrides have been applied: see checkComplete.
func checkShape(bt *BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	diags := checkLabels(bt, b)
	if bt.Any == nil {
		for name, attr := range b.Body.Attributes {
			if bt.Attr(name) == nil {
				diags = append(diags, strayAttr(bt, attr))
			}
		}
	}
	for i, n := range b.Body.Blocks {
		nested := bt.Block(n.Type)
		if nested == nil {
			diags = append(diags, strayBlock(bt, n))
			continue
		}
		diags = append(diags, checkShape(nested, n)...)
		if nested.Single || len(nested.Labels) > 0 {
			if j := sameBlock(nested, b.Body.Blocks[:i], n); j >= 0 {
				diags = append(diags, secondBlock(bt, nested, n, b.Body.Blocks[j]))
			}
		}
	}
	return diags
}

func secondBlock(parent, bt *BlockType, b, first *hclsyntax.Block) *hcl.Diagnostic {
	if !bt.Single {
		d := errorAt(b.DefRange(), "Duplicate "+bt.Name, "This %s has another %s %q, at %s.", parent.Name, bt.Name, label(b), place(first.DefRange()))
		d.Extra = Related{{Note: "first defined here", Range: first.DefRange()}}
		return d
	}
	d := errorAt(b.DefRange(), "Second "+bt.Name, "A %s has one %s block, and this one has another at %s.", parent.Name, bt.Name, place(first.DefRange()))
	d.Extra = Related{{Note: "first one here", Range: first.DefRange()}}
	return d
}

func checkLabels(bt *BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	switch got, want := len(b.Labels), len(bt.Labels); {
	case got < want:
		return hcl.Diagnostics{errorAt(b.DefRange(), "Missing label", "%s block needs a %s: %s \"%s\" { … }", terminal.Capital(withArticle(bt.Name)), bt.Labels[got].Doc, bt.Name, strings.ToUpper(bt.Labels[got].Doc))}
	case got > want && want == 0:
		return hcl.Diagnostics{errorAt(b.LabelRanges[0], "Superfluous label", "%s block has no label.", terminal.Capital(withArticle(bt.Name)))}
	case got > want:
		return hcl.Diagnostics{errorAt(b.LabelRanges[want], "Superfluous label", "%s block has one label, its %s.", terminal.Capital(withArticle(bt.Name)), bt.Labels[0].Doc)}
	}
	for i, l := range bt.Labels {
		if l.Ident && !validName(b.Labels[i]) {
			return hcl.Diagnostics{errorAt(b.LabelRanges[i], "Invalid name", "%q can't be the name of %s: expressions could not refer to it. A name has letters, digits, - and _, and no digit first.", b.Labels[i], withArticle(bt.Name))}
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

// checkComplete looks for what a block must have.
func checkComplete(bt *BlockType, b *hclsyntax.Block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := range bt.Attrs {
		a := &bt.Attrs[i]
		if a.Required && b.Body.Attributes[a.Name] == nil {
			diags = append(diags, errorAt(b.DefRange(), "Missing "+a.Name, "%s block must have %q%s", terminal.Capital(withArticle(bt.Name)), a.Name, gloss(a.Doc)))
		}
	}
	for _, nested := range bt.Blocks {
		found := false
		for _, n := range b.Body.Blocks {
			if n.Type == nested.Name {
				found = true
				diags = append(diags, checkComplete(nested, n)...)
			}
		}
		if nested.Required && !found {
			diags = append(diags, errorAt(b.DefRange(), "Missing "+nested.Name, "%s block must hold %s block%s", terminal.Capital(withArticle(bt.Name)), withArticle(nested.Name), gloss(nested.Doc)))
		}
	}
	return diags
}

// strayAttr is the error of an attribute that does not belong where it stands.
func strayAttr(bt *BlockType, attr *hclsyntax.Attribute) *hcl.Diagnostic {
	hint := DidYouMean(attr.Name, append(bt.attrNames(), bt.blockNames()...))
	if n := bt.Block(attr.Name); n != nil {
		hint = fmt.Sprintf(" %s is a block: write it without the equals sign.", attr.Name)
	}
	if bt.Name == "" {
		return errorAt(attr.NameRange, "Unknown attribute", "%q stands outside of any block. %s holds blocks only: %s.%s", attr.Name, bt.fileNoun(), terminal.List(bt.blockNames()), hint)
	}
	if names := bt.attrNames(); hint == "" && len(names) > 0 && len(names) <= fewNames {
		hint = " There is " + terminal.List(names) + "."
	}
	return errorAt(attr.NameRange, "Unknown attribute", "%s block has no attribute %q.%s", terminal.Capital(withArticle(bt.Name)), attr.Name, hint)
}

// strayBlock is the error of a block that does not belong where it stands.
func strayBlock(bt *BlockType, b *hclsyntax.Block) *hcl.Diagnostic {
	switch {
	case bt == CheckFile && b.Type == SiteBlock.Name:
		return errorAt(b.DefRange(), "Misplaced site", "Profiles of sites stand in files of their own, in the folder sites.d beside the check files, or where --sites points.")
	case (bt == TestFile || bt == MockFile) && CheckFile.Block(b.Type) != nil, bt == MockFile && b.Type == RunBlock.Name:
		return errorAt(b.DefRange(), "Misplaced "+b.Type, "%s holds blocks of these kinds only: %s. A %s block belongs in a file of another kind.", bt.fileNoun(), terminal.List(bt.blockNames()), b.Type)
	case bt == TestFile && b.Type == SiteBlock.Name:
		return errorAt(b.DefRange(), "Misplaced site", "Profiles of sites stand in the folder sites.d beside the check files; a run names one with site = \"NAME\".")
	case bt == SiteFile && CheckFile.Block(b.Type) != nil:
		return errorAt(b.DefRange(), "Misplaced "+b.Type, "This is a file of site profiles. A %s block belongs in a check file of the runbook.", b.Type)
	}
	hint := DidYouMean(b.Type, bt.blockNames())
	if a := bt.Attr(b.Type); a != nil && a != bt.Any {
		hint = fmt.Sprintf(" %s is an attribute: write %s = …", b.Type, b.Type)
	}
	if bt.Name == "" {
		return errorAt(b.TypeRange, "Unknown block", "There is no block %q. The blocks are %s.%s", b.Type, terminal.List(bt.blockNames()), hint)
	}
	return errorAt(b.TypeRange, "Unknown block", "%s block has no block %q.%s", terminal.Capital(withArticle(bt.Name)), b.Type, hint)
}

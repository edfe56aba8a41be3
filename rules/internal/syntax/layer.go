package syntax

import (
	"fmt"

	"github.com/linecheck/linecheck/rules/terminal"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/language"
)

// A Layered block is a block as its file has it, with all overrides applied.
type Layered struct {
	*hclsyntax.Block
	Typ     *language.BlockType
	Overlay string
	Changed []hcl.Range // overrides of it
}

// LayOver puts the blocks of all sources in order and applies overrides.
// Blocks that can't be told apart (no such type, no name) are left out.
func LayOver(sources []*Source, root *language.BlockType) ([]Layered, hcl.Diagnostics) {
	n := 0
	for _, s := range sources {
		n += len(s.Body.Blocks)
	}
	l := layering{
		root:   root,
		blocks: make([]Layered, 0, n),
		byName: make(map[blockKey]int, n),
		locals: map[string]*hclsyntax.Body{},
		over:   map[overKey]hcl.Range{},
	}
	for _, s := range sources {
		for _, attr := range s.Body.Attributes {
			l.diags = append(l.diags, StrayAttr(root, attr))
		}
		for _, b := range s.Body.Blocks {
			l.add(s, b)
		}
	}
	return l.blocks, l.diags
}

type blockKey struct{ typ, name string }

// An overKey is a block or local that a file overrides, which it may do once.
type overKey struct {
	file string
	blockKey
}

type layering struct {
	root   *language.BlockType
	blocks []Layered
	byName map[blockKey]int           // index in blocks
	locals map[string]*hclsyntax.Body // holds each local
	over   map[overKey]hcl.Range      // what each file overrides
	diags  hcl.Diagnostics
}

func (l *layering) add(s *Source, b *hclsyntax.Block) {
	bt := l.root.Block(b.Type)
	if bt == nil {
		l.diags = append(l.diags, StrayBlock(l.root, b))
		return
	}
	shape := CheckShape(bt, b)
	l.diags = append(l.diags, shape...)
	if len(b.Labels) != len(bt.Labels) {
		return
	}
	switch {
	case bt == language.LocalsBlock && s.override:
		l.overrideLocals(b)
	case bt == language.LocalsBlock:
		l.addLocals(b)
		l.blocks = append(l.blocks, Layered{Block: b, Typ: bt, Overlay: s.Overlay})
	case s.override:
		l.override(bt, b)
	default:
		key := blockKey{bt.Name, b.Labels[0]}
		if bt == language.RunbookBlock {
			key.name = s.Overlay // one each
		}
		if i, taken := l.byName[key]; taken {
			l.diags = append(l.diags, duplicate(bt.Name, b.DefRange(), l.blocks[i].DefRange()))
			return
		}
		l.byName[key] = len(l.blocks)
		l.blocks = append(l.blocks, Layered{Block: b, Typ: bt, Overlay: s.Overlay})
	}
}

// overrides notes what a file overrides and reports whether that is new.
func (l *layering) overrides(what, name string, rng hcl.Range) bool {
	key := overKey{rng.Filename, blockKey{what, name}}
	if first, twice := l.over[key]; twice {
		d := diagnostic.ErrorAt(rng, "Second override", "This file overrides the %s %q already, at %s.", what, name, diagnostic.Where(first))
		d.Extra = diagnostic.Related{{Note: "first overridden here", Range: first}}
		l.diags = append(l.diags, d)
		return false
	}
	l.over[key] = rng
	return true
}

func (l *layering) override(bt *language.BlockType, b *hclsyntax.Block) {
	if !l.overrides(bt.Name, b.Labels[0], b.DefRange()) {
		return
	}
	var base *Layered
	if bt == language.RunbookBlock {
		// A runbook has one name, whatever the override calls it.
		for i := range l.blocks {
			if l.blocks[i].Typ == bt && l.blocks[i].Labels[0] == b.Labels[0] {
				base = &l.blocks[i]
			}
		}
	} else if i, ok := l.byName[blockKey{bt.Name, b.Labels[0]}]; ok {
		base = &l.blocks[i]
	}
	if base == nil {
		l.diags = append(l.diags, diagnostic.ErrorAt(b.DefRange(), "Nothing to override",
			"There is no %s %q before this override file.%s A new %s belongs in a file of another name.%s",
			bt.Name, b.Labels[0], diagnostic.DidYouMean(b.Labels[0], l.namesOf(bt)), bt.Name, l.importsToo(bt)))
		return
	}
	base.Changed = append(base.Changed, b.DefRange())
	mergeBody(bt, base.Body, b.Body)
}

// importsToo ends a message about a block that could be one of an import.
func (l *layering) importsToo(bt *language.BlockType) string {
	if bt == language.ImportBlock || len(l.namesOf(language.ImportBlock)) == 0 {
		return ""
	}
	return " What an import brings in is not overridden: give it another value, or change it in its own folder."
}

func (l *layering) namesOf(bt *language.BlockType) []string {
	var names []string
	for i := range l.blocks {
		if l.blocks[i].Typ == bt {
			names = append(names, l.blocks[i].Labels[0])
		}
	}
	return names
}

func (l *layering) addLocals(b *hclsyntax.Block) {
	for name, attr := range b.Body.Attributes {
		if holder, taken := l.locals[name]; taken {
			l.diags = append(l.diags, duplicate("local", attr.NameRange, holder.Attributes[name].NameRange))
			delete(b.Body.Attributes, name)
			continue
		}
		l.locals[name] = b.Body
	}
}

func (l *layering) overrideLocals(b *hclsyntax.Block) {
	for name, attr := range b.Body.Attributes {
		if !l.overrides("local", name, attr.NameRange) {
			continue
		}
		holder, ok := l.locals[name]
		if !ok {
			names := make([]string, 0, len(l.locals))
			for n := range l.locals {
				names = append(names, n)
			}
			l.diags = append(l.diags, diagnostic.ErrorAt(attr.NameRange, "Nothing to override",
				"There is no local %q before this override file.%s A new one belongs in a file of another name.", name, diagnostic.DidYouMean(name, names)))
			continue
		}
		holder.Attributes[name] = attr
	}
}

// mergeBody lays over onto base: its attributes replace those of the same
// name; its labelled blocks merge with those of the same label or are new; a
// block of which there can be one (retry, probe) merges with the one there or,
// with another label, replaces it; other blocks (validation) replace all of
// their kind.
func mergeBody(bt *language.BlockType, base, over *hclsyntax.Body) {
	if base.Attributes == nil {
		base.Attributes = make(hclsyntax.Attributes, len(over.Attributes))
	}
	for name, attr := range over.Attributes {
		base.Attributes[name] = attr
	}
	replaced := map[string]bool{}
	for _, b := range over.Blocks {
		nested := bt.Block(b.Type)
		if nested == nil {
			continue // said already
		}
		if !nested.Single && len(nested.Labels) == 0 && !replaced[b.Type] {
			replaced[b.Type] = true
			base.Blocks = dropBlocks(base.Blocks, b.Type)
		}
		i := sameBlock(nested, base.Blocks, b)
		switch {
		case i < 0:
			base.Blocks = append(base.Blocks, b)
		case Label(base.Blocks[i]) == Label(b):
			mergeBody(nested, base.Blocks[i].Body, b.Body)
		default:
			base.Blocks[i] = b
		}
	}
}

func sameBlock(bt *language.BlockType, blocks hclsyntax.Blocks, b *hclsyntax.Block) int {
	if !bt.Single && len(bt.Labels) == 0 {
		return -1
	}
	for i, old := range blocks {
		if old.Type == b.Type && (bt.Single || Label(old) == Label(b)) {
			return i
		}
	}
	return -1
}

func dropBlocks(blocks hclsyntax.Blocks, typ string) hclsyntax.Blocks {
	kept := make(hclsyntax.Blocks, 0, len(blocks))
	for _, b := range blocks {
		if b.Type != typ {
			kept = append(kept, b)
		}
	}
	return kept
}

// duplicate is the error of a second definition; it shows both places.
func duplicate(what string, rng, first hcl.Range) *hcl.Diagnostic {
	d := diagnostic.ErrorAt(rng, "Duplicate "+what, "There is %s of this name already, at %s. To change that one, write an override file (override.hcl or NAME_override.hcl).", terminal.WithArticle(what), diagnostic.Where(first))
	if what == language.RunbookBlock.Name {
		d.Detail = fmt.Sprintf("This folder has its runbook block already, at %s.", diagnostic.Where(first))
	}
	d.Extra = diagnostic.Related{{Note: "first defined here", Range: first}}
	return d
}

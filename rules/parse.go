package rules

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// parseAll parses sources side by side and returns them.
func parseAll(sources []*source, root *BlockType) []*source {
	sideBySide(len(sources), each(func(i int) hcl.Diagnostics {
		sources[i].parse(root)
		return nil
	}))
	return sources
}

// parse sets the body of a source, which is never nil afterwards.
func (s *source) parse(root *BlockType) {
	s.body = &hclsyntax.Body{}
	if d := checkText(s); d != nil {
		s.diags, s.broken = hcl.Diagnostics{d}, true
		return
	}
	f, diags := hclsyntax.ParseConfig(s.src, s.name, hcl.InitialPos)
	s.body, s.diags, s.broken = f.Body.(*hclsyntax.Body), diags, diags.HasErrors()
}

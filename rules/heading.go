package rules

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/internal/syntax"
	"github.com/linecheck/linecheck/rules/language"
)

// maxHeadingFiles is of the files in which the block may stand, together:
// looking through the JSON form takes some 20 ms for each MiB.
const maxHeadingFiles = 4 << 20

// Heading reads the runbook block of a folder, as override files change it,
// and nothing else: the Runbook has a name, a version and what else that block
// says. It agrees with what [Load] reads of the same folder. The other blocks
// are passed over, so that it takes little memory whatever they hold, and are
// not proved.
func Heading(fsys fs.FS) (*Runbook, hcl.Diagnostics) {
	rb := &Runbook{Files: map[string][]byte{}}
	sources, diags := syntax.ReadFolder("", fsys, new(int))
	left := maxHeadingFiles
	for _, s := range sources {
		rb.Files[s.Name] = s.Src
		if s.MayNameRunbook() {
			if left -= len(s.Src); left < 0 {
				diags = append(diags, diagnostic.Error("Runbook too big", "The files that name a runbook hold more than %d MiB together. Put the runbook block into a file of its own.", maxHeadingFiles>>20))
				break
			}
			s.ParseHeading()
		}
		if s.Body == nil {
			s.Body = &hclsyntax.Body{}
		}
		diags = append(diags, s.Diags...)
	}
	if diags.HasErrors() {
		return rb, diagnostic.Sort(diags, syntax.NamesOf(sources))
	}
	blocks, more := syntax.LayOver(sources, language.CheckFile)
	diags = append(diags, more...)
	diags = append(diags, decodeRunbook(rb, blocks)...)
	return rb, diagnostic.Sort(diags, syntax.NamesOf(sources))
}

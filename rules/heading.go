package rules

import (
	"io/fs"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
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
	sources, diags := readFolder("", fsys, new(int))
	left := maxHeadingFiles
	for _, s := range sources {
		rb.Files[s.name] = s.src
		if s.mayNameRunbook() {
			if left -= len(s.src); left < 0 {
				diags = append(diags, wholeError("Runbook too big", "The files that name a runbook hold more than %d MiB together. Put the runbook block into a file of its own.", maxHeadingFiles>>20))
				break
			}
			s.parseHeading()
		}
		if s.body == nil {
			s.body = &hclsyntax.Body{}
		}
		diags = append(diags, s.diags...)
	}
	if diags.HasErrors() {
		return rb, sortDiagnostics(diags, namesOf(sources))
	}
	blocks, more := layOver(sources, CheckFile)
	diags = append(diags, more...)
	diags = append(diags, decodeRunbook(rb, blocks)...)
	return rb, sortDiagnostics(diags, namesOf(sources))
}

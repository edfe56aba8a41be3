package lint

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
)

var ignoreUnused = &Rule{
	ID:      ignoreID,
	Summary: "Comment that switches nothing off",
	Doc: "A linecheck:ignore comment beside which its rule finds nothing, or that names no rule. " +
		"It would hide the next finding there, which nobody has looked at.",
	Hint: "Take the comment away, or correct the ID.",
	Check: func(p *Pass) {
		for _, ig := range p.ignores {
			switch {
			case ig.used:
			case ig.id == "":
				p.Report(ig.rng, "This comment names no rule.")
			case !slices.Contains(p.ids, ig.id):
				p.Report(ig.rng, "There is no rule %q.%s", ig.id, diagnostic.DidYouMean(ig.id, p.ids))
			case ig.id != ignoreID: // which switches off the one beside it, or harms nothing
				p.Report(ig.rng, "The rule %s finds nothing here.", ig.id)
			}
		}
	},
}

// An ignore is one ID that a comment names.
type ignore struct {
	id   string
	rng  hcl.Range // of the comment
	line int       // that it is about
	used bool
}

// covers reports whether a finding is switched off, and notes that it was.
func (ig *ignore) covers(id string, rng hcl.Range) bool {
	hit := ig.id == id && ig.rng.Filename == rng.Filename && (ig.line == rng.Start.Line || id == ignoreID && ig.rng.Start.Line == rng.Start.Line)
	ig.used = ig.used || hit
	return hit
}

const (
	ignoreID   = "ignore-unused"
	ignoreWord = "linecheck:ignore"
)

var ignoreComment = regexp.MustCompile(`^(?:#+|//+|/\*)\s*` + ignoreWord + `\b[\s:]*([\w-]+(?:\s*,\s*[\w-]+)*)?`)

// findIgnores reads the comments of all files in the native form.
func findIgnores(files map[string][]byte) []*ignore {
	var all []*ignore
	for name, src := range files {
		if strings.HasSuffix(name, ".json") || !bytes.Contains(src, []byte(ignoreWord)) {
			continue
		}
		all = append(all, ignoresOf(name, src)...)
	}
	return all
}

func ignoresOf(name string, src []byte) []*ignore {
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos)
	var all, waiting []*ignore // those waiting stand alone, above their line
	last := 0                  // line of the last token that is no comment
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenNewline:
			continue
		case hclsyntax.TokenComment:
		default:
			for _, ig := range waiting {
				ig.line = t.Range.Start.Line
			}
			waiting, last = nil, t.Range.End.Line
			continue
		}
		m := ignoreComment.FindSubmatch(t.Bytes)
		if m == nil {
			continue
		}
		rng := t.Range
		rng.End = rng.Start
		rng.End.Byte += len(m[0])
		rng.End.Column += len(m[0])
		for id := range strings.SplitSeq(string(m[1]), ",") {
			ig := &ignore{id: strings.TrimSpace(id), rng: rng, line: rng.Start.Line}
			all = append(all, ig)
			if last != rng.Start.Line {
				waiting = append(waiting, ig)
			}
		}
	}
	return all
}

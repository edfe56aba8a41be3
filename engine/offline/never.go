package offline

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A never is a comment which says that a condition can't come out one way.
type never struct {
	way  string // that it never comes out: "true" or "false"
	text string // the condition, and behind a colon why
	line int    // that it is about
	at   hcl.Range
	used bool
}

var neverComment = regexp.MustCompile(`(?:#|//)\s*linecheck:never-(true|false)\s+(.*)$`)

// findNevers reads the comments of all files. They are looked for line by line:
// a text that quotes one does no harm, since no condition stands there.
func findNevers(files map[string][]byte) []*never {
	var all []*never
	for _, name := range sorted(files) {
		if !bytes.Contains(files[name], []byte("linecheck:never-")) {
			continue
		}
		lines := strings.Split(string(files[name]), "\n")
		for i, line := range lines {
			m := neverComment.FindStringSubmatchIndex(line)
			if m == nil {
				continue
			}
			n := &never{way: line[m[2]:m[3]], text: words(line[m[4]:m[5]]), line: i + 1}
			n.at = hcl.Range{Filename: name,
				Start: hcl.Pos{Line: i + 1, Column: m[0] + 1}, End: hcl.Pos{Line: i + 1, Column: len(line) + 1}}
			if strings.TrimSpace(line[:m[0]]) == "" {
				n.line = codeBelow(lines, i) + 1
			}
			all = append(all, n)
		}
	}
	return all
}

// codeBelow is the next line that is no comment.
func codeBelow(lines []string, i int) int {
	for i++; i < len(lines); i++ {
		if text := strings.TrimSpace(lines[i]); !strings.HasPrefix(text, "#") && !strings.HasPrefix(text, "//") {
			break
		}
	}
	return i
}

// about finds the conditions that the comment is about.
func (n *never) about(points []*Point) {
	for _, p := range points {
		if p.Range.Filename != n.at.Filename || p.Range.Start.Line != n.line || p.Text != n.text && !strings.HasPrefix(n.text, p.Text+":") {
			continue
		}
		n.used = true
		p.NeverTrue = p.NeverTrue || n.way == "true"
		p.NeverFalse = p.NeverFalse || n.way == "false"
	}
}

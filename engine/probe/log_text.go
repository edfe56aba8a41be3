package probe

import (
	"bytes"
	"unicode/utf8"

	"github.com/linecheck/linecheck/rules/terminal"
)

// maxText bounds a line that is quoted in a report, in characters: enough for
// any banner, too little to flood a terminal or a ticket.
const maxText = 512

// oneLine makes bytes from elsewhere safe to quote on one line: inner line
// ends become \n, the rest is as terminal.Spell has it, and what is too long ends in an
// ellipsis.
func oneLine(b []byte) string {
	b = bytes.TrimRight(b, "\r\n")
	// No character is longer than 4 bytes: more of them can't be shown.
	cut := len(b) > utf8.UTFMax*maxText
	if cut {
		b = b[:utf8.UTFMax*maxText]
	}
	text := terminal.Spell(string(bytes.ReplaceAll(b, []byte("\r\n"), newline)), "\t")
	if n := utf8.RuneCountInString(text); n > maxText || cut {
		runes := []rune(text)
		text = string(runes[:min(n, maxText-1)]) + "…"
	}
	return text
}

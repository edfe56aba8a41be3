package probe

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a line that is quoted in a report, in characters: enough for
// any banner, too little to flood a terminal or a ticket.
const maxText = 512

// oneLine makes bytes from elsewhere safe to quote on one line: inner line
// ends become \n, the rest is as in printable, and what is too long ends in an
// ellipsis.
func oneLine(b []byte) string {
	b = bytes.TrimRight(b, "\r\n")
	// No character is longer than 4 bytes: more of them can't be shown.
	cut := len(b) > utf8.UTFMax*maxText
	if cut {
		b = b[:utf8.UTFMax*maxText]
	}
	text := printable(bytes.ReplaceAll(b, []byte("\r\n"), newline), "\t")
	if n := utf8.RuneCountInString(text); n > maxText || cut {
		runes := []rune(text)
		text = string(runes[:min(n, maxText-1)]) + "…"
	}
	return text
}

// printable makes bytes from elsewhere safe to show: what is neither a
// printable character nor one of keep is written as an escape, so that no
// sequence of theirs reaches a terminal.
func printable(b []byte, keep string) string {
	var text strings.Builder
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&text, `\x%02x`, b[0])
		case unicode.IsPrint(r) || strings.ContainsRune(keep, r):
			text.WriteRune(r)
		case r == '\n':
			text.WriteString(`\n`)
		case r == '\r':
			text.WriteString(`\r`)
		case r == '\t':
			text.WriteString(`\t`)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&text, `\x%02x`, r)
		case r > 0xffff:
			fmt.Fprintf(&text, `\U%08x`, r)
		default:
			fmt.Fprintf(&text, `\u%04x`, r)
		}
		b = b[size:]
	}
	return text.String()
}

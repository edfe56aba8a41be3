package terminal

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Width is how many columns a terminal gives to disarmed text: by what a person
// takes for one character (Unicode's UAX 29), wide ones and emoji two (UAX 11
// and UTS 51). What is ambiguous there takes one, as everywhere outside of old
// East Asian fonts.
func Width(text string) int { return displaywidth.String(text) }

// Cut takes off as many whole characters of text as fit into so many columns.
func Cut(text string, columns int) (head, tail string) {
	used, size := 0, 0
	for g := displaywidth.StringGraphemes(text); g.Next(); size += len(g.Value()) {
		if used += g.Width(); used > columns {
			return text[:size], text[size:]
		}
	}
	return text, ""
}

// cutSome is Cut, but for one character where not even that fits.
func cutSome(text string, columns int) (head, tail string) {
	head, tail = Cut(text, columns)
	if head != "" {
		return head, tail
	}
	g := displaywidth.StringGraphemes(text)
	g.Next()
	return text[:len(g.Value())], text[len(g.Value()):]
}

// Pad fills text with spaces up to so many columns.
func Pad(text string, columns int) string {
	return text + Indent(columns-Width(text))
}

// Indent is so many spaces, none for a number below one.
func Indent(columns int) string { return strings.Repeat(" ", max(0, columns)) }

package diagnostic

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apparentlymart/go-textseg/v15/textseg"
	"golang.org/x/text/width"
)

// Files are written by anybody, and what they hold goes to a terminal. Nothing
// that steers one gets there: control characters are shown as pictures, those
// that turn the direction of writing or hide as their code points.

// tabWidth is how many columns a tab stop is wide.
const tabWidth = 4

// A cell is what one user-perceived character takes on a terminal.
type cell struct {
	text   string
	width  int // in columns
	offset int // of its first byte
}

// cells splits a line into what is shown of it.
func cells(line []byte) []cell {
	list := make([]cell, 0, len(line))
	column := 0
	for offset := 0; offset < len(line); {
		n, _, err := textseg.ScanGraphemeClusters(line[offset:], true)
		if err != nil || n <= 0 {
			n = 1
		}
		c := newCell(line[offset:offset+n], column)
		c.offset = offset
		list = append(list, c)
		column += c.width
		offset += n
	}
	return list
}

func newCell(cluster []byte, column int) cell {
	if len(cluster) == 1 && cluster[0] >= ' ' && cluster[0] < utf8.RuneSelf-1 {
		return cell{text: string(cluster), width: 1}
	}
	if len(cluster) == 1 && cluster[0] == '\t' {
		n := tabWidth - column%tabWidth
		return cell{text: strings.Repeat(" ", n), width: n}
	}
	text := clean(string(cluster))
	if text != string(cluster) {
		return cell{text: text, width: columns(text)}
	}
	return cell{text: text, width: clusterWidth(text)}
}

// clusterWidth is how many columns a character takes.
func clusterWidth(cluster string) int {
	r, _ := utf8.DecodeRuneInString(cluster)
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case strings.ContainsRune(cluster, '\uFE0F'): // shown as an emoji
		return 2
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// columns is how many columns a clean text takes.
func columns(text string) int {
	n := 0
	b := []byte(text)
	for len(b) > 0 {
		size, _, err := textseg.ScanGraphemeClusters(b, true)
		if err != nil || size <= 0 {
			return n + len(b)
		}
		n += clusterWidth(string(b[:size]))
		b = b[size:]
	}
	return n
}

// clean is a text with nothing in it that steers a terminal.
func clean(text string) string {
	if isClean(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < ' ':
			b.WriteRune('\u2400' + r) // control pictures
		case r == '\x7f':
			b.WriteRune('\u2421')
		case steers(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r) // U+FFFD where text is no UTF-8
		}
	}
	return b.String()
}

func isClean(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r < ' ' || r == '\x7f' || steers(r) {
			return false
		}
	}
	return true
}

// steers says that a character beyond ASCII has no picture of its own but
// changes how others are shown: C1 controls, bidirectional controls, line
// separators, and what is invisible. Joiners and variation selectors belong to
// characters that people write and stay.
func steers(r rune) bool {
	if r < 0x80 {
		return false
	}
	switch r {
	case '\u200C', '\u200D': // joiners
		return false
	case '\u2028', '\u2029':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co)
}

// cleanLines is clean for a text whose line ends count.
func cleanLines(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.Contains(text, "\n") {
		return clean(text)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = clean(strings.ReplaceAll(line, "\t", "    "))
	}
	return strings.Join(lines, "\n")
}

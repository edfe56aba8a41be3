package terminal

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// What a stranger's server said, a file's name, a title: all of it may hold what
// a terminal obeys (control characters), what turns the direction of writing, or
// what nobody sees. It is shown in one form, that of strings in C and Go:
//
//	\n \r \t    line end, carriage return, tab
//	\x1b        another control character below 0x80
//	\x80        a byte that is no UTF-8, 0x80 or above
//	\u202e      any other character that has no picture
//	\U000e0041  one beyond U+FFFF
//
// It says which character it is to whoever looks it up, tells all of them apart,
// needs nothing but ASCII, and is what results hold and what %q writes in our
// messages. A backslash stays one: paths and patterns have to be copied.

// Joiners are the two characters without a picture that belong to what people
// write: scripts of India and Arabic need them, and so do emoji.
const Joiners = "\u200c\u200d"

func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

// Line is text fit for one line: white space of any kind is a space, and what
// would be obeyed or not be seen is spelled out.
func Line(text string) string {
	return disarm(text, true, joins)
}

// Quote is [Line] between quotation marks. Unlike %q it escapes nothing twice in
// text that was disarmed before.
func Quote(text string) string {
	return `"` + strings.ReplaceAll(Line(text), `"`, `\"`) + `"`
}

// Lines is Line for text whose line ends count. A tab is four spaces.
func Lines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", Indent(tabWidth))
	return disarm(text, true, func(r rune) bool { return r == '\n' || joins(r) })
}

// Spell is text in which every character can be told from every other, white
// space too: whatever is neither printable nor among those of keep is spelled
// out.
func Spell(text, keep string) string {
	return disarm(text, false, func(r rune) bool { return strings.ContainsRune(keep, r) })
}

func disarm(text string, blank bool, keep func(rune) bool) string {
	i := harmless(text, keep)
	if i == len(text) {
		return text
	}
	out := append(make([]byte, 0, len(text)+16), text[:i]...)
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			out = fmt.Appendf(out, `\x%02x`, text[i])
		case unicode.IsPrint(r) || keep(r):
			out = append(out, text[i:i+n]...)
		case blank && unicode.IsSpace(r):
			out = append(out, ' ')
		default:
			out = appendEscape(out, r)
		}
		i += n
	}
	return string(out)
}

// harmless is how many bytes at the beginning of text need no change.
func harmless(text string, keep func(rune) bool) int {
	for i := 0; i < len(text); {
		if text[i] >= ' ' && text[i] < utf8.RuneSelf-1 {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 || !unicode.IsPrint(r) && !keep(r) {
			return i
		}
		i += n
	}
	return len(text)
}

func appendEscape(out []byte, r rune) []byte {
	switch {
	case r == '\n':
		return append(out, `\n`...)
	case r == '\r':
		return append(out, `\r`...)
	case r == '\t':
		return append(out, `\t`...)
	case r < utf8.RuneSelf:
		return fmt.Appendf(out, `\x%02x`, r)
	case r > 0xffff:
		return fmt.Appendf(out, `\U%08x`, r)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

// inASCII spells the typography of our own texts in ASCII.
var inASCII = map[rune]string{
	'…': "...", '–': "-", '—': "-", '·': "-", '’': "'", '‘': "'", '“': `"`, '”': `"`, '‹': "<", '›': ">",
	'→': "->", '×': "x", '≥': ">=", '≤': "<=", '☐': "[ ]", '│': "|", '├': "|", '└': "`", '─': "-",
}

// ASCII is disarmed text for a terminal that shows nothing else: signs that our
// own texts have are spelled, other characters beyond ASCII as [Line] would spell
// what can't be seen.
func ASCII(text string) string {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case inASCII[r] != "":
			out = append(out, inASCII[r]...)
		default:
			out = appendEscape(out, r)
		}
	}
	return string(out)
}

// JSON escapes, in an encoded document, what JSON lets pass and a terminal might
// obey or not show: the document says the same as before. Outside of strings
// there is nothing of the kind.
func JSON(doc []byte) []byte {
	return escaped(doc, func(out []byte, r rune) []byte {
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
		return out
	})
}

// XML is JSON for a document in XML, of which only attributes and text hold
// anything of the kind.
func XML(doc []byte) []byte {
	return escaped(doc, func(out []byte, r rune) []byte { return fmt.Appendf(out, "&#x%x;", r) })
}

// escaped replaces in a document what a terminal might obey or not show. White
// space of ASCII is part of the document's own form.
func escaped(doc []byte, escape func(out []byte, r rune) []byte) []byte {
	var out []byte
	done := 0
	for i := 0; i < len(doc); {
		if doc[i] < utf8.RuneSelf-1 {
			i++
			continue
		}
		r, n := utf8.DecodeRune(doc[i:])
		if !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) && !joins(r) {
			out = escape(append(out, doc[done:i]...), r)
			done = i + n
		}
		i += n
	}
	if done == 0 {
		return doc
	}
	return slices.Concat(out, doc[done:])
}

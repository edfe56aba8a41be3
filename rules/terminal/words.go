package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Count is "1 check", "2 checks".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// List is "a, b and c".
func List(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// mostNames bounds a list of names in a sentence: of more nobody reads all.
const mostNames = 12

// Names is "a, b, c", of many "a, b, c and 30 more".
func Names(names []string) string {
	if more := len(names) - mostNames; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNames], ", "), more)
	}
	return strings.Join(names, ", ")
}

// Capital begins a sentence with text.
func Capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 || r == utf8.RuneError {
		return text
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

// Shorten is text of at most so many bytes, and an ellipsis in place of more.
func Shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:RuneStart(text, most)] + "…"
}

// RuneStart is the nearest offset not behind i at which a character begins.
func RuneStart[T string | []byte](text T, i int) int {
	for n := 0; i > 0 && i < len(text) && !utf8.RuneStart(text[i]) && n < utf8.UTFMax; n++ {
		i--
	}
	return i
}

// Lower is text that goes on within a sentence: with a small first letter.
func Lower(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(r)) + text[n:]
}

// WithArticle is "a probe" or "an expect".
func WithArticle(word string) string {
	if word != "" && strings.ContainsRune("aeiou", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

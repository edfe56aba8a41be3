package diagnostic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func LowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// WithArticle is "a probe" or "an expect".
func WithArticle(word string) string {
	if word != "" && strings.ContainsRune("aeiou", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// Gloss ends a sentence with what a documentation says first.
func Gloss(doc string) string {
	first, _, _ := strings.Cut(doc, ". ")
	if first = strings.TrimSuffix(first, "."); first == "" {
		return "."
	}
	if len(first) > 1 && first[1] >= 'a' { // no abbreviation
		first = LowerFirst(first)
	}
	return ": " + first + "."
}

// FewNames is how many names a message lists where none is near.
const FewNames = 8

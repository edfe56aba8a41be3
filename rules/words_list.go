package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// withArticle is "a probe" or "an expect".
func withArticle(word string) string {
	if word != "" && strings.ContainsRune("aeiou", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// gloss ends a sentence with what a documentation says first.
func gloss(doc string) string {
	first, _, _ := strings.Cut(doc, ". ")
	if first = strings.TrimSuffix(first, "."); first == "" {
		return "."
	}
	if len(first) > 1 && first[1] >= 'a' { // no abbreviation
		first = lowerFirst(first)
	}
	return ": " + first + "."
}

// fewNames is how many names a message lists where none is near.
const fewNames = 8

package offline

import "strings"

// MatchText reports whether a text is as a pattern says. … and * stand for any
// text, none among it; everything else stands for itself. How the text is
// broken into lines and spaced is not looked at, in either.
func MatchText(pattern, text string) bool {
	pattern = strings.ReplaceAll(words(pattern), "…", "*")
	parts := strings.Split(pattern, "*")
	text = words(text)
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return text == pattern
	}
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// words is text with one space between words.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

package diagnostic

import (
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
)

// Gloss ends a sentence with what a documentation says first.
func Gloss(doc string) string {
	first, _, _ := strings.Cut(doc, ". ")
	if first = strings.TrimSuffix(first, "."); first == "" {
		return "."
	}
	if len(first) > 1 && first[1] >= 'a' { // no abbreviation
		first = terminal.Lower(first)
	}
	return ": " + first + "."
}

// FewNames is how many names a message lists where none is near.
const FewNames = 8

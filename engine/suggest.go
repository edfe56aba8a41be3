package engine

import (
	"iter"

	"github.com/agext/levenshtein"
)

// suggestDistance is the number of edits from which two names are no longer
// taken for a slip of the fingers.
const suggestDistance = 3

// didYouMean is ` Did you mean "x"?` for the nearest of the names, or "".
func didYouMean(given string, names iter.Seq[string]) string {
	best, bestDistance := "", suggestDistance
	for name := range names {
		if d := len(name) - len(given); d >= suggestDistance || -d >= suggestDistance {
			continue
		}
		d := levenshtein.Distance(given, name, nil)
		if d < bestDistance || d == bestDistance && best != "" && name < best {
			best, bestDistance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return ` Did you mean "` + best + `"?`
}

package rules

import "github.com/agext/levenshtein"

// suggest is ` Did you mean "x"?` for the candidate that is nearest to given,
// or "".
func suggest(given string, candidates []string) string {
	best, bestDist := "", 3
	for _, c := range candidates {
		if d := len(c) - len(given); d >= bestDist || -d >= bestDist {
			continue
		}
		if d := levenshtein.Distance(given, c, nil); d < bestDist {
			best, bestDist = c, d
		}
	}
	if best == "" {
		return ""
	}
	return ` Did you mean "` + best + `"?`
}

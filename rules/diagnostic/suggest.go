package diagnostic

import (
	"strings"
	"unicode"
)

// DidYouMean ends a message about a name that does not exist:
// ` Did you mean "x"?` for the candidate that given is most likely a slip of,
// or "". It stays fast with ten thousand candidates and as many calls: of many
// names only those are compared that differ in one place.
func DidYouMean(given string, candidates []string) string {
	if best := Nearest(given, candidates); best != "" {
		return Suggestion(best)
	}
	return ""
}

// Suggestion ends a message with the name that was meant.
func Suggestion(name string) string { return ` Did you mean "` + name + `"?` }

const (
	manyNames     = 500   // from which on only slips in one place are found
	onePlace      = 4     // how many characters that place has
	maxDistances  = 1_000 // that one search works out among many names
	fewestLetters = 3     // of a name that is looked for with a word more
)

// Nearest is the candidate with the smallest distance to given, the first of
// those alike; failing that one that says the same with more or other words;
// failing that "".
func Nearest(given string, candidates []string) string {
	best, limit := "", slips(given)
	many, distances := len(candidates) > manyNames, 0
	for _, c := range candidates {
		d := len(c) - len(given)
		if max(d, -d) > limit || max(len(c), len(given)) <= 1 && !strings.EqualFold(c, given) {
			continue // a slip that is all of the name is none
		}
		a, b := trimCommon(given, c)
		if many {
			if len(a) > onePlace || len(b) > onePlace {
				continue
			}
			if distances++; distances > maxDistances {
				break
			}
		}
		if dist := distance(a, b, limit); dist <= limit {
			if dist <= 1 {
				return c
			}
			best, limit = c, dist-1
		}
	}
	if best != "" || len(given) < fewestLetters || many {
		return best
	}
	return sameWords(given, candidates)
}

// slips is how many characters of a name may be wrong.
func slips(name string) int {
	switch n := len(name); {
	case n <= 2:
		return 1
	case n <= 5:
		return 2
	default:
		return 3
	}
}

// trimCommon takes off the common beginning and end.
func trimCommon(a, b string) (string, string) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// maxNameLen bounds the names that are compared, in bytes.
const maxNameLen = 64

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment) that make b of a, or more than limit.
func distance(a, b string, limit int) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	if len(a) > maxNameLen || len(b) > maxNameLen {
		return limit + 1
	}
	var rows [3][maxNameLen + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		smallest := i
		// Cells further than limit from the diagonal are out of reach.
		from, to := max(1, i-limit), min(len(b), i+limit)
		if from > 1 {
			row[from-1] = limit + 1
		}
		for j := from; j <= to; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := last[j-1] + cost
			if j < i+limit {
				d = min(d, last[j]+1)
			}
			d = min(d, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			smallest = min(smallest, d)
		}
		if smallest > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// sameWords is the first candidate that is given in another spelling
// (rttAvgMs) or with a word more (loss for loss_pct).
func sameWords(given string, candidates []string) string {
	plain := plainName(given)
	for _, c := range candidates {
		if plainName(c) == plain {
			return c
		}
	}
	for _, c := range candidates {
		if strings.HasPrefix(c, given+"_") || strings.HasSuffix(c, "_"+given) {
			return c
		}
	}
	return ""
}

// plainName is a name without case and separators.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

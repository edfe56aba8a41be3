package rules

import (
	"strings"

	"github.com/linecheck/linecheck/rules/language"
)

// MatchAddress reports whether a pattern names the check with an address
// (check.NAME, check.NAME["KEY"], IMPORT.check.NAME). A pattern is an address
// or a name, with * for any run of characters and ? for any one; without a key
// it names every instance. So check.* are the checks of the runbook's own,
// net.check.* those of an import, net.* these and what it imports itself.
func MatchAddress(pattern, address string) bool {
	if ShortAddress(pattern) == pattern {
		address = ShortAddress(address)
	}
	block, _, _ := strings.Cut(address, "[")
	return glob(pattern, address) || glob(pattern, block)
}

// matchesAnyInstance reports whether a pattern can name an instance of c. Which
// instances there are is known only when values are bound.
func matchesAnyInstance(pattern string, c *Check) bool {
	if c.ForEach != nil {
		pattern, _, _ = strings.Cut(pattern, "[")
	}
	return MatchAddress(pattern, c.Address())
}

// ShortAddress is the address of a check without the word check: its name, with
// the key of an instance.
func ShortAddress(address string) string {
	const word = string(language.RefCheck) + "."
	if rest, ok := strings.CutPrefix(address, word); ok {
		return rest
	}
	block, key := address, ""
	if i := strings.IndexByte(address, '['); i >= 0 {
		block, key = address[:i], address[i:]
	}
	return strings.Replace(block, "."+word, ".", 1) + key
}

// glob matches * and ? and takes everything else as it is. It goes back to the
// last star only, so its time is bounded by the product of both lengths.
func glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

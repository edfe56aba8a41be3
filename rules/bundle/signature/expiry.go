package signature

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// expiry is the last day that the text above a key names. A line that seems to
// name one in another form is an error: a day that is silently not read leaves a
// key trusted for ever.
func expiry(before string) (last time.Time, err error) {
	number, named := 0, 0 // of the line that names the day
	for line := range strings.Lines(before) {
		number++
		line = strings.TrimSpace(line)
		day, understood := strings.CutPrefix(strings.TrimLeft(line, "# \t"), "expires:")
		switch {
		case !understood && !speaksOfAnEnd(line):
			continue
		case named > 0:
			return time.Time{}, fmt.Errorf(`lines %d and %d above the key both speak of the day on which it expires; leave one line "expires: YYYY-MM-DD"`, named, number)
		case understood:
			last, err = time.Parse(time.DateOnly, strings.TrimSpace(day))
		}
		if !understood || err != nil || last.IsZero() { // the zero time would be no day at all
			return time.Time{}, fmt.Errorf(`line %d above the key, %q, may say how long the key is trusted, and can't be read; write the last day on which it is trusted as "expires: 2027-01-31" on a line of its own, and leave out what else speaks of it`, number, line)
		}
		named = number
	}
	return last, nil
}

var (
	// endWords speak of an end by themselves. They are looked for in a line's
	// letters and digits alone: "not_after", "NotAfter", "non-expiring".
	endWords = regexp.MustCompile(`expir|notafter|notvalidafter|notbeyond|nolaterthan|validuntil|validtill?|validthr|validto\d|validfor\d|validity|validat?\d|bestbefore|valable|gultig|geldig|ablauf|lauftab|verfall|verloop|vervalt|caduc|scaden|scade\d|vence`)
	// dayWords do so beside a day.
	dayWords = regexp.MustCompile(`\b(exp|exires|expres|exipres|expries|epxires|exp[1l]r(es|y)|until|til|till|thru|through|end|ends|ended|ending|eol|before|after|past|` +
		`use by|(good|trusted|use[ds]?|lasts?) (for|to)|lasts|last (day|date)|valid|validated|invalid|void|lapses?|lapsed|revoke[ds]?|revocation|retire[ds]?|retirement|` +
		`sunset|deadline|stops?|dies|withdrawn?|obsolete|deprecated|compromised|no longer|not trusted|distrust(ed)?|untrusted|lifetime|ttl|bis|hasta|jusqu\w*|fin|fino|tot|ate)\b` +
		`|\b(by|to)\W{1,2}(19|2\d)\d\d|\d{4}\S* *(-|/|>|to|\.\.) *(19|2\d)\d\d`)
	// dayForm is what may be a day: 2027, 31.1.27, 1/31/2027, 31 Jan 27, seconds
	// since 1970, 90 days.
	dayForm = regexp.MustCompile(`\b(19|2\d)\d\d\b|\b\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?\d{2,4}\b|\d{6,}` +
		`|\d\W{0,3}` + months + `|` + months + `[a-z]*\W{0,3}\d|\d ?(day|week|month|year|[dwmy]\b)`)
	// lookAlike is a word that is made of two alphabets, which are taken for one.
	lookAlike = regexp.MustCompile(`[a-z][\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}]|[\p{Cyrillic}\p{Greek}\p{Armenian}\p{Cherokee}][a-z]`)
)

const months = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)`

// speaksOfAnEnd reports whether a line of text may say until when a key is to be
// trusted. Letters are compared by what they look like; where there is a day
// beside letters that can't be compared so, Cyrillic ones say, nobody here can
// tell what it is the day of.
func speaksOfAnEnd(line string) bool {
	strange := false
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r): // of é
			return -1
		case r == 'ı':
			return 'i'
		case unicode.IsDigit(r) && r > unicode.MaxASCII, unicode.IsLetter(r) && r > lastLatin:
			strange = true
		case unicode.IsSpace(r), r == '_': // "_" counts as a letter of a word
			return ' '
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(line))
	squeezed := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, plain)
	return endWords.MatchString(squeezed) || lookAlike.MatchString(plain) ||
		dayForm.MatchString(plain) && (strange || dayWords.MatchString(plain))
}

// lastLatin is the last letter of Latin Extended-B: ø and ł stand before it,
// letters of other scripts and phonetic ones behind it.
const lastLatin = '\u024f'

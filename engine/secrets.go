package engine

import (
	"slices"
	"strings"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// hidden stands where a sensitive value would.
const hidden = "(sensitive)"

// secretLength is the length from which a secret is looked for inside of other
// texts. A shorter one is only recognised where it stands alone: hiding each
// "a" would hide everything and protect nothing.
const secretLength = 4

// secrets are the texts of sensitive values. What a probe observed may repeat
// them (a greeting, the output of a command, an error), without the mark that
// a value of the language carries.
type secrets []string

// with is s and what is sensitive in values.
func (s secrets) with(values ...cty.Value) secrets {
	if len(values) == 0 {
		return s
	}
	more := slices.Clone(s)
	more.add(values...)
	return more
}

// add adds what is sensitive in values.
func (s *secrets) add(values ...cty.Value) {
	for _, v := range values {
		if !v.ContainsMarked() {
			continue
		}
		_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
			if !v.HasMark(language.Sensitive) {
				return true, nil
			}
			v, _ = v.UnmarkDeep()
			s.addAll(v)
			return false, nil
		})
	}
	// The longest first: one may be part of another.
	slices.SortFunc(*s, func(a, b string) int { return len(b) - len(a) })
}

func (s *secrets) addAll(v cty.Value) {
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		if v.IsNull() || !v.IsKnown() || v.Type() != cty.String && v.Type() != cty.Number {
			return true, nil
		}
		text, err := convert.Convert(v, cty.String)
		if err == nil && text.AsString() != "" && !slices.Contains(*s, text.AsString()) {
			*s = append(*s, text.AsString())
		}
		return true, nil
	})
}

// scrub is text without the secrets.
func (s secrets) scrub(text string) string {
	for _, secret := range s {
		switch {
		case text == secret:
			return hidden
		case len(secret) >= secretLength:
			text = strings.ReplaceAll(text, secret, hidden)
		}
	}
	return text
}

// scrubWaiver is a waiver without the secrets.
func (s secrets) scrubWaiver(w *WaiverReport) *WaiverReport {
	if w == nil {
		return nil
	}
	clean := *w
	clean.Reason = s.scrub(w.Reason)
	return &clean
}

// isMarked reports whether anything in v is marked.
func isMarked(v cty.Value) bool {
	if v.Type().IsPrimitiveType() {
		return v.IsMarked() // most are, and looking deeper costs more than all else
	}
	return v.ContainsMarked()
}

// mark marks what repeats a secret in an observed value.
func (s secrets) mark(v cty.Value) cty.Value {
	if len(s) == 0 {
		return v
	}
	marked, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		switch v.Type() {
		case cty.String:
			if text := v.AsString(); s.scrub(text) != text {
				return v.Mark(language.Sensitive), nil
			}
		case cty.Number:
			if text := v.AsBigFloat().Text('f', -1); len(text) >= secretLength && slices.Contains(s, text) {
				return v.Mark(language.Sensitive), nil
			}
		}
		return v, nil
	})
	if err != nil {
		return v.Mark(language.Sensitive)
	}
	return marked
}

// redacted is a value as it may stand in a report: "(sensitive)" where any part
// of it is.
func redacted(v cty.Value) cty.Value {
	if isMarked(v) {
		return cty.StringVal(hidden)
	}
	return v
}

// shownResult is a result as it may stand in a report: of the same type, and
// without what is sensitive in it, as if that had not been observed.
func (s secrets) shownResult(v cty.Value) cty.Value {
	if len(s) == 0 || v == cty.NilVal {
		return v // nothing can have been marked: see mark
	}
	clean, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if v.IsMarked() {
			return cty.UnknownVal(v.Type()), nil
		}
		return v, nil
	})
	if err != nil {
		return cty.UnknownVal(v.Type())
	}
	return clean
}

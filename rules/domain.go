package rules

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// A Domain is the set of values that an attribute can have, as far as it is
// data: what schemas, reference pages and completion show, and what refuses
// the others. Of its members those of one line are set.
type Domain struct {
	Words             []string      // all that a text can be
	Least, Most       int64         // bounds of a whole number, both included
	Shortest, Longest time.Duration // bounds of a duration, both included
	Pattern           string        // of a text, a regular expression as ECMA-262 and Go have it

	what string            // for people, where the members above do not tell it
	is   func(string) bool // of a text, where only a program can tell
}

// WholeBetween checks a whole number from least to most.
func WholeBetween(least, most int64) func(cty.Value) error {
	return Domain{Least: least, Most: most}.check
}

// DurationBetween checks a duration such as "200ms" from shortest to longest.
func DurationBetween(shortest, longest time.Duration) func(cty.Value) error {
	return Domain{Shortest: shortest, Longest: longest}.check
}

// OneOf checks a text that is one of words.
func OneOf(words ...string) func(cty.Value) error { return Domain{Words: words}.check }

// Written checks a text of a form that what names, such as "an IP address".
func Written(what string, is func(string) bool) func(cty.Value) error {
	return Domain{what: what, is: is}.check
}

// Domain is what the argument or attribute can be. It is the zero where it has
// no Check, or one that is no data.
func (a *Attribute) Domain() Domain {
	// No domain holds a half, or a NUL byte. A Check says what it wants by its
	// error for them: whatever makes Checks, there is one place to ask.
	var strange cty.Value
	switch {
	case a.Check == nil:
		return Domain{}
	case a.Type == cty.Number:
		strange = cty.NumberFloatVal(0.5)
	case a.Type == cty.String:
		strange = cty.StringVal("\x00")
	default:
		return Domain{}
	}
	var wrong *outsideError
	if errors.As(a.Check(strange), &wrong) {
		return wrong.Domain
	}
	return Domain{}
}

// An outsideError is a value that is not in a domain.
type outsideError struct {
	Domain
	value cty.Value
}

func (d Domain) check(v cty.Value) error {
	holds := false
	switch {
	case d.Words != nil:
		holds = slices.Contains(d.Words, v.AsString())
	case d.is != nil:
		holds = d.is(v.AsString())
	case d.Pattern != "":
		holds = true // it is a hint for others; whoever made the domain checks more
	case v.Type() == cty.Number:
		n, accuracy := v.AsBigFloat().Int64()
		holds = accuracy == big.Exact && d.Least <= n && n <= d.Most
	default:
		length, err := Duration(v)
		holds = err == nil && d.Shortest <= length && length <= d.Longest
	}
	if holds {
		return nil
	}
	return &outsideError{d, v}
}

// Error completes a sentence that begins with the attribute's name.
func (e *outsideError) Error() string {
	if e.value.Type() == cty.Number {
		return fmt.Sprintf("must be %s, not %s", e.Domain, e.value.AsBigFloat().Text('f', -1))
	}
	given := e.value.AsString()
	if e.Words == nil && e.Pattern == "" && e.is == nil {
		if _, err := Duration(e.value); err != nil {
			return err.Error()
		}
	}
	hint := ""
	if meant := DidYouMean(given, e.Words); meant != "" {
		hint = "." + meant
	}
	return fmt.Sprintf("must be %s, not %q%s", e.Domain, given, hint)
}

// String says for people what belongs to the domain: "a whole number from 1 to
// 10". It is "" for the zero.
func (d Domain) String() string {
	switch {
	case d.what != "":
		return d.what
	case d.Words != nil:
		quoted := make([]string, len(d.Words))
		for i, w := range d.Words {
			quoted[i] = strconv.Quote(w)
		}
		last := len(quoted) - 1
		if last == 0 {
			return quoted[0]
		}
		return strings.Join(quoted[:last], ", ") + " or " + quoted[last]
	case d.Longest != 0:
		return fmt.Sprintf("from %s to %s", shortDuration(d.Shortest), shortDuration(d.Longest))
	case d.Least != 0 || d.Most != 0:
		return fmt.Sprintf("a whole number from %d to %d", d.Least, d.Most)
	}
	return ""
}

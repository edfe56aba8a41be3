package language

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/zclconf/go-cty/cty"
)

// A Domain is the set of values that an attribute can have, given or observed:
// what refuses the others wherever they come from, what the proof of an
// expression knows of the attribute, and what schemas and reference pages show.
// It says nothing about null. The zero is every value of the attribute's type;
// the others are made by the functions that return one.
type Domain struct {
	form domainForm

	words []string // of formWords

	// Bounds of a number, both included; infinite where there is none. They are
	// as exact as a float64.
	least, most float64
	mostArg     string // the argument that is the upper bound

	shortest, longest time.Duration // bounds of a duration, both included

	// Of formWritten, or of texts beside words: for people, and for programs.
	what    string
	is      func(string) bool
	pattern string // a regular expression as ECMA-262 and Go have it; "" where none tells

	judge func(cty.Value) error
	each  *Domain // of the elements of a list
}

type domainForm byte

const (
	_ domainForm = iota // every value
	formNumber
	formWhole
	formWords
	formWritten
	formDuration
	formJudged
	formList
)

// WholeBetween holds the whole numbers from least to most.
func WholeBetween(least, most int64) Domain {
	return Domain{form: formWhole, least: float64(least), most: float64(most)}
}

// WholeFrom holds the whole numbers from least on.
func WholeFrom(least int64) Domain {
	return Domain{form: formWhole, least: float64(least), most: math.Inf(1)}
}

// NumberBetween holds the numbers from least to most.
func NumberBetween(least, most float64) Domain {
	return Domain{form: formNumber, least: least, most: most}
}

// NumberFrom holds the numbers from least on.
func NumberFrom(least float64) Domain { return NumberBetween(least, math.Inf(1)) }

// UpTo holds of an observed number those that are no larger than an argument of
// the probe that observed it.
func (d Domain) UpTo(argument string) Domain {
	d.mostArg = argument
	return d
}

// OneOf holds texts.
func OneOf(words ...string) Domain { return Domain{form: formWords, words: words} }

// Written holds the texts of a form that what names, such as "an IP address".
func Written(what string, is func(string) bool) Domain {
	return Domain{form: formWritten, what: what, is: is}
}

// OrWritten holds the texts of a form as well as words.
func (d Domain) OrWritten(what string, is func(string) bool) Domain {
	d.what, d.is = what, is
	return d
}

// DurationBetween holds the durations, such as "200ms", from shortest to longest.
func DurationBetween(shortest, longest time.Duration) Domain {
	return Domain{form: formDuration, shortest: shortest, longest: longest}
}

// Judged holds what judge returns no error for, where no other form tells. The
// error completes a sentence that begins with the attribute's name: "must begin
// with the name of a program". judge is handed known, unmarked values of the
// attribute's type that are not null; of a list the whole.
func Judged(judge func(cty.Value) error) Domain { return Domain{form: formJudged, judge: judge} }

// ListOf holds lists whose elements are of a domain, none of them null.
func ListOf(each Domain) Domain { return Domain{form: formList, each: &each} }

// Words are all that a text can be, but for what OrWritten adds; nil where it is
// no matter of words. They must not be changed.
func (d Domain) Words() []string { return d.words }

// Bounds are those of a number, both included and infinite where there is none;
// ok is whether it is a matter of numbers. whole says that they have no fraction.
func (d Domain) Bounds() (least, most float64, whole, ok bool) {
	return d.least, d.most, d.form == formWhole, d.form == formWhole || d.form == formNumber
}

// MostArgument names the argument of the probe that bounds an observed number
// as well, "" where none does.
func (d Domain) MostArgument() string { return d.mostArg }

// Each is the domain of the elements of a list; ok is false where it is of none.
func (d Domain) Each() (each Domain, ok bool) {
	if d.each == nil {
		return Domain{}, false
	}
	return *d.each, true
}

// IsDuration reports whether it holds durations.
func (d Domain) IsDuration() bool { return d.form == formDuration }

// Pattern is a regular expression, as ECMA-262 and Go have it, that all texts of
// the domain match; "" where none is known.
func (d Domain) Pattern() string { return d.pattern }

// String says for people what belongs to the domain, or to each element of a
// list: "a whole number from 1 to 10". It is "" where only a program can tell.
func (d Domain) String() string {
	switch d.form {
	case formWords:
		quoted := make([]string, len(d.words))
		for i, w := range d.words {
			quoted[i] = strconv.Quote(w)
		}
		if d.what != "" {
			quoted = append(quoted, d.what)
		}
		return orList(quoted)
	case formWritten:
		return d.what
	case formDuration:
		return fmt.Sprintf("from %s to %s", shortDuration(d.shortest), shortDuration(d.longest))
	case formNumber, formWhole:
		text := "a number"
		if d.form == formWhole {
			text = "a whole number"
		}
		if !math.IsInf(d.least, 0) {
			text += " from " + briefNumber(d.least)
		}
		if !math.IsInf(d.most, 0) {
			text += " to " + briefNumber(d.most)
		}
		return text
	case formList:
		return d.each.String()
	}
	return ""
}

// orList is "a, b or c".
func orList(words []string) string {
	last := len(words) - 1
	if last <= 0 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// upTo is the upper bound of a number as far as the arguments of the probe tell,
// and whether it is one of them. An argument that is left out of args, or
// unknown, bounds nothing.
func (d *Domain) upTo(args map[string]cty.Value) (most float64, byArgument bool) {
	if d.mostArg == "" {
		return d.most, false
	}
	v, ok := args[d.mostArg]
	if !ok || v.Type() != cty.Number || v.IsMarked() || !v.IsKnown() || v.IsNull() || numberOf(v) > d.most {
		return d.most, false
	}
	return numberOf(v), true
}

// Within is the domain of a number that is observed with arguments: an upper bound
// that one of them sets is worked out. One that is left out of args, or unknown,
// bounds nothing.
func (d Domain) Within(args map[string]cty.Value) Domain {
	d.most, _ = d.upTo(args)
	return d
}

// Validate returns an error for a value that is not of the domain, in the words
// that follow the attribute's name, as [Attribute.Validate] does; a panic of a
// function of the domain is the caller's.
func (d Domain) Validate(v cty.Value) error {
	item := itemOf(v)
	return d.refuse(&item, d.most)
}

// refuse says why a value, known and not null, is not of the domain; nil if it
// is. most is the upper bound of a number, see upTo.
func (d *Domain) refuse(item *Item, most float64) error {
	holds := true
	switch d.form {
	case formNumber, formWhole:
		n := item.Number
		holds = d.least <= n && n <= most && !math.IsInf(n, 0) && (d.form == formNumber || isWhole(item))
	case formWords:
		text := item.AsString()
		holds = slices.Contains(d.words, text) || d.is != nil && d.is(text)
	case formWritten:
		holds = d.is(item.AsString())
	case formDuration:
		length, err := Duration(item.Value)
		holds = err == nil && d.shortest <= length && length <= d.longest
	case formJudged:
		return d.judge(item.Value)
	case formList:
		return d.refuseElement(item.Value)
	}
	if holds {
		return nil
	}
	return &outsideError{d, item.Value}
}

// isWhole reports whether a number has no fraction, not even one that is too
// small for a float64.
func isWhole(item *Item) bool {
	return item.Number == math.Trunc(item.Number) && (item.Number == 0 || item.AsBigFloat().IsInt())
}

func (d *Domain) refuseElement(list cty.Value) error {
	for _, v := range list.AsValueSlice() {
		switch item := itemOf(v); {
		case !v.IsKnown():
		case v.IsNull():
			return errors.New("must not hold a null")
		default:
			if err := d.each.refuse(&item, d.each.most); err != nil {
				return fmt.Errorf("can't hold this element: it %w", err)
			}
		}
	}
	return nil
}

// An outsideError is a value that is not in a domain.
type outsideError struct {
	*Domain
	value cty.Value
}

// Error completes a sentence that begins with the attribute's name.
func (e *outsideError) Error() string {
	if e.value.Type() == cty.Number {
		return fmt.Sprintf("must be %s, not %s", e.Domain, e.value.AsBigFloat().Text('f', -1))
	}
	given := e.value.AsString()
	if e.form == formDuration {
		if _, err := Duration(e.value); err != nil {
			return err.Error()
		}
	}
	return fmt.Sprintf("must be %s, not %q%s", e.Domain, given, dotted(diagnostic.DidYouMean(given, e.words)))
}

// dotted ends a sentence before another one, if there is one.
func dotted(next string) string {
	if next == "" {
		return ""
	}
	return "." + next
}

// problem says what is wrong with a domain that an attribute of type t declares,
// "" if nothing is. args are those of its kind.
func (d *Domain) problem(t cty.Type, args []Attribute) string {
	if t.IsListType() && d.form != formList && d.form != formJudged && d.form != 0 {
		return "whose Domain is of one value, and it is a list: see rules.ListOf"
	}
	switch d.form {
	case formNumber, formWhole:
		switch {
		case t != cty.Number:
			return "whose Domain is of numbers, and it is none"
		case !(d.least <= d.most):
			return "whose Domain is empty: its least value is more than its most"
		case d.mostArg != "" && !slices.ContainsFunc(args, func(a Attribute) bool { return a.Name == d.mostArg && a.Type == cty.Number }):
			return fmt.Sprintf("whose Domain goes up to %q, which is no argument that is a number", d.mostArg)
		}
		return ""
	case formWords, formWritten, formDuration:
		switch {
		case t != cty.String:
			return "whose Domain is of texts, and it is none"
		case d.form == formWords && len(d.words) == 0:
			return "whose Domain has no words"
		case d.form == formWritten && d.is == nil, d.is == nil && d.what != "":
			return "whose Domain has no function that tells the form"
		case d.shortest > d.longest:
			return "whose Domain is empty: its shortest value is more than its longest"
		}
	case formJudged:
		if d.judge == nil {
			return "whose Domain has no function that judges"
		}
	case formList:
		if !t.IsListType() {
			return "whose Domain is of lists, and it is none"
		}
		return d.each.problem(t.ElementType(), args)
	}
	if d.mostArg != "" {
		return "whose Domain goes up to an argument and is not of numbers"
	}
	return ""
}

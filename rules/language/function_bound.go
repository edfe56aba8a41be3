package language

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A bound says what a call makes or goes through beyond the size of its
// arguments, in steps of a Budget, or why it can't be made. It gets at least one
// argument, without marks; those that are unknown or null it passes over.
type bound func(args []cty.Value) (steps int64, err error)

// A TooMuchError is the error of a call that is not made for the steps that it would
// take. try and can don't see it.
type TooMuchError int64

func (e TooMuchError) Error() string {
	return fmt.Sprintf("it would take %d steps, of %d that there are at most; give it less at a time", int64(e), guard.MaxSteps)
}

// bounds are those of functions, by name. What a function makes of its arguments
// that is no larger than they are needs no bound: the arguments were paid for.
var bounds = map[string]bound{
	"coalesce":   unifySteps,
	"csvdecode":  csvSteps,
	"distinct":   distinctSteps,
	"format":     formatSteps,
	"formatlist": formatListSteps,
	"indent":     indentSteps,
	"join":       joinSteps,
	"jsondecode": jsonSteps,
	"parseint":   integerSteps,
	"regex":      regexSteps,
	"regexall":   regexAllSteps,
	"replace":    replaceSteps,
	"setproduct": productSteps,
	"split":      splitSteps,
	"tonumber":   numberTextSteps,
	"trim":       trimSteps,
}

// bounded is f, refused before it begins where it would take too much.
func (f Function) bounded(of bound) function.Function {
	refine := notNull
	if f.Name == "jsondecode" || f.Name == "tonumber" { // null may come of null
		refine = nil
	}
	return function.New(&function.Spec{
		Params:       f.Func.Params(),
		VarParam:     f.Func.VarParam(),
		RefineResult: refine,
		Type: func(args []cty.Value) (cty.Type, error) {
			steps, err := of.of(args)
			switch {
			case err != nil:
				return cty.NilType, err
			case steps > guard.MaxSteps:
				return cty.NilType, TooMuchError(steps)
			}
			return f.Func.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return f.Func.Call(args) },
	})
}

// Of is the bound for arguments as they are.
func (b bound) of(args []cty.Value) (int64, error) {
	if len(args) == 0 {
		return 0, nil
	}
	plain := make([]cty.Value, len(args))
	for i, arg := range args {
		plain[i], _ = arg.UnmarkDeep()
	}
	return b(plain)
}

// numeric is f, refused where its result, or a number in it, can't be written
// out.
func numeric(f function.Function, refine func(*cty.RefinementBuilder) *cty.RefinementBuilder) function.Function {
	return function.New(&function.Spec{
		Params:       f.Params(),
		VarParam:     f.VarParam(),
		RefineResult: refine,
		Type:         f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			v, err := f.Call(args)
			if err == nil {
				err = guard.NumbersIn(v)
			}
			return v, err
		},
	})
}

// textOf is a known string argument, else the empty string.
func textOf(args []cty.Value, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := guard.KnownString(args[i])
	return s
}

func bytesAsSteps(n int64) int64 { return n / guard.StepBytes }

// lengthOf is the number of elements of an argument.
func lengthOf(v cty.Value) int64 { return int64(guard.KnownLength(v)) }

// maxWidth bounds what a short rule can make a text grow by, in characters.
const maxWidth = 1000

// formatSteps finds what would fill the memory: a width or precision, or a long
// argument that is written again and again.
func formatSteps(args []cty.Value) (int64, error) {
	format, longest := textOf(args, 0), int64(maxWidth)
	if tooWide(format) {
		return 0, function.NewArgErrorf(0, "it asks for something wider than %d characters", maxWidth)
	}
	for _, arg := range args[1:] {
		longest = max(longest, guard.Steps(arg, guard.MaxSteps)*guard.StepBytes)
		if err := guard.EachPrimitive(arg, likeNumber); err != nil {
			return 0, err
		}
	}
	return bytesAsSteps(int64(strings.Count(format, "%")) * longest), nil
}

// likeNumber refuses a text of digits that a verb could not read as a number.
func likeNumber(v cty.Value) error {
	if v.Type() == cty.String && strings.Trim(v.AsString(), "0123456789.eE+-") != "" {
		return nil
	}
	return guard.ReadsAsNumbers(v)
}

func tooWide(format string) bool {
	inVerb, n := false, 0
	for _, c := range format {
		switch {
		case c >= '0' && c <= '9':
			if n = 10*n + int(c-'0'); inVerb && n > maxWidth {
				return true
			}
			n = min(n, maxWidth+1)
			continue
		case c == '%':
			inVerb = !inVerb
		case unicode.IsLetter(c):
			inVerb = false
		}
		n = 0
	}
	return false
}

func formatListSteps(args []cty.Value) (int64, error) {
	longest := int64(1)
	for _, arg := range args[1:] {
		longest = max(longest, lengthOf(arg))
	}
	once, err := formatSteps(args)
	return (once + 1) * longest, err
}

func indentSteps(args []cty.Value) (int64, error) {
	if spaces := args[0]; spaces.IsKnown() && !spaces.IsNull() &&
		(spaces.LessThan(cty.Zero).True() || spaces.GreaterThan(cty.NumberIntVal(maxWidth)).True()) {
		return 0, function.NewArgErrorf(0, "it must be from 0 to %d", maxWidth)
	}
	return bytesAsSteps(int64(strings.Count(textOf(args, 1), "\n")) * maxWidth), nil
}

func joinSteps(args []cty.Value) (int64, error) {
	n := int64(0)
	for _, list := range args[1:] {
		n += lengthOf(list)
	}
	return bytesAsSteps(n * int64(len(textOf(args, 0)))), nil
}

func splitSteps(args []cty.Value) (int64, error) {
	return int64(strings.Count(textOf(args, 1), textOf(args, 0))), nil
}

// trimSteps knows that a set of characters is looked through for each character.
func trimSteps(args []cty.Value) (int64, error) {
	return bytesAsSteps(int64(len(textOf(args, 0))) * (1 + bytesAsSteps(int64(len(textOf(args, 1)))))), nil
}

func replaceSteps(args []cty.Value) (int64, error) {
	str, substr, with := textOf(args, 0), textOf(args, 1), textOf(args, 2)
	if len(substr) >= 2 && substr[0] == '/' && substr[len(substr)-1] == '/' {
		steps, err := regexSteps([]cty.Value{cty.StringVal(substr[1 : len(substr)-1]), args[0]})
		// Each $ may stand for a whole match, and all matches for the whole text.
		grown := int64(len(str)) * int64(strings.Count(with, "$"))
		return steps + bytesAsSteps(grown+matches(substr[1:len(substr)-1], str)*int64(len(with))), err
	}
	return bytesAsSteps(int64(strings.Count(str, substr)) * int64(len(with))), nil
}

// regexSteps are those of a search: RE2's automaton may go through all its
// instructions for each character.
func regexSteps(args []cty.Value) (int64, error) {
	pattern, str := textOf(args, 0), textOf(args, 1)
	if int64(len(pattern))*int64(len(str)) < 1<<16 {
		return 0, nil
	}
	return int64(instructions(pattern)) * bytesAsSteps(int64(len(str))), nil
}

// regexAllSteps counts the matches where their number could matter.
func regexAllSteps(args []cty.Value) (int64, error) {
	pattern, str := textOf(args, 0), textOf(args, 1)
	searched, err := regexSteps(args)
	each := int64(2 + strings.Count(pattern, "("))
	if strings.Contains(pattern, "(?P<") || strings.Contains(pattern, "(?<") {
		each += guard.ObjectSteps
	}
	return searched + matches(pattern, str)*each, err
}

// matches bounds the number of matches of a regular expression in a text.
func matches(pattern, str string) int64 {
	most := int64(utf8.RuneCountInString(str)) + 1
	if re, err := syntax.Parse(pattern, syntax.Perl); err == nil {
		if shortest := int64(shortestMatch(re)); shortest > 1 {
			return most/shortest + 1
		}
	}
	return most
}

// shortestMatch is the least number of characters that a match has.
func shortestMatch(re *syntax.Regexp) int {
	sum := 0
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return shortestMatch(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * shortestMatch(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			sum += shortestMatch(sub)
		}
	case syntax.OpAlternate:
		sum = shortestMatch(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			sum = min(sum, shortestMatch(sub))
		}
	}
	return sum
}

// instructions is the size of a regular expression's program; 1 of one that is
// wrong, which the function says.
func instructions(pattern string) int {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 1
	}
	program, err := syntax.Compile(re.Simplify())
	if err != nil {
		return 1
	}
	return len(program.Inst)
}

// integerSteps refuses more digits than any number that can be written out has,
// in base 2.
func integerSteps(args []cty.Value) (int64, error) {
	if n := len(textOf(args, 0)); n > terminal.MaxExponent {
		return 0, function.NewArgErrorf(0, "%d characters are too many for a number", n)
	}
	return 0, nil
}

func numberTextSteps(args []cty.Value) (int64, error) { return 0, guard.ReadsAsNumbers(args[0]) }

// distinctSteps knows that each element is compared with each, but for strings.
func distinctSteps(args []cty.Value) (int64, error) {
	n := lengthOf(args[0])
	if args[0].Type().Equals(cty.List(cty.String)) {
		return n, nil
	}
	return n * n, nil
}

func productSteps(args []cty.Value) (int64, error) {
	product := int64(1)
	for _, set := range args {
		if product *= lengthOf(set); product > guard.MaxSteps {
			break
		}
	}
	return product * int64(1+len(args)), nil
}

// unifySteps knows that the types of all arguments are compared with each other.
func unifySteps(args []cty.Value) (int64, error) {
	n := int64(len(args))
	return n * n, nil
}

func csvSteps(args []cty.Value) (int64, error) {
	text := textOf(args, 0)
	return int64(strings.Count(text, ",") + (1+guard.ObjectSteps)*strings.Count(text, "\n")), nil
}

// jsonSteps also refuses what files may not hold either: lists in lists without
// end, which cty takes minutes for, and endless numbers.
func jsonSteps(args []cty.Value) (int64, error) {
	text := textOf(args, 0)
	if d := scan.JSON([]byte(text), "", hcl.InitialPos); d != nil {
		return 0, function.NewArgErrorf(0, "%s", strings.TrimSuffix(terminal.Lower(d.Detail), "."))
	}
	steps := strings.Count(text, ",") + (1+guard.ObjectSteps)*(strings.Count(text, "{")+strings.Count(text, "["))
	return int64(steps), nil
}

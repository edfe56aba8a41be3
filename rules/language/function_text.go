package language

import (
	"regexp"
	"strings"

	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

func textFunctions() []Function {
	return []Function{
		{
			Name: "chomp", Func: stdlib.ChompFunc,
			Doc:     "Takes the newlines off the end of a string.",
			Example: `chomp("220 ready\n")`, Result: `"220 ready"`,
		},
		{
			Name: "endswith", Func: textPredicate("suffix", strings.HasSuffix),
			Doc:     "Whether a string ends with a suffix. Null ends with nothing.",
			Example: `endswith("gw.corp.example", ".example")`, Result: `true`,
		},
		{
			Name: "format", Func: stdlib.FormatFunc,
			Doc:     "Builds a string from a format with verbs such as %s, %d, %05.1f and %q, and the values for them.",
			Example: `format("%s:%d", "10.1.0.1", 25)`, Result: `"10.1.0.1:25"`,
		},
		{
			Name: "formatlist", Func: stdlib.FormatListFunc,
			Doc:     "Like format, once for each element of the lists among its values.",
			Example: `formatlist("%s:%d", ["a", "b"], 25)`, Result: `tolist(["a:25", "b:25"])`,
		},
		{
			Name: "indent", Func: stdlib.IndentFunc,
			Doc:     "Puts spaces before every line of a string but the first.",
			Example: `indent(2, "a\nb")`, Result: `"a\n  b"`,
		},
		{
			Name: "join", Func: stdlib.JoinFunc,
			Doc:     "Puts the elements of lists of strings together, with a separator between them.",
			Example: `join(", ", ["10.1.0.1", "10.1.0.2"])`, Result: `"10.1.0.1, 10.1.0.2"`,
		},
		{
			Name: "lower", Func: stdlib.LowerFunc,
			Doc:     "A string in lower case.",
			Example: `lower("Mail.Corp.Example")`, Result: `"mail.corp.example"`,
		},
		{
			Name: "replace", Func: replaceFunc,
			Doc:     "Replaces each occurrence of a substring. A substring between slashes is a regular expression (RE2), and $1 in the replacement is its first group.",
			Example: `replace("220 gw.corp.example ESMTP", "/^([0-9]+) .*$/", "$1")`, Result: `"220"`,
		},
		{
			Name: "split", Func: stdlib.SplitFunc,
			Doc:     "Cuts a string at each separator into a list of strings.",
			Example: `split(".", "gw.corp.example")`, Result: `tolist(["gw", "corp", "example"])`,
		},
		{
			Name: "startswith", Func: textPredicate("prefix", strings.HasPrefix),
			Doc:     "Whether a string begins with a prefix. Null begins with nothing.",
			Example: `startswith("220 gw.corp.example ESMTP", "220")`, Result: `true`,
		},
		{
			Name: "strcontains", Func: textPredicate("substr", strings.Contains),
			Doc:     "Whether a string contains another one. Null contains nothing.",
			Example: `strcontains("220 gw.corp.example ESMTP", "ESMTP")`, Result: `true`,
		},
		{
			Name: "strrev", Func: stdlib.ReverseFunc,
			Doc:     "A string with its characters in reverse order.",
			Example: `strrev("abc")`, Result: `"cba"`,
		},
		{
			Name: "substr", Func: stdlib.SubstrFunc,
			Doc:     "A part of a string, by the offset of its first character and its length in characters. An offset below 0 counts from the end, a length of -1 means the rest.",
			Example: `substr("220 ready", 0, 3)`, Result: `"220"`,
		},
		{
			Name: "title", Func: stdlib.TitleFunc,
			Doc:     "A string with the first letter of each word in upper case.",
			Example: `title("default gateway")`, Result: `"Default Gateway"`,
		},
		{
			Name: "trim", Func: stdlib.TrimFunc,
			Doc:     "Takes the characters of a set off both ends of a string.",
			Example: `trim("..example..", ".")`, Result: `"example"`,
		},
		{
			Name: "trimprefix", Func: stdlib.TrimPrefixFunc,
			Doc:     "Takes a prefix off a string that begins with it.",
			Example: `trimprefix("220 ready", "220 ")`, Result: `"ready"`,
		},
		{
			Name: "trimspace", Func: stdlib.TrimSpaceFunc,
			Doc:     "Takes spaces, tabs and newlines off both ends of a string.",
			Example: `trimspace("  ready\n")`, Result: `"ready"`,
		},
		{
			Name: "trimsuffix", Func: stdlib.TrimSuffixFunc,
			Doc:     "Takes a suffix off a string that ends with it.",
			Example: `trimsuffix("gw.corp.example.", ".")`, Result: `"gw.corp.example"`,
		},
		{
			Name: "upper", Func: stdlib.UpperFunc,
			Doc:     "A string in upper case.",
			Example: `upper("noerror")`, Result: `"NOERROR"`,
		},
	}
}

func patternFunctions() []Function {
	return []Function{
		{
			Name: "regex", Func: stdlib.RegexFunc,
			Doc:     "The first match of a regular expression (RE2) in a string: a string, or with groups a tuple or object of their matches. No match is an error; can(regex(…)) asks whether there is one.",
			Example: `regex("^[0-9]+", "220 ready")`, Result: `"220"`,
		},
		{
			Name: "regexall", Func: stdlib.RegexAllFunc,
			Doc:     "All matches of a regular expression (RE2) in a string, as a list.",
			Example: `regexall("[0-9]+", "10.1.0.25")`, Result: `tolist(["10", "1", "0", "25"])`,
		},
	}
}

// textPredicate asks something of a string. Null is a string that was looked
// for and is not there (a greeting that did not come), so the answer is no
// rather than an error that would make an error of the whole check.
func textPredicate(other string, holds func(s, other string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{nullable("str", cty.String), {Name: other, Type: cty.String, AllowUnknown: true}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			switch {
			case args[0].IsNull():
				return cty.False, nil
			case !args[0].IsKnown() || !args[1].IsKnown():
				return guard.UnknownBool, nil
			}
			return cty.BoolVal(holds(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

var replaceFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		param("str", cty.String),
		param("substr", cty.String),
		param("replacement", cty.String),
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if s, ok := guard.KnownString(args[1]); ok {
			if _, err := replacePattern(s); err != nil {
				return cty.NilType, function.NewArgError(1, err)
			}
		}
		return cty.String, nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		str, substr, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
		re, err := replacePattern(substr)
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		if re != nil {
			return cty.StringVal(re.ReplaceAllString(str, with)), nil
		}
		return cty.StringVal(strings.ReplaceAll(str, substr, with)), nil
	},
})

// replacePattern is the regular expression between slashes; nil for a plain
// substring.
func replacePattern(s string) (*regexp.Regexp, error) {
	if len(s) < 2 || s[0] != '/' || s[len(s)-1] != '/' {
		return nil, nil
	}
	return regexp.Compile(s[1 : len(s)-1])
}

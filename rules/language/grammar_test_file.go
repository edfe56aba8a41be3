package language

import "github.com/zclconf/go-cty/cty"

// TestFile is the grammar of a file of offline tests, NAME.test.hcl.
var TestFile = &BlockType{
	Doc:    "A file of offline tests, NAME.test.hcl in the folder tests beside the check files. Each says what is observed and what must follow from it; nothing is ever sent.",
	Blocks: []*BlockType{RunBlock},
}

// MockFile is the grammar of a file of shared results, NAME.mock.hcl.
var MockFile = &BlockType{
	Doc:    "A file of results that tests share, NAME.mock.hcl beside the test files: whatever a test gives no result of its own for has the one that stands here.",
	Blocks: []*BlockType{ResultBlock},
}

// RunBlock is the grammar of a run block, one offline test.
var RunBlock = &BlockType{
	Name:   "run",
	Labels: []LabelType{{Doc: "name"}},
	Doc:    "One test: the runbook is run with these results, and the report held against what is expected.",
	Attrs: []AttrType{
		literal("description", cty.String, "What the test shows and why it matters, in a few sentences."),
		literal("site", cty.String, "Name of the site whose profile gives the values. Left out: none, as without --site."),
		literal("vantage", cty.String, "Name of the site's vantage that is looked from."),
		literal("vars", cty.DynamicPseudoType, "Values of variables, over those of the profile: { NAME = value }."),
		literal("recording", cty.String, "File that run --record wrote, relative to this file: its values and results are used, and no shared ones."),
	},
	Blocks: []*BlockType{ResultBlock, ExpectBlock},
}

// ResultBlock is the grammar of a result block.
var ResultBlock = &BlockType{
	Name:    "result",
	Labels:  []LabelType{{Doc: "address"}},
	PerKind: true,
	Doc:     "What a probe observes. The label is the address of its check or fact: \"check.NAME\", \"fact.NAME\", \"check.NAME[\\\"KEY\\\"]\", \"IMPORT.check.NAME\"; without a key, of every instance that has none of its own. The attributes are those of the kind's result. What is left out is unknown, also within an object; an object that is null has nothing but nulls in it.",
	Any:     &AttrType{Attribute: Attribute{Type: cty.DynamicPseudoType, Doc: "An attribute of the probe kind's result."}, Form: FormLiteral},
}

// ErrorAttr stands in a result block beside the attributes of the kind. No kind
// has a result of that name: see LoadTests.
const ErrorAttr = "error"

// ExpectBlock is the grammar of an expect block.
var ExpectBlock = &BlockType{
	Name:     "expect",
	Single:   true,
	Required: true,
	Doc:      "What the report must say. What is left out is not looked at. In the patterns of texts, … and * stand for anything.",
	Attrs: append([]AttrType{
		checked(literal("verdict", cty.String, "Verdict of the run: \"pass\", \"warn\", \"fail\" or \"error\"."), OneOf("pass", "warn", "fail", "error")),
		{Attribute: Attribute{Name: "root_cause", Type: cty.DynamicPseudoType,
			Doc: "The root cause, check.NAME, or all of them in the order of the runbook, [check.a, check.b]; [] for none."}, Form: FormReferences},
		literal("status", cty.DynamicPseudoType, "Statuses of checks: { NAME = \"blocked\" }."),
		literal("layers", cty.DynamicPseudoType, "Statuses of layers: { ip = \"partial\" }, where nothing failed and not all of the layer was looked at."),
	}, findingAttrs("the one root cause")...),
	Blocks: []*BlockType{{
		Name:   "check",
		Labels: []LabelType{{Doc: "name"}},
		Doc:    "What the report must say of one check. The label is its name or address.",
		Attrs: append([]AttrType{
			checked(literal("status", cty.String, "How it came out."), CheckStatus),
			literal("reason", cty.String, "Pattern of why it was skipped, or what went wrong."),
			checked(literal("skip", cty.String, "Why it was skipped, in a word."), OneOf("not_applicable", "circumstances", "no_value", "no_target", "filtered", "waived", "not_allowed", "upstream")),
		}, findingAttrs("the check")...),
	}},
}

// CheckStatus is how a check comes out.
var CheckStatus = OneOf("pass", "warn", "fail", "error", "blocked", "skipped")

// LayerStatus is how a layer comes out.
var LayerStatus = OneOf("pass", "warn", "fail", "error", "blocked", "skipped", "partial")

// findingAttrs are what can be said of a check that did not pass.
func findingAttrs(of string) []AttrType {
	return []AttrType{
		literal("cause", cty.String, "Name of the cause of "+of+"; null where only the check's own explanation applies."),
		literal("explain", cty.String, "Pattern of the explanation of "+of+", as it is rendered."),
		literal("remedy", cty.String, "Pattern of the remedy of "+of+", as it is rendered."),
		literal("not_ruled_out", cty.List(cty.String), "Names of the causes that could also be, in the order of the check."),
		literal("evidence", cty.DynamicPseudoType, "Evidence that is stated, beside other: { \"fact.NAME.ATTRIBUTE\" = value }."),
	}
}

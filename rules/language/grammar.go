package language

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// A BlockType is one block of the check language with everything that may
// stand in it. Decoding, the JSON form, completion, hover and the reference
// pages follow from these values: see [CheckFile] and [SiteFile].
type BlockType struct {
	Name   string // "" for the file itself
	Doc    string // whole sentences
	Labels []LabelType
	Attrs  []AttrType
	Blocks []*BlockType

	// Single: at most one stands in its parent.
	Single bool
	// Required: its parent must hold one.
	Required bool
	// PerKind: the attributes are those of the probe kind that the label names.
	PerKind bool
	// Any describes every attribute of a block that names its own (locals).
	Any *AttrType
}

// A LabelType is one label of a block.
type LabelType struct {
	Doc string // what it is, in a word: "name"
	// Ident: it must be an identifier, because expressions refer to it.
	Ident bool
}

// Form is how an attribute is written.
type Form int

const (
	_              Form = iota
	FormLiteral         // a constant that refers to nothing
	FormValue           // any expression of the attribute's type
	FormCondition       // an expression that is exactly bool
	FormText            // a template for people to read
	FormReferences      // a list of checks, without quotes
	FormType            // a type constraint: list(string)
)

// An AttrType is one attribute of a block.
type AttrType struct {
	Attribute // Type and Check hold for the value, Default is left out
	Form      Form
	// Observed: the condition must depend on something observed.
	Observed bool
	// Roots are what the expression may refer to. A block within a for_each
	// block sees each as well.
	Roots []RefRoot
	// Why says why it may refer to nothing else, in a whole sentence.
	Why string
}

// Attr finds an attribute by name; nil if the block has none like it.
func (b *BlockType) Attr(name string) *AttrType {
	for i := range b.Attrs {
		if b.Attrs[i].Name == name {
			return &b.Attrs[i]
		}
	}
	return b.Any
}

// Block finds a nested block by name; nil if the block has none like it.
func (b *BlockType) Block(name string) *BlockType {
	for _, n := range b.Blocks {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// names lists what may stand in the block, for suggestions.
func (b *BlockType) AttrNames() []string {
	names := make([]string, len(b.Attrs))
	for i := range b.Attrs {
		names[i] = b.Attrs[i].Name
	}
	return names
}

// BlockNames lists the blocks that may stand in it.
func (b *BlockType) BlockNames() []string {
	names := make([]string, len(b.Blocks))
	for i, n := range b.Blocks {
		names[i] = n.Name
	}
	return names
}

// MayRefer reports whether the attribute's expression may refer to root.
func (a *AttrType) MayRefer(root RefRoot) bool { return slices.Contains(a.Roots, root) }

// What expressions may refer to, from the first that are settled to the last.
var (
	rootsStatic    = []RefRoot{RefVar, RefLocal}
	rootsLocal     = []RefRoot{RefVar, RefLocal, RefSite}
	rootsSettled   = []RefRoot{RefVar, RefLocal, RefEach, RefSite}
	rootsBefore    = []RefRoot{RefVar, RefLocal, RefEach, RefSite, RefFact, RefCheck}
	rootsArgs      = []RefRoot{RefVar, RefLocal, RefEach, RefSite, RefFact, RefCheck, RefTarget}
	rootsJudged    = []RefRoot{RefVar, RefLocal, RefEach, RefSite, RefFact, RefCheck, RefTarget, RefResult}
	rootsConcluded = []RefRoot{RefSite, RefVantage}
)

const (
	whySettled = "It is settled before anything is observed."
	whyBefore  = "It is settled before this block observes anything."
)

var blockName = []LabelType{{Doc: "name", Ident: true}}

// CheckFile is the grammar of a check file.
var CheckFile = &BlockType{
	Doc:    "A check file. All check files of a folder make up a runbook; their order does not matter to its meaning.",
	Blocks: []*BlockType{RunbookBlock, ImportBlock, VariableBlock, LocalsBlock, FactBlock, CheckBlock, ConclusionBlock},
}

// SiteFile is the grammar of a file of site profiles.
var SiteFile = &BlockType{
	Doc:    "A file of site profiles, in the folder sites.d beside the check files or wherever --sites points.",
	Blocks: []*BlockType{SiteBlock},
}

// RunbookBlock is the grammar of a runbook block.
var RunbookBlock = &BlockType{
	Name:   "runbook",
	Labels: blockName,
	Doc:    "Names the runbook. One a folder, needed only for packaging; of several folders laid over one another the last names the run.",
	Attrs: []AttrType{
		literal("title", cty.String, "One line that says what the runbook is for."),
		checked(literal("version", cty.String, "Version of the runbook, as semver.org has it: \"1.4.0\"."), Judged(isVersion)),
		literal("description", cty.String, "What the runbook tests and for whom, in a few sentences."),
		literal("license", cty.String, "License of the runbook as an SPDX identifier, such as \"Apache-2.0\"."),
		literal("authors", cty.List(cty.String), "Who answers for the runbook, each as \"Name <address>\"."),
		literal("source", cty.String, "Where the runbook is developed, a URL."),
		checked(literal("requires", cty.String, "Versions of linecheck that can run it, such as \">= 0.3, < 2.0\", as Terraform writes constraints. Another one refuses."), Judged(isVersionConstraint)),
	},
}

// ImportBlock is the grammar of an import block.
var ImportBlock = &BlockType{
	Name:   "import",
	Labels: blockName,
	Doc:    "Another runbook, whose checks and facts are part of this one and read as NAME.check.NAME and NAME.fact.NAME. Its variables get their values here; nothing else of it is seen from outside.",
	Attrs: []AttrType{
		required(checked(literal("source", cty.String, "Where the runbook is: a folder below this one, \"./net\", or a package, \"oci://registry.example/runbooks/net\", which \"linecheck lock\" and \"linecheck vendor\" fetch."), Judged(isImportSource))),
		checked(literal("version", cty.String, "Versions of it that will do, such as \"~> 2.1\", as Terraform writes constraints. Left out: any."), Judged(isVersionConstraint)),
	},
	Any: &AttrType{Attribute: Attribute{Type: cty.DynamicPseudoType, Doc: "The value of a variable of the imported runbook. One without a default must be given."},
		Form: FormValue, Roots: rootsLocal, Why: whySettled},
}

// VariableBlock is the grammar of a variable block.
var VariableBlock = &BlockType{
	Name:   "variable",
	Labels: blockName,
	Doc:    "A value that a site gives. Read as var.NAME.",
	Attrs: []AttrType{
		{Attribute: Attribute{Name: "type", Type: cty.DynamicPseudoType,
			Doc: "Type that values are converted to: string, number, bool, list(string), map(number), object({ name = string, port = optional(number, 25) }), any. Left out: any."}, Form: FormType},
		literal("default", cty.DynamicPseudoType, "Value where none is given. Without a default a value must be given; null makes it optional."),
		literal("description", cty.String, "What the value is, for the person who fills in a profile."),
		literal("nullable", cty.Bool, "Whether null is a value like any other (true, the default), or stands for the default."),
		literal("sensitive", cty.Bool, "Whether the value must not be shown. Everything computed from it is kept back as well."),
	},
	Blocks: []*BlockType{{
		Name: "validation",
		Doc:  "A condition that the value must meet. It is consulted when a value is bound, before anything is sent.",
		Attrs: []AttrType{
			required(condition("condition", false, []RefRoot{RefVar}, whySettled, "What must be true of the value. It may refer to other variables too.")),
			required(text("error_message", []RefRoot{RefVar}, whySettled, "What to tell the person who gave the value.")),
		},
	}},
}

// LocalsBlock is the grammar of a locals block.
var LocalsBlock = &BlockType{
	Name: "locals",
	Doc:  "Names for expressions over variables, other locals and the site. Read as local.NAME. A folder may hold several such blocks.",
	Any: &AttrType{Attribute: Attribute{Type: cty.DynamicPseudoType, Doc: "An expression, read as local.NAME."},
		Form: FormValue, Roots: rootsLocal, Why: whySettled},
}

// FactBlock is the grammar of a fact block.
var FactBlock = &BlockType{
	Name:   "fact",
	Labels: blockName,
	Doc:    "An observation without a verdict, read as fact.NAME.ATTRIBUTE. It is gathered at most once a vantage, and only when something needs it; what could not be gathered is unknown and accuses nobody.",
	Attrs: []AttrType{
		value("target", cty.String, rootsBefore, whyBefore, "Whom to observe. Null: the fact is not gathered, except for the kinds that have a meaning without a target."),
		value("for_each", cty.DynamicPseudoType, rootsStatic, whySettled, "A map or a set of strings: one observation for each element, read as fact.NAME[\"key\"]. In the block, each.key and each.value are the element's."),
		checked(value("timeout", cty.String, rootsSettled, whySettled, "How long it may take, such as \"4s\"; what was observed until then counts. Left out: 15 s."), DurationBetween(timeoutMin, timeoutMax)),
	},
	Blocks: []*BlockType{probeBlock(rootsArgs)},
}

// CheckBlock is the grammar of a check block.
var CheckBlock = &BlockType{
	Name:   "check",
	Labels: blockName,
	Doc:    "A step: a target, one probe, a condition to pass and an explanation for when it does not.",
	Attrs: []AttrType{
		text("title", rootsSettled, whySettled, "One line that says what holds when the check passes."),
		text("description", rootsSettled, whySettled, "What is tested and why, in a few sentences."),
		checked(literal("layer", cty.String, "Layer of the network that the check belongs to, a name such as \"ip\". The report says of each layer whether it works."), Judged(isName)),
		literal("tags", cty.List(cty.String), "Names to select checks by: --only tag:NAME."),
		value("target", cty.String, rootsBefore, whyBefore, "Whom to observe. Null: the check is skipped, and the report names the variables that have no value."),
		condition("when", false, rootsBefore, whyBefore, "When this is false the check is skipped."),
		value("for_each", cty.DynamicPseudoType, rootsStatic, whySettled, "A map or a set of strings: one check for each element, with the address check.NAME[\"key\"]. In the block, each.key and each.value are the element's."),
		{Attribute: Attribute{Name: "depends_on", Type: cty.DynamicPseudoType,
			Doc: "Checks that must not have failed before this one is tried: [check.a, check.b[\"key\"], net.check.c] (of the import net). If one of them did, this check is blocked."}, Form: FormReferences},
		checked(value("timeout", cty.String, rootsSettled, whySettled, "How long the check may take with all of its attempts, such as \"30s\". Left out: 15 s."), DurationBetween(timeoutMin, timeoutMax)),
		required(condition("pass", true, rootsJudged, "", "Whether the check passes.")),
		condition("warn", true, rootsJudged, "", "Consulted when the check passes: if true, it passes with a warning."),
		required(text("explain", rootsJudged, "", "What it means that the check did not pass, where none of its causes applies.")),
		text("remedy", rootsJudged, "", "What to do about it, where the cause has no remedy of its own."),
	},
	Blocks: []*BlockType{
		{
			Name:   "retry",
			Single: true,
			Doc:    "Observes again when the check did not pass.",
			Attrs: []AttrType{
				required(checked(value("attempts", cty.Number, rootsSettled, whySettled, "How often to observe in all, from 1 to 1000."), WholeBetween(1, attemptsMax))),
				checked(value("interval", cty.String, rootsSettled, whySettled, "How long to wait between two attempts, such as \"500ms\". Left out: 1 s."), DurationBetween(0, timeoutMax)),
			},
		},
		probeBlock(rootsArgs),
		{
			Name:   "cause",
			Labels: blockName,
			Doc:    "A reason why the check did not pass. Causes are consulted in the order of the file, and the first whose condition holds is the answer; one whose condition is unknown does not apply and is named beside the answer.",
			Attrs: []AttrType{
				required(condition("when", true, rootsJudged, "", "When this holds, this is why.")),
				required(text("explain", rootsJudged, "", "What is wrong, for the person who has to put it right.")),
				text("remedy", rootsJudged, "", "What to do about it. Left out: the check's own remedy."),
				checked(value("severity", cty.String, rootsJudged, "", "\"fail\" (the default), or \"warn\": the failure is then only a warning, and the ladder goes on. It may depend on what was observed, and then makes failures of warnings, too."), OneOf("fail", "warn")),
			},
		},
	},
}

func probeBlock(roots []RefRoot) *BlockType {
	return &BlockType{
		Name:     "probe",
		Labels:   []LabelType{{Doc: "kind"}},
		Single:   true,
		Required: true,
		PerKind:  true,
		Doc:      "What is done to the target. The label is the probe kind; the attributes are what the kind takes.",
		Any:      &AttrType{Form: FormValue, Roots: roots, Why: whyBefore},
	}
}

// ConclusionBlock is the grammar of a conclusion block.
var ConclusionBlock = &BlockType{
	Name:   "conclusion",
	Labels: blockName,
	Doc:    "What only all vantages of a site together can tell. It is read after all of them are done and changes no verdict.",
	Attrs: []AttrType{
		required(condition("when", true, rootsConcluded, whyConcluded, "When this holds, it is stated. vantage.NAME.check.NAME is a check as that vantage saw it: its result, status and passed, the name of its cause, and when it began; vantage.NAME.fact.NAME and vantage.NAME.var.NAME are its facts and variables. A vantage that the site lacks, or that could not be reached, is unknown, which vantage.NAME.complete tells.")),
		required(text("explain", rootsConcluded, whyConcluded, "What follows from it.")),
		text("remedy", rootsConcluded, whyConcluded, "What to do about it."),
	},
}

const whyConcluded = "A conclusion is read after all vantages are done and sees their checks as vantage.NAME.check.NAME."

// SiteBlock is the grammar of a site block.
var SiteBlock = &BlockType{
	Name:   "site",
	Labels: blockName,
	Doc:    "The profile of one place.",
	Attrs: []AttrType{
		literal("title", cty.String, "Name of the place for people."),
		literal("extends", cty.String, "Name of another profile whose values, vantages and waivers hold here as well, unless this one has its own."),
		literal("abstract", cty.Bool, "Whether the profile is only there to be extended and is never run itself."),
		checked(literal("trusted_keys", cty.String, "Folder of the public keys, by one of which packages that this site runs must be signed; relative to the file that this stands in."), Judged(notEmpty)),
		literal("vars", cty.DynamicPseudoType, "Values of the runbook's variables at this site: { NAME = value }."),
	},
	Blocks: []*BlockType{
		{
			Name:   "vantage",
			Labels: blockName,
			Doc:    "A computer that the checks are run on.",
			Attrs: []AttrType{
				literal("title", cty.String, "Name of the computer for people."),
				literal("via", cty.List(cty.String), "Command that reaches the computer, such as [\"ssh\", \"-p\", \"2222\", \"admin@10.2.0.25\"], [\"docker\", \"exec\", \"-i\", \"mail\"], [\"kubectl\", \"exec\", \"-i\", \"mail-0\", \"--\"] or [\"ip\", \"netns\", \"exec\", \"mail\"]. The words \"linecheck vantage\" are put behind it, so that it does not name linecheck itself, which is found over there in the PATH that a command gets (ssh: that of a shell without a terminal; sudo: its secure_path; another folder: \"env\", \"PATH=/opt/linecheck\" as the last words). It is started without a shell and without a terminal, and carries standard input and output. Left out: this computer."),
				literal("vars", cty.DynamicPseudoType, "Values of variables that differ on this computer."),
			},
		},
		{
			Name:   "waive",
			Labels: []LabelType{{Doc: "check"}},
			Doc:    "Takes checks out of the count for a while. The label is a check's name or address, with * and ? for any part of it: \"net.*\" for all of the import net.",
			Attrs: []AttrType{
				required(checked(literal("reason", cty.String, "Why, with the ticket or the person who knows."), Judged(notEmpty))),
				checked(literal("expires", cty.String, "The last day on which it holds, as \"2027-01-31\". Left out: it has no end."), day),
			},
		},
	},
}

func literal(name string, ty cty.Type, doc string) AttrType {
	return AttrType{Attribute: Attribute{Name: name, Type: ty, Doc: doc}, Form: FormLiteral}
}

func value(name string, ty cty.Type, roots []RefRoot, why, doc string) AttrType {
	return AttrType{Attribute: Attribute{Name: name, Type: ty, Doc: doc}, Form: FormValue, Roots: roots, Why: why}
}

func condition(name string, observed bool, roots []RefRoot, why, doc string) AttrType {
	return AttrType{Attribute: Attribute{Name: name, Type: cty.Bool, Doc: doc}, Form: FormCondition, Observed: observed, Roots: roots, Why: why}
}

func text(name string, roots []RefRoot, why, doc string) AttrType {
	return AttrType{Attribute: Attribute{Name: name, Type: cty.String, Doc: doc}, Form: FormText, Roots: roots, Why: why}
}

func required(a AttrType) AttrType {
	a.Required = true
	return a
}

func checked(a AttrType, d Domain) AttrType {
	a.Domain = d
	return a
}

// Title is what messages call the block.
func (bt *BlockType) Title() string {
	if bt.Name == "" {
		return "file"
	}
	return bt.Name + " block"
}

// FileNoun is what a file of this grammar is called.
func (b *BlockType) FileNoun() string {
	switch b {
	case SiteFile:
		return "A file of site profiles"
	case TestFile:
		return "A test file"
	case MockFile:
		return "A file of shared results"
	case LockFile:
		return "A lock file"
	}
	return "A check file"
}

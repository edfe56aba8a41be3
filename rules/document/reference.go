package document

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A Language is what the reference describes beside the grammar and the
// functions, which [rules] itself knows.
type Language struct {
	Version  string
	Kinds    []*language.Kind
	Statuses []Term // of a check
	Exits    []Term // codes of a run
}

// A Term is a word with its meaning.
type Term struct{ Name, Doc string }

// Reference describes the check language.
func Reference(l Language) *Article {
	a := &Article{Title: "linecheck: language reference", Head: "linecheck language reference"}
	if l.Version != "" {
		a.Body = append(a.Body, &Paragraph{plain("For linecheck " + l.Version + ". Written by linecheck doc --reference.")})
	}
	a.Body = append(a.Body,
		filesSection(),
		&Section{ID: "blocks", Title: plain("Blocks of check files"), Body: blockSections(language.CheckFile)},
		&Section{ID: "profiles", Title: plain("Blocks of site profiles"), Body: blockSections(language.SiteFile)},
		&Section{ID: "tests", Title: plain("Blocks of offline tests"), Body: append([]Node{&Paragraph{plain(language.TestFile.Doc)},
			&Paragraph{plain(language.MockFile.Doc)}}, blockSections(language.TestFile)...)},
		expressionsSection(),
		textsSection(),
		kindsSection(l.Kinds),
		functionsSection(),
		termsSection("statuses", "Statuses of a check", "Status", l.Statuses),
		termsSection("exits", "Exit status of a run", "Code", l.Exits),
	)
	return a
}

func filesSection() *Section {
	return &Section{ID: "files", Title: plain("Files"), Body: []Node{
		&Paragraph{plain(language.CheckFile.Doc)},
		&Paragraph{plain(language.SiteFile.Doc)},
		&Bullets{[]Text{
			joined(plain("Files end in "), mono(".hcl"), plain(" or "), mono(".hcl.json"), plain(" and are read in the order of their names. Folders are not read recursively; names that begin with a dot are left out, and so are "), mono("*.test.hcl"), plain(" and "), mono("*.mock.hcl"), plain(".")),
			joined(plain("Override files, "), mono("override.hcl"), plain(" and "), mono("*_override.hcl"), plain(", change attributes of blocks that exist: labelled blocks in them merge by label, new ones are appended, and a probe of another kind replaces the one that is there.")),
			plain("Several folders can be laid over one another; the last runbook block names the run. Any second definition of a name outside of an override file is an error."),
			joined(plain("In JSON a block is a property with its label as the property of its value; texts are templates, a condition is a string that is one interpolation ("), mono(`"${result.received > 0}"`), plain("), references and types are strings, and a property "), mono(`"//"`), plain(" is a comment.")),
		}},
	}}
}

func blockSections(parent *language.BlockType) []Node {
	var nodes []Node
	for _, b := range parent.Blocks {
		nodes = append(nodes, blockSection(b, nil))
	}
	return nodes
}

// blockSection describes a block and those within it.
func blockSection(b *language.BlockType, within []string) *Section {
	path := append(append([]string(nil), within...), b.Name)
	title := mono(b.Name)
	if len(within) > 0 {
		title = joined(mono(b.Name), plain(" in "), mono(strings.Join(within, " ")))
	}
	s := &Section{ID: "block." + strings.Join(path, "."), Title: title}
	s.Body = append(s.Body, &Paragraph{plain(b.Doc)}, &Code{syntax(b)})
	s.Body = append(s.Body, attributeTable(b)...)
	for _, n := range b.Blocks {
		s.Body = append(s.Body, blockSection(n, path))
	}
	return s
}

// syntax shows how a block is written.
func syntax(b *language.BlockType) string {
	var out strings.Builder
	out.WriteString(b.Name)
	for _, l := range b.Labels {
		fmt.Fprintf(&out, " %q", strings.ToUpper(l.Doc))
	}
	out.WriteString(" {\n")
	width := 0
	for _, a := range b.Attrs {
		width = max(width, terminal.Width(a.Name))
	}
	for i := range b.Attrs {
		a := &b.Attrs[i]
		fmt.Fprintf(&out, "  %s = %s\n", terminal.Pad(a.Name, width), placeholder(a))
	}
	switch {
	case b.PerKind:
		name := "ARGUMENT"
		if len(b.Any.Roots) == 0 {
			name = "ATTRIBUTE"
		}
		out.WriteString("  " + name + " = …\n")
	case b.Any != nil:
		out.WriteString("  NAME = …\n")
	}
	for _, n := range b.Blocks {
		line := "  " + n.Name
		for _, l := range n.Labels {
			line += fmt.Sprintf(" %q", strings.ToUpper(l.Doc))
		}
		out.WriteString(line + " { … }\n")
	}
	out.WriteString("}\n")
	return out.String()
}

func placeholder(a *language.AttrType) string {
	switch a.Form {
	case language.FormCondition:
		return "CONDITION"
	case language.FormText:
		return `"TEXT"`
	case language.FormReferences:
		return "[check.NAME, …]"
	case language.FormType:
		return "TYPE"
	}
	switch t := a.ValueType(); {
	case t == cty.String:
		return `"…"`
	case t == cty.List(cty.String):
		return `["…"]`
	case t == cty.Bool:
		return "true"
	}
	return "…"
}

func attributeTable(b *language.BlockType) []Node {
	t := &Table{Head: []string{"Attribute", "Is", "Meaning"}, Class: "reference"}
	row := func(name string, a *language.AttrType) {
		meaning := []Text{plain(a.Doc)}
		if len(a.Roots) > 0 {
			meaning = append(meaning, joined(plain("May refer to "), listed(monos(rootNames(a)), " and "), plain(".")))
		}
		is := append([]Text{form(a)}, given(a.Domain)...)
		if a.Required {
			is = append(is, strong("needed"))
		}
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(name)}, is, meaning}})
	}
	for i := range b.Attrs {
		row(b.Attrs[i].Name, &b.Attrs[i])
	}
	switch {
	case b.PerKind && len(b.Any.Roots) == 0:
		return []Node{&Paragraph{joined(plain("Its attributes are constants, those of the result of the probe kind that its address stands for: see "), link("Probe kinds", "kinds"), plain("."))}}
	case b.PerKind:
		return []Node{&Paragraph{joined(plain("Its attributes are the arguments of the probe kind that its label names: see "), link("Probe kinds", "kinds"),
			plain(". They may refer to "), listed(monos(rootNames(b.Any)), " and "), plain("."))}}
	case b.Any != nil:
		row("NAME", b.Any)
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []Node{t}
}

func rootNames(a *language.AttrType) []string {
	names := make([]string, len(a.Roots))
	for i, r := range a.Roots {
		names[i] = string(r)
	}
	return names
}

// given says what a value that is given can be, where that is data.
func given(d language.Domain) []Text {
	if text := d.String(); text != "" {
		return []Text{plain(text)}
	}
	return nil
}

// observed says what is observed: of a number only the bounds, and the argument
// that is the upper one.
func observed(d language.Domain) []Text {
	if each, list := d.Each(); list {
		return observed(each)
	}
	least, most, _, numbers := d.Bounds()
	switch {
	case !numbers, math.IsInf(least, 0):
		return given(d)
	}
	text := plain("from " + number(least))
	switch {
	case d.MostArgument() != "":
		text = joined(text, plain(" to "), mono(d.MostArgument()))
	case !math.IsInf(most, 0):
		text = plain("from " + number(least) + " to " + number(most))
	}
	return []Text{text}
}

func number(n float64) string { return terminal.Written(cty.NumberFloatVal(n)) }

// form says how an attribute is written.
func form(a *language.AttrType) Text {
	switch a.Form {
	case language.FormCondition:
		if a.Observed {
			return plain("a condition on something observed")
		}
		return plain("a condition")
	case language.FormText:
		return plain("a text")
	case language.FormReferences:
		return plain("a list of checks")
	case language.FormType:
		return plain("a type")
	case language.FormLiteral:
		return plain("a constant, " + typeName(a.ValueType()))
	}
	return plain("an expression, " + typeName(a.ValueType()))
}

// typeName is a type as it is written in a variable's type.
func typeName(t cty.Type) string { return typeexpr.TypeString(t) }

func expressionsSection() *Section {
	t := &Table{Head: []string{"Begins with", "Holds", "For example"}, Class: "reference"}
	for _, r := range language.Roots() {
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(string(r.Name))}, {plain(r.Doc)}, {mono(r.Example)}}})
	}
	return &Section{ID: "expressions", Title: plain("Expressions"), Body: []Node{
		&Paragraph{joined(plain("Expressions are HCL's, with Terraform's operators and habits: "), mono("&& || ! == != < > <= >= + - * / % ? :"),
			plain(", "), mono("[for x in list : x.name if x.up]"), plain(", "), mono("list[*].name"), plain("."))},
		t,
		&Section{ID: "unknown", Title: plain("Null and unknown"), Body: []Node{&Bullets{[]Text{
			joined(mono("null"), plain(" was looked for and is not there: no reply, no error, no value. Compare it: "), mono("result.code != null"), plain(".")),
			plain("Unknown was not looked at: a fact that could not be gathered, the result of a check that did not run. It accuses nobody: a cause whose condition is unknown does not apply and is named beside the answer, and a condition to pass that stays unknown is an error."),
			joined(plain("Logic has three values: "), mono("false && unknown"), plain(" is false, "), mono("true || unknown"), plain(" is true, the rest stays unknown.")),
		}}}},
	}}
}

func textsSection() *Section {
	return &Section{ID: "texts", Title: plain("Texts and durations"), Body: []Node{&Bullets{[]Text{
		joined(plain("Texts are templates: "), mono(`"${target} does not answer"`), plain(". In them a null reads “none”, an unknown “not observed”, a sensitive value “(sensitive)”; numbers are rounded to what was measured.")),
		joined(plain("Lists have to be joined: "), mono(`${join(", ", result.addresses)}`), plain(".")),
		joined(plain("Durations are texts: "), mono(`"500ms"`), plain(", "), mono(`"2s"`), plain(", "), mono(`"1m30s"`), plain(". Attributes whose names end in _ms are numbers of milliseconds, those in _s of seconds.")),
	}}}}
}

func kindsSection(kinds []*language.Kind) *Section {
	s := &Section{ID: "kinds", Title: plain("Probe kinds"), Body: []Node{
		&Paragraph{plain("A probe observes and never judges: a refused connection is a result. What may be missing is null when it was looked for and not there, and unknown when it was not looked at.")},
	}}
	for _, k := range kinds {
		s.Body = append(s.Body, kindSection(k))
	}
	return s
}

func kindSection(k *language.Kind) *Section {
	s := &Section{ID: "probe." + k.Name, Title: joined(plain("Probe "), mono(k.Name)), Body: []Node{&Paragraph{plain(k.Doc)}}}
	f := &Fields{}
	if k.TargetDoc != "" {
		f.add("Target", plain(k.TargetDoc))
	}
	switch {
	case k.TargetOptional:
		f.add("Without a target", plain("It has a meaning without one."))
	case k.TargetDoc != "":
		f.add("Without a target", plain("A check is skipped, a fact is not gathered."))
	}
	hand := []Text{}
	for _, command := range []string{k.ByHand, k.ByHandBare} {
		if command != "" && (len(hand) == 0 || command != k.ByHand) {
			hand = append(hand, mono(spelledOut(command)))
		}
	}
	f.add("By hand", hand...)
	if k.NeedsExec {
		f.add("Permission", joined(plain("It runs a command, which only "), mono("--allow-exec"), plain(" permits.")))
	}
	if k.ReadsFile {
		f.add("Permission", joined(plain("It reads the file if a value that the site gives a variable is its path, or "), mono("--allow-read"), plain(" permits it.")))
	}
	if len(f.Rows) > 0 {
		s.Body = append(s.Body, f)
	}
	args := &Table{Head: []string{"Argument", "Type", "Default", "Meaning"}, Class: "four"}
	for i := range k.Args {
		a := &k.Args[i]
		args.Rows = append(args.Rows, Row{Cells: [][]Text{{mono(a.Name)}, append([]Text{mono(typeName(a.ValueType()))}, given(a.Domain)...), {argDefault(a)}, {plain(a.Doc)}}})
	}
	if len(args.Rows) > 0 {
		s.Body = append(s.Body, args)
	} else {
		s.Body = append(s.Body, &Paragraph{plain("It takes no arguments.")})
	}
	result := &Table{Head: []string{"Observes", "Type", "Null?", "Meaning"}, Class: "four"}
	resultRows(result, "", k.Result)
	s.Body = append(s.Body, result)
	return s
}

// spelledOut is a command with its placeholders as manuals write them.
func spelledOut(command string) string {
	return placeholders.ReplaceAllStringFunc(command, func(p string) string { return strings.ToUpper(strings.Trim(p, "{}")) })
}

var placeholders = regexp.MustCompile(`\{[a-z_]+\}`)

func argDefault(a *language.Attribute) Text {
	switch {
	case a.Required:
		return strong("needed")
	case a.Default == cty.NilVal || a.Default.IsNull():
		return plain("left out")
	}
	return mono(terminal.Written(a.Default))
}

// resultRows lists attributes and, behind an object, its own.
func resultRows(t *Table, prefix string, attrs []language.Attribute) {
	for i := range attrs {
		a := &attrs[i]
		name, null := prefix+a.Name, "yes"
		if a.NeverNull || a.Attrs != nil {
			null = "no"
		}
		kind := typeName(a.ValueType())
		switch {
		case a.List:
			kind = "list of objects"
		case a.Attrs != nil:
			kind = "object"
		}
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(name)}, append([]Text{mono(kind)}, observed(a.Domain)...), {plain(null)}, {plain(a.Doc)}}})
		if a.List {
			name += "[*]"
		}
		resultRows(t, name+".", a.Attrs)
	}
}

func functionsSection() *Section {
	s := &Section{ID: "functions", Title: plain("Functions"), Body: []Node{
		&Paragraph{plain("All are pure: no clock, no file, no environment. An unknown argument makes the result unknown unless the others decide it.")},
	}}
	t := &Table{Head: []string{"Function", "What it does", "Example"}, Class: "functions"}
	for _, f := range language.Functions() {
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(f.Signature())}, {plain(f.Doc)}, {mono(f.Example), joined(plain("= "), mono(f.Result))}}})
	}
	s.Body = append(s.Body, t)
	return s
}

func termsSection(id, title, head string, terms []Term) *Section {
	t := &Table{Head: []string{head, "Meaning"}, Class: "terms"}
	for _, term := range terms {
		t.Rows = append(t.Rows, Row{Cells: [][]Text{{mono(term.Name)}, {plain(term.Doc)}}})
	}
	return &Section{ID: id, Title: plain(title), Body: []Node{t}}
}

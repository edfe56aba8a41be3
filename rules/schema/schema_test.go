package schema

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// mostBytes bounds the schema of check files. Without shared definitions it
// would be several times larger.
const mostBytes = 48_000

type schemas struct{ checks, overrides, sites *jsonschema.Schema }

func compileAll(t *testing.T) schemas {
	t.Helper()
	compile := func(text []byte, err error) *jsonschema.Schema {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		c := jsonschema.NewCompiler()
		if err := c.AddResource("schema.json", doc); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile("schema.json") // holds it against the dialect's own schema
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return schemas{compile(Checks(probe.Kinds())), compile(Overrides(probe.Kinds())), compile(Sites())}
}

// of is the schema for a file.
func (s schemas) of(name string) *jsonschema.Schema {
	base := name[strings.LastIndexByte(name, '/')+1:]
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".json"), ".hcl")
	switch {
	case strings.HasPrefix(name, "sites.d/"):
		return s.sites
	case base == "override" || strings.HasSuffix(base, "_override"):
		return s.overrides
	}
	return s.checks
}

func (s schemas) validate(name string, text []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.of(name).Validate(doc)
}

func TestSize(t *testing.T) {
	text, err := Checks(probe.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", len(text))
	if len(text) > mostBytes {
		t.Errorf("%d bytes, more than %d", len(text), mostBytes)
	}
	if again, _ := Checks(probe.Kinds()); !bytes.Equal(text, again) {
		t.Error("a second one differs from the first")
	}
}

// TestDescribed looks for every block, attribute, kind and argument with its
// description.
func TestDescribed(t *testing.T) {
	checkText, _ := Checks(probe.Kinds())
	siteText, _ := Sites()
	var described func(v any, name string, into map[string][]string)
	described = func(v any, name string, into map[string][]string) {
		m, ok := v.(map[string]any)
		if !ok {
			return
		}
		if d, ok := m["description"].(string); ok {
			into[name] = append(into[name], d)
		}
		for _, key := range []string{"properties", "$defs"} {
			inner, _ := m[key].(map[string]any)
			for n, p := range inner {
				described(p, n, into)
			}
		}
	}
	found := map[string][]string{}
	for _, text := range [][]byte{checkText, siteText} {
		var doc any
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		described(doc, "", found)
	}
	has := func(name, doc string) {
		t.Helper()
		if !slices.ContainsFunc(found[name], func(d string) bool { return strings.HasPrefix(d, doc) }) {
			t.Errorf("%s is not described as %q", name, doc)
		}
	}
	var walk func(b *language.BlockType)
	walk = func(b *language.BlockType) {
		for i := range b.Attrs {
			has(b.Attrs[i].Name, b.Attrs[i].Doc)
		}
		for _, n := range b.Blocks {
			if len(n.Labels) > 0 {
				has(n.Name, n.Doc)
			}
			walk(n)
		}
	}
	walk(language.CheckFile)
	walk(language.SiteFile)
	for _, k := range probe.Kinds() {
		has("probe."+k.Name, k.Doc)
		for i := range k.Args {
			has(k.Args[i].Name, k.Args[i].Doc)
		}
	}
}

// TestAccepts turns every valid file that there is into its JSON form, has
// linecheck itself accept that, and then the schema.
func TestAccepts(t *testing.T) {
	s := compileAll(t)
	valid, err := rulestest.Corpus(os.DirFS("../testdata/valid"))
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]fs.FS{"shipped": checks.FS}
	for _, c := range valid {
		folders[c.Name] = c.Files
	}
	files := 0
	for name, folder := range folders {
		t.Run(name, func(t *testing.T) {
			asJSON := fstest.MapFS{}
			err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				src, err := fs.ReadFile(folder, name)
				switch {
				case err != nil:
					return err
				case strings.HasSuffix(name, ".hcl.json"):
					asJSON[name] = &fstest.MapFile{Data: src}
				case strings.HasSuffix(name, ".hcl") && !strings.Contains(name, ".test.") && !strings.Contains(name, ".mock."):
					asJSON[name+".json"] = &fstest.MapFile{Data: toJSON(t, name, src)}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "rb", FS: asJSON})
			if _, err := fs.Stat(asJSON, "sites.d"); err == nil {
				sites, err := fs.Sub(asJSON, "sites.d")
				if err != nil {
					t.Fatal(err)
				}
				_, more := rules.LoadSites(rb, rules.Overlay{Name: "sites", FS: sites})
				diags = append(diags, more...)
			}
			if diags.HasErrors() {
				t.Fatalf("the JSON form is not accepted by linecheck itself: %v", diags)
			}
			for name, f := range asJSON {
				files++
				if err := s.validate(name, f.Data); err != nil {
					t.Errorf("%s: %v\n%s", name, err, f.Data)
				}
			}
		})
	}
	if files < 10 {
		t.Errorf("only %d files", files)
	}
}

// toJSON is the JSON form of a native file.
func toJSON(t *testing.T, name string, src []byte) []byte {
	t.Helper()
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	root := language.CheckFile
	if strings.HasPrefix(name, "sites.d/") {
		root = language.SiteFile
	}
	text, err := json.MarshalIndent(bodyToJSON(t, root, f.Body.(*hclsyntax.Body), src), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func bodyToJSON(t *testing.T, bt *language.BlockType, body *hclsyntax.Body, src []byte) object {
	out := object{"//": "as a comment"}
	for name, a := range body.Attributes {
		attr := bt.Attr(name)
		if attr == nil {
			t.Fatalf("%s has no attribute %s", bt.Name, name)
		}
		out[name] = exprToJSON(t, attr.Form, a.Expr, src)
	}
	for _, b := range body.Blocks {
		n := bt.Block(b.Type)
		inner := bodyToJSON(t, n, b.Body, src)
		if len(b.Labels) == 0 {
			list, _ := out[b.Type].([]any)
			out[b.Type] = append(list, inner)
			continue
		}
		labelled, _ := out[b.Type].(object)
		if labelled == nil {
			labelled = object{}
			out[b.Type] = labelled
		}
		labelled[b.Labels[0]] = inner
	}
	return out
}

func exprToJSON(t *testing.T, form language.Form, e hclsyntax.Expression, src []byte) any {
	text := func(e hclsyntax.Expression) string {
		s := string(e.Range().SliceBytes(src))
		if strings.HasPrefix(s, "<<") {
			s = strings.TrimRight(s, "\n") + "\n" // a heredoc ends with its line
		}
		return s
	}
	switch form {
	case language.FormType:
		return text(e)
	case language.FormReferences:
		var list []string
		for _, el := range e.(*hclsyntax.TupleConsExpr).Exprs {
			list = append(list, text(el))
		}
		return list
	case language.FormCondition:
		return "${" + text(e) + "}"
	}
	if len(hclsyntax.Variables(e)) == 0 {
		v, diags := e.Value(&hcl.EvalContext{Functions: language.FunctionTable()})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if plain, _ := v.UnmarkDeep(); plain.IsWhollyKnown() {
			raw, err := ctyjson.Marshal(plain, plain.Type())
			if err != nil {
				t.Fatal(err)
			}
			if plain.Type() == cty.String {
				return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(plain.AsString())
			}
			// JSON has no sets, and a list is not one.
			if !bytes.ContainsAny(raw, "$%") && !plain.Type().IsSetType() {
				return json.RawMessage(raw)
			}
		}
	}
	return "${" + text(e) + "}"
}

// TestRefuses changes a valid file in one place at a time.
func TestRefuses(t *testing.T) {
	s := compileAll(t)
	const valid = `{"check": {"a": {
  "target": "127.0.0.1", "depends_on": ["check.b"], "timeout": "5s",
  "retry": {"attempts": 3},
  "probe": {"ping": {"count": 2}},
  "pass": "${result.received > 0}", "explain": "No answer.",
  "cause": {"x": {"when": "${result.sent == 0}", "explain": "Because."}}
}}, "variable": {"v": {"type": "string", "default": null}}}`
	if err := s.validate("a.hcl.json", []byte(valid)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"check":`, `"chekc":`},
		{`"a": {`, `"1a": {`},
		{`"target":`, `"tagret":`},
		{`"target": "127.0.0.1"`, `"target": ["127.0.0.1"]`},
		{`["check.b"]`, `"check.b"`},
		{`["check.b"]`, `["b"]`},
		{`"attempts": 3`, `"attempts": true`},
		{`"attempts": 3`, `"attempts": "many"`},
		{`"attempts": 3`, `"attepmts": 3`},
		{`"attempts": 3`, `"attempts": 0`},
		{`"attempts": 3`, `"attempts": 1001`},
		{`"attempts": 3`, `"attempts": 2.5`},
		{`"timeout": "5s"`, `"timeout": "5"`},
		{`"timeout": "5s"`, `"timeout": 5`},
		{`"timeout": "5s"`, `"timeout": "2 weeks"`},
		{`"when": "${result.sent == 0}"`, `"when": "${result.sent == 0}", "severity": "wran"`},
		{`"count": 2`, `"count": 0`},
		{`"count": 2`, `"count": 2, "family": "ipv5"`},
		{`"count": 2`, `"count": 2, "interval": "soon"`},
		{`"ping": {`, `"pong": {`},
		{`{"ping": {"count": 2}}`, `{"ping": {}, "tcp": {"port": 1}}`},
		{`{"ping": {"count": 2}}`, `{"tcp": {}}`},
		{`"count": 2`, `"cuont": 2`},
		{`"count": 2`, `"count": [2]`},
		{`"pass": "${result.received > 0}", `, ``},
		{`"probe": {"ping": {"count": 2}},`, ``},
		{`, "explain": "No answer."`, ``},
		{`"${result.received > 0}"`, `"result.received > 0"`},
		{`"${result.received > 0}"`, `"${result.received} > 0"`},
		{`"explain": "No answer."`, `"explain": {"a": "b"}`},
		{`"when": "${result.sent == 0}"`, `"when": "true"`},
		{`"when": "${result.sent == 0}", `, ``},
		{`"type": "string"`, `"type": ["string"]`},
		{`"default": null`, `"sensitive": "maybe"`},
		{`"default": null`, `"sensitive": {}`},
	} {
		faulty := strings.Replace(valid, change[0], change[1], 1)
		if faulty == valid {
			t.Fatalf("%s is not there", change[0])
		}
		if err := s.validate("a.hcl.json", []byte(faulty)); err == nil {
			t.Errorf("%s for %s is accepted", change[1], change[0])
		}
	}
	for name, faulty := range map[string]string{
		"variable of the site itself": `{"site": {"a": {"mail_host": "b"}}}`,
		"waiver without a reason":     `{"site": {"a": {"waive": {"x": {}}}}}`,
		"way as a text":               `{"site": {"a": {"vantage": {"v": {"via": "ssh host"}}}}}`,
		"check among sites":           `{"check": {}}`,
		"no day":                      `{"site": {"a": {"waive": {"x": {"reason": "y", "expires": "soon"}}}}}`,
	} {
		if err := s.validate("sites.d/a.hcl.json", []byte(faulty)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	// An override says only what changes, and is held to all else.
	if err := s.validate("override.hcl.json", []byte(`{"check": {"a": {"target": "127.0.0.2"}}}`)); err != nil {
		t.Error(err)
	}
	if err := s.validate("override.hcl.json", []byte(`{"check": {"a": {"tagret": "127.0.0.2"}}}`)); err == nil {
		t.Error("a misspelt attribute of an override is accepted")
	}
}

// TestBounds holds what the schema says of every attribute and argument with
// bounds against what linecheck's own check says: all that is right passes, and
// of what is wrong the schema knows words, numbers and days.
func TestBounds(t *testing.T) {
	var all []language.Attribute
	var walk func(b *language.BlockType)
	walk = func(b *language.BlockType) {
		for i := range b.Attrs {
			all = append(all, b.Attrs[i].Attribute)
		}
		for _, n := range b.Blocks {
			walk(n)
		}
	}
	walk(language.CheckFile)
	walk(language.SiteFile)
	for _, k := range probe.Kinds() {
		all = append(all, k.Args...)
	}
	values := []any{-1, 0, 1, 2, 2.5, 10, 64, 255, 256, 1000, 1001, 65535, 65536, 1e9,
		"0", "0s", "-0s", "1ms", ".5s", "1.5h", "1h2m3s", "1µs", "5", "soon", "-1s", "5 s", "2s ",
		"fail", "warn", "wran", "ipv4", "ipv5", "off", "A", "2027-01-31", "2027-1-31", "31.1.2027"}
	held, refused := 0, 0
	for _, a := range all {
		d := a.Domain
		if d.String() == "" {
			continue
		}
		held++
		s := compileOne(t, bounded(&a))
		for _, v := range values {
			raw, _ := json.Marshal(v)
			converted, err := ctyjson.Unmarshal(raw, a.Type)
			if err != nil {
				continue // of another type, which value is about
			}
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			right, passes := a.Validate(converted) == nil, s.Validate(doc) == nil
			_, isText := v.(string)
			tells := d.Words() != nil || d.Pattern() != "" || a.Type == cty.Number && !isText
			if right && !passes || !right && passes && tells {
				t.Errorf("%s = %s: right %t, passes the schema %t", a.Name, raw, right, passes)
			}
			if !passes {
				refused++
			}
		}
		for _, computed := range []any{"${var.x}", "${var.x}s", "%{ if var.x }1%{ endif }"} {
			if s.Validate(computed) != nil {
				t.Errorf("%s = %q is refused, and may be anything", a.Name, computed)
			}
		}
		if s.Validate(nil) != nil {
			t.Errorf("%s = null is refused, which is to leave it out", a.Name)
		}
	}
	if held < 20 || refused < 200 {
		t.Errorf("%d attributes with bounds, %d values refused", held, refused)
	}
}

func compileOne(t *testing.T, schema object) *jsonschema.Schema {
	t.Helper()
	text, err := json.Marshal(schema)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("one.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("one.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNeverStricter holds the schema against the faulty files of the corpus:
// it need not find what is wrong, but a file that linecheck takes must pass.
func TestNeverStricter(t *testing.T) {
	s := compileAll(t)
	faulty, err := rulestest.Corpus(os.DirFS("../testdata/faulty"))
	if err != nil {
		t.Fatal(err)
	}
	refused, seen := 0, 0
	for _, c := range faulty {
		for name, f := range c.Files {
			if !strings.HasSuffix(name, ".hcl.json") {
				continue
			}
			wrong := slices.ContainsFunc(c.Want, func(w rulestest.Want) bool { return w.File == name || w.File == "" })
			seen++
			if err := s.validate(name, f.Data); err != nil {
				refused++
				if !wrong {
					t.Errorf("%s/%s is right and refused: %v", c.Name, name, err)
				}
			}
		}
	}
	t.Logf("%d of %d faulty files are refused by the schema alone", refused, seen)
	if seen < 10 || refused < seen/3 {
		t.Errorf("%d of %d faulty files are refused", refused, seen)
	}
}

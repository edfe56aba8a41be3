package probe

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// The conformance suite holds every kind of All against what is promised of
// all of them. What needs a network is in conformance_linux_test.go.

func TestAllIsSorted(t *testing.T) {
	all := All()
	if !slices.IsSortedFunc(all, func(a, b *engine.Probe) int { return cmp.Compare(a.Name, b.Name) }) {
		t.Error("All is not sorted by name")
	}
	for i := 1; i < len(all); i++ {
		if all[i-1].Name == all[i].Name {
			t.Errorf("All lists %s twice", all[i].Name)
		}
	}
	for i, kind := range Kinds() {
		if kind != all[i].Kind {
			t.Errorf("Kinds has %s where All has %s", kind.Name, all[i].Name)
		}
	}
}

// Each kind is declared in the file of its name, and every kind that is
// declared is listed.
func TestAllIsComplete(t *testing.T) {
	declared := map[string]string{} // file by name of the kind
	for _, file := range parseSources(t) {
		for _, name := range kindsDeclaredIn(file.syntax) {
			declared[name] = file.name
		}
	}
	for _, p := range All() {
		if got, want := declared[p.Name], p.Name+".go"; got != want {
			t.Errorf("kind %s is declared in %q, want %q", p.Name, got, want)
		}
		delete(declared, p.Name)
	}
	for name, file := range declared {
		t.Errorf("%s declares the kind %s, which All does not list", file, name)
	}
}

type source struct {
	name   string
	syntax *ast.File
}

func parseSources(t *testing.T) []source {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources: %v", err)
	}
	var files []source
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, source{name, syntax})
	}
	return files
}

// kindsDeclaredIn are the names in package-level composite literals of
// language.Kind.
func kindsDeclaredIn(file *ast.File) []string {
	var names []string
	ast.Inspect(file, func(n ast.Node) bool {
		if _, inFunc := n.(*ast.FuncDecl); inFunc {
			return false
		}
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if of, ok := literal.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "Kind" {
			return true
		}
		for _, element := range literal.Elts {
			field, ok := element.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			value, ok := field.Value.(*ast.BasicLit)
			if key, isIdent := field.Key.(*ast.Ident); ok && isIdent && key.Name == "Name" {
				names = append(names, strings.Trim(value.Value, `"`))
			}
		}
		return false
	})
	return names
}

var attributeName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

func TestKindsAreDocumented(t *testing.T) {
	for _, p := range All() {
		if p.Observe == nil {
			t.Errorf("%s observes nothing", p.Name)
		}
		if !attributeName.MatchString(p.Name) {
			t.Errorf("%q is no name", p.Name)
		}
		checkDoc(t, p.Name, p.Doc)
		checkDoc(t, p.Name+": target", p.TargetDoc)
		if len(p.Result) == 0 {
			t.Errorf("%s has no result", p.Name)
		}
		checkAttributes(t, p.Name+": argument ", p.Args)
		checkAttributes(t, p.Name+": result.", p.Result)
		for i := range p.Args {
			checkArgument(t, p.Name, &p.Args[i])
		}
		for i := range p.Result {
			if a := &p.Result[i]; a.Required || a.Default != cty.NilVal {
				t.Errorf("%s: result.%s has what only an argument may have", p.Name, a.Name)
			}
		}
	}
}

func checkDoc(t *testing.T, what, doc string) {
	t.Helper()
	if doc == "" || !strings.HasSuffix(doc, ".") || strings.TrimSpace(doc) != doc {
		t.Errorf("%s is documented as %q, not in whole sentences", what, doc)
	}
}

// unitSuffixes: a name carries its unit, and the doc says it in words.
var unitSuffixes = map[string]string{"_ms": "millisecond", "_pct": "percent", "_s": "second"}

func checkAttributes(t *testing.T, prefix string, attrs []language.Attribute) {
	t.Helper()
	seen := map[string]bool{}
	for i := range attrs {
		a := &attrs[i]
		what := prefix + a.Name
		if !attributeName.MatchString(a.Name) {
			t.Errorf("%s is no name", what)
		}
		if seen[a.Name] {
			t.Errorf("%s stands there twice", what)
		}
		seen[a.Name] = true
		checkDoc(t, what, a.Doc)
		if (a.Type == cty.NilType) == (a.Attrs == nil) {
			t.Errorf("%s needs either a type or attributes", what)
		}
		if a.List && a.Attrs == nil {
			t.Errorf("%s is a list of objects without attributes", what)
		}
		for suffix, word := range unitSuffixes {
			if strings.HasSuffix(a.Name, suffix) && !strings.Contains(strings.ToLower(a.Doc), word) {
				t.Errorf("%s: the doc does not say the unit in words: %q", what, a.Doc)
			}
		}
		checkAttributes(t, what+".", a.Attrs)
	}
}

// checkArgument: an argument that may be left out has a default that it would
// accept itself, or is null then.
func checkArgument(t *testing.T, kind string, a *language.Attribute) {
	t.Helper()
	what := kind + ": argument " + a.Name
	if a.Default == cty.NilVal {
		return
	}
	if a.Required {
		t.Errorf("%s is required and has a default", what)
	}
	if !a.Default.Type().Equals(a.ValueType()) {
		t.Errorf("%s: the default is of type %s", what, a.Default.Type().FriendlyName())
		return
	}
	if a.Default.IsNull() {
		return
	}
	if err := a.Validate(a.Default); err != nil {
		t.Errorf("%s: its own default %v", what, err)
	}
}

// Before anything is observed, a result is of the kind's type already.
func TestUnknownResult(t *testing.T) {
	for _, p := range All() {
		checkFits(t, p, p.UnknownResult(), nil)
	}
}

// checkFits holds a result against what the kind declares: the very type,
// whatever is unknown in it, and all that language.Kind.Misfit knows of. args are
// what was asked with.
func checkFits(t testing.TB, p *engine.Probe, result cty.Value, args map[string]cty.Value) {
	t.Helper()
	if result == cty.NilVal || !result.Type().Equals(p.ResultType()) {
		t.Errorf("%s: the result is not of its declared type: %#v", p.Name, result)
		return
	}
	if err := p.Misfit(result, args); err != nil {
		t.Errorf("%s: the result has %v", p.Name, err)
	}
}

package engine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/linecheck/linecheck/"

// importTable is the table of the design: which of our packages a package may
// import, tests aside. The first row whose pattern fits decides; "/..." stands
// for everything below a folder.
var importTable = []struct {
	pkg string
	may []string
}{
	{"rules", nil},
	{"rules/...", []string{"rules", "rules/..."}},
	{"engine", []string{"rules", "engine/internal/dag"}},
	{"engine/internal/dag", nil},
	{"engine/probe", []string{"rules", "engine", "engine/probe/internal/..."}},
	{"engine/probe/internal/...", nil},
	{"engine/report", []string{"engine"}},
	{"engine/...", []string{"rules", "engine"}},
	{"checks.d", nil},
	{"checks.d/...", []string{"rules", "engine", "checks.d/..."}},
	{"cmd/linecheck", []string{"rules", "rules/...", "engine", "engine/...", "checks.d"}},
}

// topLevel is what may lie in the root of the repository, beside dotfiles.
var topLevel = []string{"README.md", "LICENSE", "go.mod", "go.sum", "checks.d", "cmd", "engine", "rules"}

func under(pattern, pkg string) bool {
	folder, all := strings.CutSuffix(pattern, "/...")
	if all {
		return strings.HasPrefix(pkg, folder+"/")
	}
	return pkg == pattern
}

func TestPackagesKeepToTheirLayer(t *testing.T) {
	packages := parsePackages(t)
	for _, want := range []string{"rules", "engine", "engine/internal/dag", "engine/probe", "engine/report", "checks.d", "cmd/linecheck"} {
		if packages[want] == nil {
			t.Errorf("package %s is missing", want)
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		row := slices.IndexFunc(importTable, func(r struct {
			pkg string
			may []string
		}) bool {
			return under(r.pkg, pkg)
		})
		if row < 0 {
			t.Errorf("package %s stands in no row of the import table", pkg)
			continue
		}
		documented := false
		for name, file := range packages[pkg] {
			documented = documented || file.Doc != nil
			for _, spec := range file.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				ours, ok := strings.CutPrefix(imported, modulePath)
				if ok && !slices.ContainsFunc(importTable[row].may, func(p string) bool { return under(p, ours) }) {
					t.Errorf("%s: package %s must not import %s", name, pkg, ours)
				}
			}
		}
		if !documented {
			t.Errorf("package %s has no comment that says what it is for", pkg)
		}
	}
}

// parsePackages parses the heads of all files that are not tests, by package
// and name.
func parsePackages(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	root := ".."
	packages := map[string]map[string]*ast.File{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || file != root && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		pkg := path.Dir(name)
		if packages[pkg] == nil {
			packages[pkg] = map[string]*ast.File{}
		}
		packages[pkg][name] = parsed
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

func TestTopLevelHoldsNothingElse(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s does not belong at the top of the repository", e.Name())
		}
	}
}

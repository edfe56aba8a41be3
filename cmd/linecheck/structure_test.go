package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/spf13/pflag"
)

const module = "github.com/linecheck/linecheck/"

// mayImport is what a package may import of ours: the arrows point down only.
// A name ending in /… stands for every package below it; the longest that fits
// counts.
var mayImport = map[string][]string{
	// The bottom knows of no checks.
	"rules/panics":     {},                               // goroutines of all hand their panics on
	"rules/disk":       {},                               // files are read and written in one way
	"rules/terminal":   {},                               // text that people read is written by all of them
	"rules/dag":        {"rules/panics"},                 // one order for whatever waits for something
	"rules/diagnostic": {"rules/disk", "rules/terminal"}, // errors are made, told and written in one way

	// The language, below the nouns of a runbook.
	"rules/internal/parallel":  {"rules/panics"},
	"rules/internal/guard":     {"rules/terminal"},                                                                                                               // says which number is too large
	"rules/internal/scan":      {"rules/diagnostic", "rules/internal/guard"},                                                                                     // bounds numbers as evaluation does
	"rules/language":           {"rules/diagnostic", "rules/disk", "rules/panics", "rules/terminal", "rules/internal/guard", "rules/internal/scan"},              // functions are bounded, and judge text
	"rules/internal/syntax":    {"rules/diagnostic", "rules/terminal", "rules/language", "rules/internal/scan", "rules/internal/parallel"},                       // text into blocks
	"rules/expression":         {"rules/diagnostic", "rules/terminal", "rules/language", "rules/internal/guard", "rules/internal/scan", "rules/internal/syntax"}, // parses what a person typed
	"rules/internal/typecheck": {"rules/diagnostic", "rules/panics", "rules/terminal", "rules/language", "rules/expression", "rules/internal/guard"},             // proves one expression
	"rules/internal/decode":    {"rules/diagnostic", "rules/terminal", "rules/language", "rules/expression", "rules/internal/guard", "rules/internal/syntax"},    // attributes of one block

	// Runbooks, and ways to work with them.
	"rules":                  {"rules/dag", "rules/diagnostic", "rules/disk", "rules/expression", "rules/language", "rules/panics", "rules/terminal", "rules/internal/…", "rules/bundle/lock", "rules/bundle/tree"}, // an import is held against its lock
	"rules/…":                {"rules", "rules/dag", "rules/diagnostic", "rules/expression", "rules/language", "rules/terminal", "rules/internal/syntax"},
	"rules/bundle":           {"rules", "rules/disk", "rules/language", "rules/bundle/lock", "rules/bundle/signature", "rules/bundle/tree"},
	"rules/bundle/lock":      {"rules/diagnostic", "rules/language", "rules/internal/decode", "rules/internal/syntax"}, // below rules, which reads it
	"rules/bundle/tree":      {"rules/language"},                                                                       // below rules, which takes hashes
	"rules/bundle/signature": {"rules/disk"},
	"rules/bundle/registry":  {"rules", "rules/diagnostic", "rules/disk", "rules/terminal", "rules/bundle", "rules/bundle/lock"},

	// The engine, and what runs around it.
	"engine":                           {"rules", "rules/dag", "rules/diagnostic", "rules/expression", "rules/language", "rules/panics", "rules/terminal", "engine/internal/…"},
	"engine/process":                   {"rules/panics"},
	"engine/probe":                     {"rules/language", "rules/panics", "rules/terminal", "engine", "engine/probe/internal/…"},
	"engine/probe/internal/…":          {"rules/panics", "rules/terminal", "engine", "engine/probe/internal/…"}, // the World, but neither kinds nor results
	"engine/probe/internal/hostfs":     {"rules/disk", "engine"},                                                // opens regular files only
	"engine/probe/internal/subprocess": {"rules/panics", "engine/process"},                                      // ends all that a command started
	"engine/probe/internal/netnstest":  {"rules/rulestest"},                                                     // helps tests only
	"engine/report":                    {"rules/terminal", "engine"},
	"engine/survey":                    {"rules", "rules/panics", "rules/diagnostic", "rules/language", "rules/terminal", "engine", "engine/internal/…", "engine/offline", "engine/farend"}, // runs around the plans of many sites what runs around one
	"engine/…":                         {"rules", "rules/diagnostic", "rules/disk", "rules/expression", "rules/language", "rules/panics", "rules/terminal", "engine", "engine/internal/…", "engine/process"},

	"checks.d":            {},
	"checks.d/internal/…": {"…"}, // helps tests only
	"cmd/…":               {"rules", "rules/…", "engine", "engine/…", "checks.d"},
}

// sources are the Go files of the module by package, tests left out.
func sources(t *testing.T) (*token.FileSet, map[string][]*ast.File) {
	t.Helper()
	fset := token.NewFileSet()
	packages := map[string][]*ast.File{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		dir = filepath.ToSlash(dir)
		packages[dir] = append(packages[dir], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 7 {
		t.Fatalf("found only %d packages", len(packages))
	}
	return fset, packages
}

// fits reports whether a pattern of mayImport stands for a package.
func fits(pattern, pkg string) bool {
	below, many := strings.CutSuffix(pattern, "…")
	return pattern == pkg || many && strings.HasPrefix(pkg, below)
}

// allowed is the entry of mayImport for a package.
func allowed(pkg string) (imports []string, ok bool) {
	longest := -1
	for pattern, may := range mayImport {
		if n := len(strings.TrimSuffix(pattern, "…")); fits(pattern, pkg) && n > longest {
			imports, ok, longest = may, true, n
		}
	}
	return imports, ok
}

func TestImports(t *testing.T) {
	fset, packages := sources(t)
	for pkg, files := range packages {
		may, ok := allowed(pkg)
		if !ok {
			t.Errorf("package %s has no place in the table of imports", pkg)
		}
		for _, f := range files {
			for _, imp := range f.Imports {
				name := strings.Trim(imp.Path.Value, `"`)
				ours, isOurs := strings.CutPrefix(name, module)
				if isOurs && !slices.ContainsFunc(may, func(p string) bool { return fits(p, ours) }) {
					t.Errorf("%s: %s must not import %s", fset.Position(imp.Pos()), pkg, ours)
				}
			}
		}
	}
}

// What measures, breaks or lays out text for people belongs into rules/terminal:
// packages for it, and names of functions that were written again elsewhere.
var (
	layoutPackages = []string{
		"text/tabwriter", "golang.org/x/text/width", "github.com/clipperhouse/", "github.com/charmbracelet/x/ansi",
		"github.com/mattn/go-runewidth", "github.com/rivo/uniseg", "github.com/mitchellh/go-wordwrap", "github.com/apparentlymart/go-textseg",
	}
	layoutFunctions = regexp.MustCompile(`^(plural|pluralize|count(ed)?Noun|wordWrap|wrapText|wrapLines|(display|rune|string|text)Width|pad(Left|Right)?|` +
		`printable|sanitize|disarm|stripControl|escapeC1|escapeControls|wordList|upperFirst|capital|formatValue|FormatValue)$`)
	layoutCalls = []string{"unicode.IsPrint", "unicode.IsControl", "unicode.IsGraphic", "strconv.IsPrint", "unicode.Cc", "unicode.Cf"}
)

// looksAtCharacters lists the files outside of rules/terminal that ask what kind
// of a character one is, and why that shows nobody anything.
var looksAtCharacters = map[string]string{
	"engine/probe/form.go":          "proves that a result has its form",
	"rules/bundle/signature/pem.go": "refuses a file with them",
}

// measuresFonts lists functions of those names that are about something else.
var measuresFonts = map[string]string{
	"rules/document/drawing.go": "textWidth is of a font on paper",
	"rules/expression/text.go":  "wrapText wraps expressions",
}

// TestOneTerminal holds the module to one place for text that people read.
func TestOneTerminal(t *testing.T) {
	fset, packages := sources(t)
	found := map[string]bool{}
	for pkg, files := range packages {
		if pkg == "rules/terminal" || strings.HasPrefix(pkg, "checks.d/internal") {
			continue
		}
		for _, f := range files {
			name := pkg + "/" + filepath.Base(fset.Position(f.Pos()).Filename)
			for _, imp := range f.Imports {
				path := strings.Trim(imp.Path.Value, `"`)
				if slices.ContainsFunc(layoutPackages, func(p string) bool { return strings.HasPrefix(path, p) }) {
					t.Errorf("%s: %s is for rules/terminal alone", fset.Position(imp.Pos()), path)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if layoutFunctions.MatchString(n.Name.Name) {
						if found[name] = true; measuresFonts[name] == "" {
							t.Errorf("%s: %s is one of rules/terminal's", fset.Position(n.Pos()), n.Name.Name)
						}
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && slices.Contains(layoutCalls, x.Name+"."+n.Sel.Name) {
						if found[name] = true; looksAtCharacters[name] == "" {
							t.Errorf("%s: %s.%s: rules/terminal disarms text", fset.Position(n.Pos()), x.Name, n.Sel.Name)
						}
					}
				}
				return true
			})
		}
	}
	for _, exceptions := range []map[string]string{looksAtCharacters, measuresFonts} {
		for name := range exceptions {
			if !found[name] {
				t.Errorf("%s needs no exception", name)
			}
		}
	}
}

// TestLibrary holds everything below cmd to the manners of a library: it reads
// no flags, prints nothing, ends no process, and does nothing at start.
func TestLibrary(t *testing.T) {
	fset, packages := sources(t)
	for pkg, files := range packages {
		inCmd := strings.HasPrefix(pkg, "cmd/")
		if strings.Contains(pkg, "/internal/") {
			continue
		}
		for _, f := range files {
			for _, imp := range f.Imports {
				if name := strings.Trim(imp.Path.Value, `"`); !inCmd && (name == "flag" || path.Dir(name) == "github.com/spf13") {
					t.Errorf("%s: a library reads no flags", fset.Position(imp.Pos()))
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Name.Name == "init" && n.Recv == nil {
						t.Errorf("%s: nothing is done at start", fset.Position(n.Pos()))
					}
				case *ast.SelectorExpr:
					x, ok := n.X.(*ast.Ident)
					if !ok || inCmd {
						break
					}
					switch x.Name + "." + n.Sel.Name {
					case "os.Exit", "os.Stdout", "os.Stderr", "os.Args", "fmt.Print", "fmt.Println", "fmt.Printf", "log.Fatal", "log.Fatalf":
						t.Errorf("%s: %s.%s below cmd", fset.Position(n.Pos()), x.Name, n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// startsGoroutines lists the go statements of the module, by package and file, and
// why a panic in one ends nothing but its own work. Elsewhere goroutines are
// started by way of rules/panics.
var startsGoroutines = map[string]string{
	"cmd/linecheck/interrupt.go":     "waits, and does nothing",
	"engine/probe.go":                "recovers",
	"engine/farend/serve.go":         "recovers",
	"engine/farend/session.go":       "recovers",
	"engine/probe/dns_system.go":     "is panics.Send",
	"engine/probe/smtp_addresses.go": "recovers",
	"engine/survey/barrier.go":       "waits, and does nothing",
	"engine/process/process.go":      "waits, and does nothing",
	"rules/dag/walk.go":              "recovers, and hands it on",
	"rules/panics/panics.go":         "recovers, and hands it on",

	"engine/probe/internal/ping/goping.go":       "recovers",
	"engine/probe/internal/ping/shared_linux.go": "recovers",
}

// TestGoroutines holds the module to panics that somebody recovers from.
func TestGoroutines(t *testing.T) {
	fset, packages := sources(t)
	found := map[string]bool{}
	for pkg, files := range packages {
		if strings.HasPrefix(pkg, "checks.d/internal") {
			continue // helps tests only
		}
		for _, f := range files {
			name := pkg + "/" + filepath.Base(fset.Position(f.Pos()).Filename)
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					found[name] = true
					if startsGoroutines[name] == "" {
						t.Errorf("%s: a goroutine whose panic nobody recovers from; see rules/panics", fset.Position(n.Pos()))
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "sync" && n.Sel.Name == "WaitGroup" && pkg != "rules/panics" {
						t.Errorf("%s: use panics.Group, which hands panics on", fset.Position(n.Pos()))
					}
				}
				return true
			})
		}
	}
	for name := range startsGoroutines {
		if !found[name] {
			t.Errorf("%s starts no goroutine", name)
		}
	}
}

// TestDocs demands a package comment in one file of each package, and a
// comment on every exported name.
func TestDocs(t *testing.T) {
	fset, packages := sources(t)
	for pkg, files := range packages {
		comments := 0
		for _, f := range files {
			if f.Doc != nil {
				comments++
				if text := f.Doc.Text(); !strings.HasPrefix(text, "Package "+f.Name.Name+" ") && !strings.HasPrefix(text, "Command ") {
					t.Errorf("%s: the package comment does not begin with its name", fset.Position(f.Pos()))
				}
			}
			for _, d := range f.Decls {
				undocumented(d, func(name *ast.Ident) {
					t.Errorf("%s: %s has no comment", fset.Position(name.Pos()), name.Name)
				})
			}
		}
		if comments != 1 {
			t.Errorf("package %s has %d package comments, want 1", pkg, comments)
		}
	}
}

// undocumented calls report for the exported names of a declaration that have
// no comment of their own or of their group.
func undocumented(d ast.Decl, report func(*ast.Ident)) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !obvious[d.Name.Name] {
			report(d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
					report(s.Name)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil && d.Lparen == token.NoPos {
						report(name)
					}
				}
			}
		}
	}
}

// obvious are methods that an interface everybody knows explains.
var obvious = map[string]bool{"Error": true, "String": true, "Unwrap": true, "ReadDir": true, "Read": true, "Write": true, "Close": true}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}

// TestSubcommands holds the list of subcommands against the folder: each has a
// file of its name, help and an example, and the list is sorted. Flags stand as they were declared.
func TestSubcommands(t *testing.T) {
	var names []string
	for _, cmd := range subcommands(&console{}) {
		names = append(names, cmd.Name())
		if _, err := os.Stat(cmd.Name() + ".go"); err != nil || cmd.Short == "" || cmd.Long == "" || !strings.Contains(cmd.Example, "linecheck "+cmd.Name()) {
			t.Errorf("%s lacks a file, help or an example", cmd.Name())
		}
		flags := 0
		cmd.Flags().VisitAll(func(*pflag.Flag) { flags++ })
		if flags > 1 && cmd.Flags().SortFlags {
			t.Errorf("the help of %s sorts the flags by name: what matters most comes first", cmd.Name())
		}
		for line := range strings.SplitSeq(cmd.Long, "\n") {
			if terminal.Width(line) > terminal.DefaultWidth {
				t.Errorf("the help of %s has a line of more than %d columns: %s", cmd.Name(), terminal.DefaultWidth, line)
			}
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("subcommands are not sorted: %q", names)
	}
}

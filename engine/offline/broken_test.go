package offline_test

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/document"
	"github.com/linecheck/linecheck/rules/format"
	"github.com/linecheck/linecheck/rules/lint"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// breakStride leaves out most places, for the time that CI has. All of them take
// ten seconds.
const breakStride = 3

// TestBrokenRunbooks breaks every sound runbook of the corpus at one place after
// another and hands what is left to everything that takes a runbook. All of it
// must live with that or refuse it.
func TestBrokenRunbooks(t *testing.T) {
	if testing.Short() {
		t.Skip("does one thing after another: no race to look for")
	}
	t.Parallel()
	cases, err := rulestest.Corpus(os.DirFS("../../rules/testdata/valid"))
	if err != nil {
		t.Fatal(err)
	}
	tried, refused := 0, 0
	for _, c := range cases {
		for name, file := range c.Files {
			for i, text := range breakings(string(file.Data), name) {
				if i%breakStride != 0 {
					continue
				}
				files := fstest.MapFS{}
				for other, f := range c.Files {
					files[other] = f
				}
				files[name] = &fstest.MapFile{Data: []byte(text)}
				tried++
				err := panics.Call(func() error {
					if useAll(files) {
						refused++
					}
					return nil
				})
				if err != nil {
					t.Fatalf("%s, %s: %v\n%s\n%s", c.Name, name, err, text, err.(*panics.Recovered).Stack)
				}
			}
		}
	}
	if tried < 100 || refused < tried/2 {
		t.Errorf("%d broken, %d of them refused", tried, refused)
	}
}

// breakings are texts with one block or attribute less, or one name changed.
func breakings(src, name string) (texts []string) {
	f, diags := hclsyntax.ParseConfig([]byte(src), name, hcl.InitialPos)
	if strings.HasSuffix(name, ".json") || diags.HasErrors() {
		return nil
	}
	without := func(rng hcl.Range, put string) {
		texts = append(texts, src[:rng.Start.Byte]+put+src[rng.End.Byte:])
	}
	hclsyntax.VisitAll(f.Body.(*hclsyntax.Body), func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.Block:
			without(hcl.RangeBetween(n.TypeRange, n.CloseBraceRange), "")
		case *hclsyntax.Attribute:
			without(n.SrcRange, "")
		case *hclsyntax.ScopeTraversalExpr:
			without(n.Traversal[0].SourceRange(), "gone")
			if len(n.Traversal) > 1 {
				without(n.Traversal[1].SourceRange(), ".gone")
			}
		}
		return nil
	})
	return texts
}

// useAll hands a runbook to everything that takes one, and reports whether it is
// refused.
func useAll(files fstest.MapFS) bool {
	below := func(folder string) rules.Overlay {
		sub, _ := fs.Sub(files, folder)
		return rules.Overlay{Name: "case/" + folder, FS: sub}
	}
	rb, _ := rules.Load(probe.Kinds(), rules.Overlay{Name: "case", FS: files})
	sites, _ := rules.LoadSites(rb, below("sites.d"))
	tests, _ := rules.LoadTests(rb, below("tests"))
	for name, f := range files {
		format.Source(name, f.Data)
	}
	lint.Run(rb)
	if d, diags := document.New(rb, nil); !diags.HasErrors() {
		d.Page()
	}
	suite := offline.Suite{Runbook: rb, Tests: tests, Sites: sites, Probes: probe.All(), Coverage: offline.NewCoverage(rb)}
	suite.Run(context.Background(), nil)
	plan, diags := engine.NewPlan(rb, engine.Settings{})
	report := plan.Run(context.Background(), engine.Options{Probes: probe.All(), Answer: func(engine.Query) engine.Answer {
		return engine.Answer{Problem: "nobody is asked", Last: true}
	}})
	engine.Conclude(rb, report.Sites[0])
	return diags.HasErrors()
}

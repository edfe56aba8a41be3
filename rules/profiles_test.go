package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/terminal"
)

// profiles loads the files of a folder of profiles beside a runbook with the
// variables host, port and word.
func profiles(t *testing.T, files map[string]string) *rules.Profiles {
	t.Helper()
	rb, diags := rules.Load(nil, overlay("rb", map[string]string{"a.hcl": `
		variable "host" { default = null }
		variable "port" {
		  type    = number
		  default = 25
		  validation {
		    condition     = var.port < 100 || var.host == "high"
		    error_message = "Ports are below 100."
		  }
		}`}))
	for _, d := range diags {
		if d.Summary != "No checks" && d.Severity == hcl.DiagError {
			t.Logf("runbook: %v", d)
		}
	}
	return rules.LoadProfiles(rb, overlay("sites.d", files))
}

// places are where errors stand, FILE:LINE.
func places(diags hcl.Diagnostics) []string {
	var at []string
	for _, d := range diags {
		where := "nowhere"
		if d.Subject != nil {
			where = fmt.Sprintf("%s:%d", strings.TrimPrefix(d.Subject.Filename, "sites.d/"), d.Subject.Start.Line)
		}
		at = append(at, where)
	}
	return at
}

// Each error is that of the profile that it stands in and of those that extend
// it, and of no other.
func TestProblemsOfProfiles(t *testing.T) {
	for name, test := range map[string]struct {
		files  map[string]string
		want   map[string][]string // by profile
		strays []string
	}{
		"value": {
			files: map[string]string{"a.hcl": "site \"a\" {\n  vars = { hots = 1 }\n}\nsite \"b\" {}\n"},
			want:  map[string][]string{"a": {"a.hcl:2"}, "b": nil},
		},
		"shape, in the other form too": {
			files: map[string]string{
				"a.hcl":      "site \"a\" {\n  titel = 1\n}\nsite \"b\" {}\n",
				"c.hcl.json": "{\"site\": {\"c\": {\n\"titel\": \"x\"}, \"d\": {}}}",
			},
			want: map[string][]string{"a": {"a.hcl:2"}, "b": nil, "c": {"c.hcl.json:2"}, "d": nil},
		},
		"parent": {
			files: map[string]string{
				"a.hcl": "site \"a\" { extends = \"p\" }\nsite \"b\" {}\n",
				"p.hcl": "site \"p\" {\n  abstract = true\n  vars = { port = \"x\" }\n}\n",
			},
			want: map[string][]string{"a": {"p.hcl:3"}, "b": nil, "p": {"p.hcl:3"}},
		},
		"a value of the parent that only one child makes wrong": {
			files: map[string]string{"a.hcl": "site \"p\" {\n  vars = { port = 200 }\n  abstract = true\n}\n" +
				"site \"a\" {\n  extends = \"p\"\n  vars = { host = \"high\" }\n}\n" +
				"site \"b\" {\n  extends = \"p\"\n  vars = { host = \"low\" }\n}\n"},
			want: map[string][]string{"p": nil, "a": nil, "b": {"a.hcl:2"}},
		},
		"unknown parent and a circle": {
			files: map[string]string{"a.hcl": "site \"a\" {\n  extends = \"none\"\n}\n" +
				"site \"b\" {\n  extends = \"c\"\n}\nsite \"c\" {\n  extends = \"b\"\n}\nsite \"d\" {\n  extends = \"b\"\n}\nsite \"e\" {}\n"},
			want: map[string][]string{"a": {"a.hcl:2"}, "b": {"a.hcl:8"}, "c": {"a.hcl:8"}, "d": {"a.hcl:8"}, "e": nil},
		},
		"twice": {
			files: map[string]string{"a.hcl": "site \"a\" {}\nsite \"b\" {}\n", "c.hcl": "site \"a\" {}\n"},
			want:  map[string][]string{"a": {"c.hcl:1"}, "b": nil},
		},
		"override": {
			files: map[string]string{"a.hcl": "site \"a\" {}\nsite \"b\" {}\n", "override.hcl": "site \"a\" {\n  titel = 1\n}\n"},
			want:  map[string][]string{"a": {"override.hcl:2"}, "b": nil},
		},
		"syntax spoils a file": {
			files:  map[string]string{"a.hcl": "site \"a\" {}\nsite \"b\" {\n  vars = {\n}\nsite \"c\" {}\n", "d.hcl": "site \"d\" {}\n"},
			want:   map[string][]string{"a": {"a.hcl:2"}, "c": {"a.hcl:2"}, "d": nil},
			strays: []string{"a.hcl:2"},
		},
		"a block of another name spoils a file": {
			files:  map[string]string{"a.hcl": "site \"a\" {}\nsiet \"b\" {}\n", "d.hcl": "site \"d\" {}\n"},
			want:   map[string][]string{"a": {"a.hcl:2"}, "d": nil},
			strays: []string{"a.hcl:2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := profiles(t, test.files)
			got := map[string][]string{}
			for _, s := range p.Sites {
				got[s.Name] = places(s.Problems)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.strays, places(p.Strays)); diff != "" {
				t.Errorf("strays (-want +got):\n%s", diff)
			}
			// Nothing wrong is lost on the way.
			for _, d := range p.Diags {
				owned := slices.Contains(p.Strays, d)
				for _, s := range p.Sites {
					owned = owned || slices.Contains(places(s.Problems), places(hcl.Diagnostics{d})[0])
				}
				if !owned {
					t.Errorf("nobody's: %v", d)
				}
			}
		})
	}
}

// What a profile has from others: the nearer the stronger, vantages by name,
// waivers by what they waive.
func TestInheritance(t *testing.T) {
	p := profiles(t, map[string]string{"a.hcl": `
		site "c" {
		  extends = "b"
		  vars    = { host = "c" }
		  vantage "far" { vars = { port = 3 } }
		  vantage "own" {}
		}
		site "b" {
		  extends = "a"
		  vars    = { port = 2 }
		}
		site "a" {
		  abstract = true
		  title    = "not inherited"
		  vars     = { host = "a", port = 1 }
		  vantage "near" {}
		  vantage "far" {
		    via  = ["ssh", "far"]
		    vars = { port = 4, host = "f" }
		  }
		}`})
	if p.Diags.HasErrors() {
		t.Fatal(p.Diags)
	}
	describe := func(vars []rules.VarValue) string {
		var words []string
		for _, v := range vars {
			words = append(words, fmt.Sprintf("%s=%s of %s", v.Name, terminal.Value(v.Value), v.Site))
		}
		slices.Sort(words)
		return strings.Join(words, ", ")
	}
	s := p.Sites[0]
	got := []string{s.Title, fmt.Sprint(s.Abstract), describe(s.Vars)}
	for _, v := range s.Vantages {
		got = append(got, fmt.Sprintf("%s %v %s", v.Name, v.Via, describe(v.Vars)))
	}
	want := []string{"", "false", "host=c of c, port=2 of b", "near [] ", "far [ssh far] host=f of a, port=3 of c", "own [] "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLongLineOfProfiles(t *testing.T) {
	var src strings.Builder
	for i := range 102 {
		fmt.Fprintf(&src, "site \"s%d\" {\n  extends = \"s%d\"\n}\n", i, i+1)
	}
	src.WriteString("site \"s102\" {}\n")
	p := profiles(t, map[string]string{"a.hcl": src.String()})
	if len(p.Diags) != 1 || p.Diags[0].Summary != "Too long a line of sites" {
		t.Fatalf("got %v", p.Diags)
	}
	for i, s := range p.Sites {
		if broken := i <= 2; broken != s.Problems.HasErrors() {
			t.Errorf("%s: %v", s.Name, s.Problems)
		}
	}
}

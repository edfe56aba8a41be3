package document

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/zclconf/go-cty/cty"
)

// updateVar is the environment variable under which goldens are written anew.
const updateVar = "LINECHECK_UPDATE"

// mostBytesPerCause is what a document of the shipped runbook may weigh: with
// both ends each cause stands in it twice.
const mostBytesPerCause = 3_700

func load(t *testing.T, files map[string]string) *rules.Runbook {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "rb", FS: folder})
	noErrors(t, diags)
	return rb
}

// describe is New of a runbook that is proved.
func describe(t testing.TB, rb *rules.Runbook, site *Site) *Document {
	t.Helper()
	d, diags := New(rb, site)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return d
}

func noErrors(t *testing.T, diags hcl.Diagnostics) {
	t.Helper()
	if diags.HasErrors() {
		t.Fatal(diags)
	}
}

func shipped(t *testing.T) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "embedded", FS: checks.FS})
	noErrors(t, diags)
	return rb
}

// bind binds a runbook to values as the command line does.
func bind(t *testing.T, rb *rules.Runbook, name string, vantages map[string]map[string]string) *Site {
	t.Helper()
	site := &Site{Name: name, Title: "Main Street"}
	for _, v := range []string{"gateway", "host", "local"} {
		vars, ok := vantages[v]
		if !ok {
			continue
		}
		plan, diags := engine.NewPlan(rb, engine.Settings{Values: []engine.Values{{Origin: "test", Text: vars}}})
		noErrors(t, diags)
		bound := Vantage{Name: v, Vars: map[string]cty.Value{}}
		for _, o := range plan.Origins() {
			bound.Vars[o.Variable.Name] = o.Value
		}
		for _, s := range plan.Checks() {
			bound.Checks = append(bound.Checks, Step(s))
		}
		for _, s := range plan.Facts() {
			bound.Facts = append(bound.Facts, Step(s))
		}
		site.Vantages = append(site.Vantages, bound)
	}
	return site
}

func write(t *testing.T, f func(io.Writer, *Article) error, a *Article) string {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv(updateVar) != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; %s=1 rewrites it):\n%s", path, updateVar, diff)
	}
}

// everything is a runbook with each block of the language.
var everything = map[string]string{
	"a.hcl": `
runbook "everything" {
  title       = "Every block <once> & for all"
  version     = "1.2.3"
  description = "For tests."
  authors     = ["A <a@example.com>"]
}
variable "host" {
  type        = string
  description = "Whom to ask | or not."
}
variable "secret" {
  type      = string
  default   = "hunter2"
  sensitive = true
}
variable "limits" {
  type    = map(number)
  default = { a = 10, b = 20 }
}
locals {
  ports = { web = 80, mail = 25 }
  slow  = ["blackhole", "prohibit"]
}
fact "way" {
  target = var.host
  probe "route" {}
}
fact "each_port" {
  for_each = local.ports
  target   = var.host
  probe "tcp" { port = each.value }
}
check "last" {
  title      = "The last of ${var.host}"
  depends_on = [check.first, check.side]
  target     = coalesce(var.host, fact.way.gateway)
  when       = check.first.result.received > 0
  probe "ping" {
    count = 5
  }
  pass    = result.received > 0 && !contains(local.slow, fact.way.kind) # as it is
  explain = "${target} ${result.received == 0 ? "is silent" : "is odd"}: ${join(", ", [for p in fact.each_port : p.address])} (${var.secret})"
}
check "first" {
  layer  = "ip"
  tags   = ["a", "b"]
  target = var.host
  timeout = "20s"
  retry {
    attempts = 3
    interval = "2s"
  }
  probe "ping" {}
  pass    = result.received > 0
  warn    = result.loss_pct >= 50 || result.rtt_avg_ms != null
  explain = "No answer."
  remedy  = "Ask."
  cause "never_here" {
    when    = var.host == "elsewhere" && result.received == 0
    explain = "Elsewhere."
  }
  cause "harmless" {
    when     = fact.each_port["web"].connected
    severity = "warn"
    explain  = "The web answers at ${fact.each_port["web"].address}."
    remedy   = "Nothing."
  }
}
check "side" {
  for_each   = local.ports
  title      = "Port ${each.key}"
  depends_on = [check.first]
  target     = var.host
  probe "tcp" {
    port = each.value
  }
  pass    = result.connected
  explain = "${each.key} (${each.value}) of ${target} is closed."
}
conclusion "way_back" {
  when    = vantage.gateway.check.first.passed && !vantage.host.check.first.passed
  explain = "The way back does not work."
  remedy  = "Look at the route back."
}
`,
	"b.hcl.json": `{
  "check": { "from_json": {
    "target": "${var.host}",
    "probe": { "dns": {} },
    "pass": "${result.rcode == \"NOERROR\" && length(result.addresses) > 0}",
    "explain": "It said \"${result.rcode}\"."
  } }
}`,
}

func TestMarkdown(t *testing.T) {
	rb := load(t, everything)
	golden(t, "open.md", write(t, Markdown, describe(t, rb, nil).Page()))
	site := bind(t, rb, "main", map[string]map[string]string{"gateway": {"host": "192.0.2.1"}, "host": {"host": "192.0.2.2"}})
	golden(t, "site.md", write(t, Markdown, describe(t, rb, site).Page()))
}

// TestSecrets looks for a sensitive value in every output.
func TestSecrets(t *testing.T) {
	rb := load(t, everything)
	site := bind(t, rb, "main", map[string]map[string]string{"local": {"host": "192.0.2.1"}})
	for name, f := range outputs {
		for _, d := range []*Document{describe(t, rb, nil), describe(t, rb, site)} {
			if strings.Contains(write(t, f, d.Page()), "hunter2") {
				t.Errorf("%s shows the value of a sensitive variable", name)
			}
		}
	}
}

var outputs = map[string]func(io.Writer, *Article) error{"markdown": Markdown, "html": HTML}

// TestPage holds the pages to what is promised of them: one file, complete,
// well-formed, that asks for nothing, and the same each time.
func TestPage(t *testing.T) {
	rb := shipped(t)
	causes := 0
	for _, c := range rb.Checks {
		causes += len(c.Causes)
	}
	all := map[string]func() *Article{
		"open":       func() *Article { return describe(t, rb, nil).Page() },
		"everything": func() *Article { return describe(t, load(t, everything), nil).Page() },
		"reference":  func() *Article { return Reference(testLanguage()) },
		"site": func() *Article {
			return describe(t, rb, bind(t, rb, "dublin", map[string]map[string]string{"local": {
				"subnet_host": "10.1.0.20", "default_gateway": "10.1.0.1", "remote_host": "10.2.0.25", "mail_host": "mail.corp.example",
			}})).Page()
		},
		"both ends": func() *Article {
			return describe(t, rb, bind(t, rb, "dublin", map[string]map[string]string{"gateway": {"remote_host": "10.2.0.25"}, "host": {"remote_host": "10.1.0.20"}})).Page()
		},
	}
	for name, make := range all {
		t.Run(name, func(t *testing.T) {
			page := write(t, HTML, make())
			if again := write(t, HTML, make()); again != page {
				t.Error("a second one differs from the first")
			}
			if mostBytes := mostBytesPerCause * causes; len(page) > mostBytes {
				t.Errorf("%d bytes, more than %d", len(page), mostBytes)
			}
			selfContained(t, page)
		})
	}
}

// TestCorpus prints every valid runbook of the language's corpus.
func TestCorpus(t *testing.T) {
	cases, err := rulestest.Corpus(os.DirFS("../testdata/valid"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) < 3 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "rb", FS: c.Files})
			noErrors(t, diags)
			d := describe(t, rb, nil)
			selfContained(t, write(t, HTML, d.Page()))
			text := write(t, Markdown, d.Page())
			for _, check := range rb.Checks {
				if !strings.Contains(text, check.Address()) {
					t.Errorf("%s is not there", check.Address())
				}
			}
			for _, address := range d.Addresses() {
				if _, _, found := d.Explain(address); !found {
					t.Errorf("%s is listed and not found", address)
				}
			}
		})
	}
}

// TestNoInstance binds a check to no instance at all.
func TestNoInstance(t *testing.T) {
	rb := load(t, map[string]string{"a.hcl": `
variable "hosts" {
  type    = map(string)
  default = {}
}
check "each" {
  for_each = var.hosts
  target   = each.value
  probe "ping" {}
  pass    = result.received > 0
  explain = "${target} is silent."
}
check "behind" {
  depends_on = [check.each]
  target     = "127.0.0.1"
  probe "ping" {}
  pass    = result.received > 0
  explain = "${target} is silent."
}`})
	page := write(t, HTML, describe(t, rb, bind(t, rb, "x", map[string]map[string]string{"local": {}})).Page())
	selfContained(t, page)
	if !strings.Contains(page, "not at this site") {
		t.Error("the drawing does not say that there is no instance")
	}
}

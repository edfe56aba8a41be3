package offline_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

const head = `{"recording":{"format_version":"1.0"}}` + "\n"
const local = `{"place":{"site":"local","vantage":"local","vars":{}}}` + "\n"

// What is wrong with a recording is told with its line.
func TestReadRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		line int // 0: the file as a whole
		want string
	}{
		"empty":            {"", 0, "is empty"},
		"blank":            {"\n\n", 0, "is empty"},
		"no JSON":          {"hello", 1, "invalid character"},
		"no head":          {local, 1, "does not begin with"},
		"two heads":        {head + head, 2, "one head"},
		"other version":    {`{"recording":{"format_version":"2.7","linecheck":"9"}}`, 1, `"2.7"`},
		"no version":       {`{"recording":{}}`, 1, `format version ""`},
		"nothing recorded": {head, 1, "No place follows"},
		"nowhere":          {head + `{"answer":{"address":"check.a","kind":"ping","result":{}}}`, 2, "behind the place"},
		"no site":          {head + `{"place":{"vantage":"local"}}`, 2, "a site and a vantage"},
		"place twice":      {head + local + local, 3, "already"},
		"no address":       {head + local + `{"answer":{"kind":"ping","result":{}}}`, 3, "has the address"},
		"no result":        {head + local + `{"answer":{"address":"check.a","kind":"ping"}}`, 3, "either a result or an error"},
		"result and error": {head + local + `{"answer":{"address":"check.a","kind":"ping","result":{},"error":"x"}}`, 3, "either a result or an error"},
		"wrong type":       {head + `{"place":{"site":1}}`, 2, "place.site must not be a JSON number"},
		"not UTF-8":        {head + "{\"place\":\"\xff\"}", 2, "not UTF-8"},
		"cut off":          {head + local + `{"answer":{"addr`, 3, "unexpected end"},
		"deep":             {head + local + `{"answer":{"address":"check.a","kind":"ping","result":` + strings.Repeat("[", 100_000) + `}}`, 3, "exceeded max depth"},
		"long line":        {head + `{"place":{"site":"` + strings.Repeat("x", 5<<20) + `"}}`, 2, "at most 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := offline.Read("file.jsonl", strings.NewReader(test.text))
			if len(diags) != 1 {
				t.Fatalf("%d errors: %v", len(diags), diags)
			}
			line := 0
			if diags[0].Subject != nil {
				line = diags[0].Subject.Start.Line
			}
			if line != test.line || !strings.Contains(diags[0].Detail, test.want) {
				t.Errorf("line %d: %s\nwant line %d: …%s…", line, diags[0].Detail, test.line, test.want)
			}
		})
	}
}

const pinged = `
check "a" {
  target = "192.0.2.1"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}`

// A result is held against the kind before anything is judged.
func TestBindRefuses(t *testing.T) {
	rb := load(t, pinged)
	for result, want := range map[string]string{
		`null`:                           "it must be an object, not null",
		`[]`:                             "it must be an object, not a list",
		`{"recieved":1}`:                 "recieved is nothing that this kind of probe observes",
		`{"received":"3"}`:               "received must be number, not a string",
		`{"received":null}`:              "received is never null",
		`{"icmp":null}`:                  "icmp is never null",
		`{"icmp":{"code":true}}`:         "icmp.code must be number, not true or false",
		`{"received":1e999999999}`:       "received is a number that is too big",
		`{"rtt_avg_ms":{"__unknown":1}}`: "rtt_avg_ms must be number, not an object",
	} {
		rec, diags := offline.Read("f", strings.NewReader(head+local+`{"answer":{"address":"check.a","kind":"ping","result":`+result+`}}`))
		if diags.HasErrors() {
			t.Errorf("%s: %v", result, diags)
			continue
		}
		_, _, diags = rec.Places[0].Bind(rb)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, want) || diags[0].Subject.Start.Line != 3 {
			t.Errorf("%s: %v\nwant line 3: %s", result, diags, want)
		}
	}
}

// Whatever a stranger's recording holds, reading and judging it ends, and what
// was read is written and read again as the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(head + local + `{"answer":{"address":"check.a","kind":"ping","target":"192.0.2.1","args":{"count":3},"result":{"sent":3,"received":0,"loss_pct":100,"rtt_avg_ms":null,"icmp":{"code":1}},"timed_out":true}}`))
	f.Add([]byte(head + local + `{"answer":{"address":"check.a","kind":"ping","target":null,"result":{}}}` + "\n" + `{"answer":{"address":"check.a","kind":"dns","error":"x"}}`))
	f.Add([]byte(head + `{"place":{"site":"s","vantage":"v","vars":{"x":[1,{"a":null}]},"waivers":[{"check":"*","reason":"r","expires":"2030-01-01"}],"only":["a"],"sensitive":["x"]}}`))
	rb := load(f, `variable "x" { default = 1 }`+pinged)
	f.Fuzz(func(t *testing.T, src []byte) {
		rec, diags := offline.Read("f", bytes.NewReader(src))
		if diags.HasErrors() {
			return
		}
		for _, p := range rec.Places {
			settings, replay, diags := p.Bind(rb)
			if diags.HasErrors() {
				continue
			}
			if plan, diags := engine.NewPlan(rb, settings); !diags.HasErrors() {
				plan.Run(t.Context(), engine.Options{Probes: probe.All(), Answer: replay.Answer})
			}
		}
		var first, second bytes.Buffer
		if err := rec.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, diags := offline.Read("f", bytes.NewReader(first.Bytes()))
		if diags.HasErrors() {
			t.Fatalf("what was written can't be read: %v\n%s", diags, first.Bytes())
		}
		if err := again.Write(&second); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.String(), second.String()); diff != "" {
			t.Errorf("written twice (-first +second):\n%s", diff)
		}
	})
}

func load(t testing.TB, text string) *rules.Runbook {
	t.Helper()
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "r", FS: files{"a.hcl": text}.fs()})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return rb
}

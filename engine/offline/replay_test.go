package offline_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/offline"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

const moody = `
variable "secret" {
  default   = "swordfish"
  sensitive = true
}
variable "plain" { default = { list = [1, "x", null], number = 0.1 } }
fact "denied" {
  target = "192.0.2.9"
  probe "ping" {}
}
fact "aimless" {
  probe "route" {}
}
check "second_try" {
  target = "192.0.2.1"
  retry {
    attempts = 3
    interval = "1s"
  }
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
check "slow" {
  target  = "192.0.2.2"
  timeout = "2s"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
check "patient" {
  target  = "192.0.2.3"
  timeout = "2s"
  retry {
    attempts = 100
    interval = "1500ms"
  }
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer, ${var.plain.number}, ${fact.aimless.gateway}."
  cause "denied" {
    when    = fact.denied.received > 0
    explain = "Could be."
  }
}
check "tells" {
  target = "192.0.2.4"
  probe "log" { pattern = var.secret }
  pass    = result.matched
  explain = "It says something."
}
check "waived" {
  target = "192.0.2.5"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
check "behind" {
  depends_on = [check.slow]
  target     = "192.0.2.6"
  probe "ping" {}
  pass    = result.received > 0
  explain = "No answer."
}
`

// moods are probes that fail, fail at first, are cut off, can't ask, and repeat
// a secret.
func moods() []*engine.Probe {
	probes := slices.Clone(probe.All())
	for i, p := range probes {
		var pinged atomic.Int64
		q := *p
		q.Observe = func(ctx context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
			values := p.UnknownResult().AsValueMap()
			switch {
			case p.Name == "route":
				values["gateway"] = cty.NullVal(cty.String)
			case p.Name == "log":
				values["matched"], values["line"] = cty.False, cty.StringVal("the word is swordfish")
			case q.Target == "192.0.2.1":
				values["received"], values["rtt_avg_ms"] = cty.NumberIntVal(pinged.Add(1)-1), cty.NumberFloatVal(0.1)
			case q.Target == "192.0.2.2":
				<-ctx.Done()
				values["sent"] = cty.NumberIntVal(3)
			case q.Target == "192.0.2.9":
				return cty.NilVal, errors.New("no permission, said swordfish")
			default:
				values["received"] = cty.Zero
			}
			return cty.ObjectVal(values), nil
		}
		probes[i] = &q
	}
	return probes
}

// What was recorded is judged again to the same report, apart from its times;
// what is sensitive is nowhere in it.
func TestReplayIsTheSameReport(t *testing.T) {
	rb := load(t, moody)
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // where a bubble begins
	settings := engine.Settings{Site: &rules.Site{Name: "dublin", Title: "Dublin", Waivers: []*rules.Waiver{
		{Check: "waived", Reason: "Ticket 4711", Expires: day},
		{Check: "behind", Reason: "over", Expires: day.AddDate(0, 0, -1)},
	}}, Vantage: &rules.Vantage{Name: "gateway"}, Skip: []string{"nothing*"}}
	var first, file bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		if _, diags := engine.NewPlan(rb, settings); !diags.HasErrors() {
			t.Fatal("a pattern that names nothing was taken")
		}
		settings.Skip = nil
		plan, diags := engine.NewPlan(rb, settings)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		var recorder offline.Recorder
		r := plan.Run(t.Context(), engine.Options{Probes: moods(), Observed: recorder.Observe})
		place, err := recorder.Place(plan, settings, r)
		if err != nil {
			t.Fatal(err)
		}
		rec := offline.Recording{Head: offline.Head{RecordedAt: r.StartedAt}, Places: []*offline.Place{place}}
		if err := rec.Write(&file); err != nil {
			t.Fatal(err)
		}
		writeTimeless(t, &first, r)
	})
	for _, text := range []string{file.String(), first.String()} {
		if strings.Contains(text, "swordfish") {
			t.Errorf("the secret is in it:\n%s", text)
		}
	}

	rec, diags := offline.Read("f", bytes.NewReader(file.Bytes()))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	again, replay, diags := rec.Places[0].Bind(rb)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if diff := cmp.Diff([]string{"secret"}, rec.Places[0].Hidden(rb)); diff != "" {
		t.Errorf("hidden (-want +got):\n%s", diff)
	}
	again.Values = append(again.Values, engine.Values{Origin: "--var", Text: map[string]string{"secret": "swordfish"}})
	plan, diags := engine.NewPlan(rb, again)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var second bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		writeTimeless(t, &second, plan.Run(t.Context(), engine.Options{Probes: probe.All(), Answer: replay.Answer}))
		if took := time.Since(start); took > time.Millisecond { // untilNext asks for a nanosecond
			t.Errorf("a replay took %v: it waited for a clock", took)
		}
	})
	if diff := cmp.Diff(first.String(), second.String()); diff != "" {
		t.Errorf("(-recorded +replayed):\n%s", diff)
	}
	for _, status := range []string{`"timed out after 2s; not observed: result.received"`, `"attempts": 2,`, `"waived until 2000-01-01: Ticket 4711"`, `"missing": [`} {
		if !strings.Contains(first.String(), status) {
			t.Errorf("the report has no %s; the test tests too little:\n%s", status, first.String())
		}
	}
}

// writeTimeless writes the JSON of a report without its times.
func writeTimeless(t *testing.T, w *bytes.Buffer, r *engine.Report) {
	t.Helper()
	r.StartedAt, r.Elapsed = time.Time{}, 0
	for _, v := range r.Sites[0].Vantages {
		v.StartedAt, v.Elapsed = time.Time{}, 0
		for _, c := range v.Checks {
			c.Started, c.Elapsed = 0, 0
		}
		for _, f := range v.Facts {
			f.Started, f.Elapsed = 0, 0
		}
	}
	format, _ := report.Find("json")
	if err := format.Write(w, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
}

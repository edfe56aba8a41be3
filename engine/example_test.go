package engine_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// A program with a check of its own and a probe kind of its own: "queue" asks a
// mail queue that lives in the same program.
func Example() {
	kind := &language.Kind{
		Name: "queue", Doc: "Counts the messages that wait in a queue.", TargetDoc: "Name of the queue.",
		Result: []language.Attribute{
			{Name: "waiting", Type: cty.Number, NeverNull: true, Doc: "Messages that wait."},
			{Name: "oldest_s", Type: cty.Number, Doc: "Age of the oldest in seconds; null where none waits."},
		},
	}
	probe := &engine.Probe{Kind: kind, Observe: func(ctx context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
		return cty.ObjectVal(map[string]cty.Value{"waiting": cty.NumberIntVal(12), "oldest_s": cty.NumberIntVal(5400)}), nil
	}}
	files := fstest.MapFS{"mail.hcl": {Data: []byte(`
check "outgoing" {
  target = "outgoing"
  probe "queue" {}
  pass    = result.waiting == 0 || result.oldest_s < 3600
  explain = "${result.waiting} messages wait in ${target}, the oldest for ${result.oldest_s} seconds."
}`)}}
	runbook, diags := rules.Load([]*language.Kind{kind}, rules.Overlay{Name: "checks", FS: files})
	if diags.HasErrors() {
		log.Fatal(diags)
	}
	plan, diags := engine.NewPlan(runbook, engine.Settings{})
	if diags.HasErrors() {
		log.Fatal(diags)
	}
	report := plan.Run(context.Background(), engine.Options{Probes: []*engine.Probe{probe}})
	cause := report.Sites[0].Vantages[0].RootCauses()[0]
	fmt.Println(report.Verdict(), cause.Address, cause.Explain)
	for _, e := range cause.Evidence {
		fmt.Println(e.Ref, "=", terminal.Value(e.Value))
	}
	// Output:
	// fail check.outgoing 12 messages wait in outgoing, the oldest for 5400 seconds.
	// result.waiting = 12
	// result.oldest_s = 5400
}

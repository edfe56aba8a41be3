package rules_test

import (
	"fmt"
	"testing/fstest"

	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// A runbook is loaded and proved: what nobody could observe is found before
// anything is sent. Its neighbour, without the slip, is bound to a site.
func Example() {
	kind := &language.Kind{
		Name: "queue", Doc: "Counts the messages that wait in a queue.", TargetDoc: "Name of the queue.",
		Result: []language.Attribute{{Name: "waiting", Type: cty.Number, NeverNull: true, Doc: "Messages that wait."}},
	}
	load := func(condition string) (*rules.Runbook, bool) {
		files := fstest.MapFS{"mail.hcl": {Data: []byte(`
variable "queue" { type = string }
check "outgoing" {
  target = var.queue
  probe "queue" {}
  pass    = ` + condition + `
  explain = "${result.waiting} messages wait in ${target}."
}`)}}
		runbook, diags := rules.Load([]*language.Kind{kind}, rules.Overlay{Name: "checks", FS: files})
		for _, d := range diags {
			fmt.Printf("%s:%d: %s. %s\n", d.Subject.Filename, d.Subject.Start.Line, d.Summary, d.Detail)
		}
		return runbook, !diags.HasErrors()
	}
	load("result.wating < 100")
	if runbook, ok := load("result.waiting < 100"); ok {
		sites, _ := rules.LoadSites(runbook, rules.Overlay{Name: "sites.d", FS: fstest.MapFS{
			"dublin.hcl": {Data: []byte(`site "dublin" { vars = { queue = "outgoing" } }`)}}})
		fmt.Println(runbook.Checks[0].Address(), "at", sites[0].Name, "asks", sites[0].Vars[0].Value.AsString())
	}
	// Output:
	// checks/mail.hcl:6: Unknown attribute. result has no attribute "wating". Did you mean "waiting"?
	// check.outgoing at dublin asks outgoing
}

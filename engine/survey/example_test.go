package survey_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"slices"
	"syscall"
	"testing/fstest"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/engine/survey"
	"github.com/linecheck/linecheck/rules"
)

var mailLine = fstest.MapFS{"line.hcl": {Data: []byte(`
variable "peer" { type = string }
check "smtp" {
  target = var.peer
  probe "tcp" { port = 25 }
  pass    = result.connected
  explain = "${target} takes no mail."
}
conclusion "one_way_back" {
  when    = vantage.gateway.check.smtp.passed && !vantage.host.check.smtp.passed
  explain = "Mail gets through from the gateway to the host, and not back."
}`)}}

var profiles = fstest.MapFS{"dublin.hcl": {Data: []byte(`
site "dublin" {
  vantage "gateway" { vars = { peer = "10.2.0.25" } }
  vantage "host" { vars = { peer = "10.1.0.2" } }
}`)}}

// A site is looked at from two vantages, in a world in which only the mail host
// can be connected to.
func Example() {
	runbook, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "line", FS: mailLine})
	sites, more := rules.LoadSites(runbook, rules.Overlay{Name: "sites.d", FS: profiles})
	dublin, wrong := survey.New(runbook, sites, survey.Settings{})
	if diags = slices.Concat(diags, more, wrong); len(diags) > 0 {
		log.Print(diags) // a site that is wrong is refused, and stands in the report
	}
	world := engine.World{Dial: func(_ context.Context, _, address string) (net.Conn, error) {
		if address != "10.2.0.25:25" {
			return nil, syscall.ECONNREFUSED
		}
		near, _ := net.Pipe()
		return near, nil
	}}
	report, _ := dublin.Run(context.Background(), survey.Options{Options: engine.Options{Probes: probe.All(), World: world}})
	for _, v := range report.Sites[0].Vantages {
		fmt.Printf("%s: %s %q\n", v.Name, v.Checks[0].Status, v.Checks[0].Explain)
	}
	fmt.Println(report.Sites[0].Conclusions[0].Explain)
	// Output:
	// gateway: pass ""
	// host: fail "10.1.0.2 takes no mail."
	// Mail gets through from the gateway to the host, and not back.
}

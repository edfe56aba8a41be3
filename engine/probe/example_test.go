package probe_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"testing/fstest"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// A program asks itself whether somebody listens.
func Example() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer listener.Close()
	runbook, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks", FS: fstest.MapFS{"web.hcl": {Data: []byte(`
variable "port" { type = number }
check "web" {
  target = "127.0.0.1"
  probe "tcp" { port = var.port }
  pass    = result.connected
  explain = "Nobody listens on port ${var.port}."
}`)}}})
	if diags.HasErrors() {
		log.Fatal(diags)
	}
	port := fmt.Sprint(listener.Addr().(*net.TCPAddr).Port)
	plan, diags := engine.NewPlan(runbook, engine.Settings{Values: []engine.Values{{Origin: "the listener", Text: map[string]string{"port": port}}}})
	if diags.HasErrors() {
		log.Fatal(diags)
	}
	report := plan.Run(context.Background(), engine.Options{Probes: probe.All()})
	web := report.Sites[0].Vantages[0].Checks[0]
	fmt.Println(web.Address, web.Status, "connected:", web.Result.GetAttr("connected").True())
	// Output: check.web pass connected: true
}

package rulestest

import (
	"fmt"
	"strings"
	"testing/fstest"
)

// A Shape is a runbook to generate.
type Shape struct {
	Checks  int
	PerFile int  // checks in a file; 0: all in one
	Chain   bool // each check depends on the one before
}

func (s Shape) String() string {
	files, order := "one", "wide"
	if s.PerFile > 0 {
		files = "many"
	}
	if s.Chain {
		order = "chain"
	}
	return fmt.Sprintf("checks=%d/files=%s/%s", s.Checks, files, order)
}

// Generate writes a runbook of checks of some 640 bytes, no two of them alike,
// that have one of everything a check commonly has. They use the kinds ping
// and tcp; all of them pass where a host answers within 100 ms.
func Generate(s Shape) fstest.MapFS {
	perFile := s.PerFile
	if perFile == 0 {
		perFile = s.Checks
	}
	files := fstest.MapFS{"00-variables.hcl": &fstest.MapFile{Data: []byte(generatedVariables)}}
	for first := 0; first < s.Checks; first += perFile {
		var b strings.Builder
		for i := first; i < min(first+perFile, s.Checks); i++ {
			writeCheck(&b, s, i)
		}
		files[fmt.Sprintf("checks-%06d.hcl", first)] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return files
}

const generatedVariables = `runbook "generated" {
  version = "1.0.0"
}

variable "slow_ms" {
  type    = number
  default = 250
}
`

func writeCheck(b *strings.Builder, s Shape, i int) {
	gate := ""
	if s.Chain && i > 0 {
		gate = fmt.Sprintf("  depends_on = [check.host_%06d]\n", i-1)
	}
	address := fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255)
	if i%2 == 0 {
		fmt.Fprintf(b, `check "host_%06d" {
  title      = "Host %d answers"
  layer      = "ip"
%s  target     = "%s"

  probe "ping" { count = %d }

  pass    = result.received > 0 && result.loss_pct < %d
  warn    = result.rtt_avg_ms > var.slow_ms + %d
  explain = "${target} answered ${result.received} of ${result.sent} pings."
  remedy  = "Look at host %d itself, then at the switch between."

  cause "prohibited" {
    when    = result.received == 0 && result.icmp.code == %d
    explain = "${result.icmp.sender} does not let anybody through to ${target}."
    remedy  = "Ask who runs ${result.icmp.sender}."
  }
}

`, i, i, gate, address, 1+i%5, 40+i%50, i%100, i, 9+i%4)
		return
	}
	fmt.Fprintf(b, `check "host_%06d" {
  title      = "Host %d takes connections"
  layer      = "tcp"
%s  target     = "%s"

  probe "tcp" { port = %d }

  pass    = result.connected && result.connect_ms < %d
  warn    = result.connect_ms > var.slow_ms + %d
  explain = "${target} does not take connections on port %d."
  remedy  = "Look at host %d itself, then at the firewall."

  cause "refused" {
    when    = result.refused && result.icmp.code == null
    explain = "${target} refuses: no program listens on port %d."
    remedy  = "Start the service of host %d, and look why it stopped."
  }
}

`, i, i, gate, address, 1024+i%60000, 500+i%500, i%100, 1024+i%60000, i, 1024+i%60000, i)
}

package report_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/zclconf/go-cty/cty"
)

// A report, which Plan.Run and Survey.Run return, is written for people. The same
// call with "json" writes it for programs.
func Example() {
	found := &engine.Report{
		Runbook:   engine.RunbookInfo{Name: "mail"},
		StartedAt: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC),
		Elapsed:   12 * time.Millisecond,
		Sites: []*engine.SiteReport{{Name: "dublin", Vantages: []*engine.VantageReport{{Name: "host", Checks: []*engine.CheckReport{{
			Address: "check.smtp", Kind: "tcp", Status: engine.Fail, Target: cty.StringVal("10.1.0.2"), Attempts: 1,
			Explain: "10.1.0.2 takes no mail.", Elapsed: 12 * time.Millisecond,
		}}}}}},
	}
	format, ok := report.Find("text")
	if !ok {
		log.Fatal("no such format")
	}
	if err := format.Write(os.Stdout, found, report.Options{ASCII: true}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(found.Verdict())
	// Output:
	// mail
	// site dublin, seen from host
	// 2026-11-30 08:00:00
	//
	// x FAIL     smtp  10.1.0.2    12 ms
	//
	// | x FAIL  smtp
	// | check.smtp
	// |
	// | 10.1.0.2 takes no mail.
	//
	// x FAIL  in 12 ms: 1 failed
	// fail
}

package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func vantage(statuses ...Status) *VantageReport {
	v := &VantageReport{}
	for _, s := range statuses {
		v.Checks = append(v.Checks, &CheckReport{Status: s})
	}
	return v
}

func TestVerdict(t *testing.T) {
	for _, test := range []struct {
		statuses []Status
		want     Status
	}{
		{nil, Error},
		{[]Status{Skipped, Skipped}, Error},
		{[]Status{Pass, Skipped}, Pass},
		{[]Status{Pass, Warn, Pass}, Warn},
		{[]Status{Warn, Error, Blocked, Pass}, Error},
		{[]Status{Error, Fail, Blocked, Warn}, Fail},
	} {
		if got := vantage(test.statuses...).Verdict(); got != test.want {
			t.Errorf("%v: verdict %q, want %q", test.statuses, got, test.want)
		}
	}
	if got := (&Report{}).Verdict(); got != Error {
		t.Errorf("report without a site: %q", got)
	}
	r := &Report{Sites: []*SiteReport{
		{Vantages: []*VantageReport{vantage(Pass), vantage(Skipped)}},
		{Vantages: []*VantageReport{vantage(Pass), vantage(Warn)}},
	}}
	if got := r.Verdict(); got != Error {
		t.Errorf("one vantage ran nothing: %q, want error", got)
	}
	if got := r.Sites[1].Verdict(); got != Warn {
		t.Errorf("site: %q, want warn", got)
	}
}

func TestRootCausesAndLayers(t *testing.T) {
	v := &VantageReport{Checks: []*CheckReport{
		{Address: "check.a", Layer: "ip", Status: Pass},
		{Address: "check.b", Layer: "ip", Status: Warn},
		{Address: "check.c", Layer: "tcp", Status: Error},
		{Address: "check.d", Layer: "tcp", Status: Fail},
		{Address: "check.e", Layer: "mail", Status: Blocked},
		{Address: "check.f", Layer: "mail", Status: Pass},
		{Address: "check.g", Layer: "log", Status: Skipped},
		{Address: "check.h", Status: Error, Interrupted: true},
		{Address: "check.i", Status: Fail},
		{Address: "check.j", Layer: "dns", Status: Blocked},
		{Address: "check.k", Layer: "dns", Status: Error},
		{Address: "check.l", Layer: "web", Status: Warn},
		{Address: "check.m", Layer: "web", Status: Blocked},
		{Address: "check.n", Layer: "ntp", Status: Skipped},
		{Address: "check.o", Layer: "ntp", Status: Pass},
		{Address: "check.p", Layer: "snmp", Status: Warn},
		{Address: "check.q", Layer: "snmp", Status: Skipped, Skip: SkipFiltered},
		{Address: "check.r", Layer: "nfs", Status: Pass},
		{Address: "check.s", Layer: "nfs", Status: Skipped, Skip: SkipNotApplicable},
		{Address: "check.t", Layer: "rpc", Status: Skipped, Skip: SkipNotApplicable},
		{Address: "check.u", Layer: "ssh", Status: Fail},
		{Address: "check.v", Layer: "ssh", Status: Skipped, Skip: SkipNoValue},
		{Address: "check.w", Status: Pass},
		{Address: "check.x", Status: Pass},
		{Address: "check.y", Status: Pass},
	}}
	var got []string
	for _, c := range v.RootCauses() {
		got = append(got, c.Address)
	}
	if diff := cmp.Diff([]string{"check.d", "check.i", "check.u", "check.c", "check.k", "check.b", "check.l", "check.p"}, got); diff != "" {
		t.Error(diff)
	}
	want := []LayerReport{
		{"ip", Warn, Warn, Scope{Looked: 2, Of: 2}},
		{"tcp", Fail, Fail, Scope{Looked: 2, Of: 2}},
		{"mail", Blocked, Blocked, Scope{Looked: 1, Of: 2}},
		{"log", Skipped, Skipped, Scope{Of: 1, Left: 1}},
		{"dns", Error, Error, Scope{Looked: 1, Of: 2}},
		{"web", Blocked, Blocked, Scope{Looked: 1, Of: 2}},
		{"ntp", Partial, Pass, Scope{Looked: 1, Of: 2, Left: 1}},
		{"snmp", Partial, Warn, Scope{Looked: 1, Of: 2, Left: 1}},
		{"nfs", Pass, Pass, Scope{Looked: 1, Of: 1}},
		{"rpc", Skipped, Skipped, Scope{}},
		{"ssh", Fail, Fail, Scope{Looked: 1, Of: 2, Left: 1}},
	}
	if diff := cmp.Diff(want, v.Layers()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Scope{Looked: 15, Of: 23, Left: 4}, v.Scope()); diff != "" {
		t.Error(diff)
	}
}

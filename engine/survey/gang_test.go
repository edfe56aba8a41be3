package survey

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules"
)

// The vantages of a site begin together however few may run side by side, and
// one that can't begin yet holds nobody up.
func TestGangs(t *testing.T) {
	const s = time.Second
	site := func(name string, far ...bool) (runs []*placeRun) {
		of := &rules.Site{Name: name}
		for _, f := range far {
			v := &rules.Vantage{Name: "v"}
			if f {
				v.Via = []string{"ssh", name}
			}
			runs = append(runs, &placeRun{Place: &Place{Site: of, Vantage: v}})
		}
		return runs
	}
	many := slices.Repeat([]bool{true}, maxSessions+8)
	for name, tc := range map[string]struct {
		runs []*placeRun
		room int
		lost string                     // a site that is never reached, within 20 s
		want map[string][]time.Duration // when each began to look, which takes 2 s
	}{
		"three with room for two":      {site("a", false, true, true), 2, "", map[string][]time.Duration{"a": {0, 0, 0}}},
		"three far with room for two":  {site("a", true, true, true), 2, "", map[string][]time.Duration{"a": {0, 0, 0}}},
		"five with room for two":       {site("a", true, true, false, true, false), 2, "", map[string][]time.Duration{"a": {0, 0, 0, 0, 0}}},
		"one after another":            {site("a", true, true, true), 1, "", map[string][]time.Duration{"a": {0, 2 * s, 4 * s}}},
		"two sites with room for two":  {slices.Concat(site("a", false, true, true), site("b", true, true)), 2, "", map[string][]time.Duration{"a": {0, 0, 0}, "b": {2 * s, 2 * s}}},
		"two sites with room for five": {slices.Concat(site("a", false, true, true), site("b", true, true)), 5, "", map[string][]time.Duration{"a": {0, 0, 0}, "b": {0, 0}}},
		"all here, with room for two":  {site("a", false, false, false), 2, "", map[string][]time.Duration{"a": {0, 0, 2 * s}}},
		"more than there are sessions": {site("a", many...), 256, "", map[string][]time.Duration{"a": append(make([]time.Duration, maxSessions), slices.Repeat([]time.Duration{2 * s}, 8)...)}},
		"a lost site before":           {slices.Concat(site("lost", many[:maxSessions]...), site("a", false), site("b", true, false)), 256, "lost", map[string][]time.Duration{"a": {0}, "b": {20 * s, 20 * s}}},
		"no site":                      {[]*placeRun{{Place: &Place{}}}, 1, "", map[string][]time.Duration{"": {0}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				began, got := time.Now(), map[string][]time.Duration{}
				runGangs(gangs(tc.runs, tc.room > 1), tc.room, func(r *placeRun) {
					name := ""
					if r.Site != nil {
						name = r.Site.Name
					}
					v := visitor{looks: 2 * s}
					if tc.lost != "" && name == tc.lost {
						v = visitor{takes: 20 * s, lost: true}
					}
					v.visit(t.Context(), r.barrier, func() {
						mu.Lock()
						defer mu.Unlock()
						got[name] = append(got[name], time.Since(began))
					})
				})
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("looks (-want +got):\n%s", diff)
				}
			})
		})
	}
}

package main

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
)

// A visitor is a vantage on its way to a meeting.
type visitor struct {
	takes time.Duration // until it is reached
	lost  bool          // it never is
	looks time.Duration
}

// Whoever can be looked from begins together: who began alone looks again when
// somebody comes late, and only then.
func TestMeeting(t *testing.T) {
	const s = time.Second
	for name, tc := range map[string]struct {
		visitors []visitor
		want     [][]time.Duration // when each began to look
		took     time.Duration
	}{
		"at once":              {[]visitor{{looks: 2 * s}, {takes: s, looks: 2 * s}}, [][]time.Duration{{s}, {s}}, 3 * s},
		"late, the other done": {[]visitor{{looks: 2 * s}, {takes: 18 * s, looks: 2 * s}}, [][]time.Duration{{3 * s, 18 * s}, {18 * s}}, 20 * s},
		"late, in mid-look":    {[]visitor{{looks: 20 * s}, {takes: 8 * s, looks: 2 * s}}, [][]time.Duration{{3 * s, 8 * s}, {8 * s}}, 28 * s},
		"never reached":        {[]visitor{{looks: 2 * s}, {takes: 20 * s, lost: true}}, [][]time.Duration{{3 * s}, nil}, 20 * s},
		"refused at once":      {[]visitor{{looks: 2 * s}, {lost: true}}, [][]time.Duration{{0}, nil}, 2 * s},
		"two late":             {[]visitor{{looks: s}, {takes: 5 * s, looks: s}, {takes: 9 * s, looks: s}}, [][]time.Duration{{3 * s, 9 * s}, {8 * s, 9 * s}, {9 * s}}, 10 * s},
		"one late, one lost":   {[]visitor{{looks: s}, {takes: 5 * s, looks: s}, {takes: 20 * s, lost: true}}, [][]time.Duration{{3 * s, 20 * s}, {8 * s, 20 * s}, nil}, 21 * s},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &meeting{all: make(chan struct{}), missing: len(tc.visitors)}
				began := time.Now()
				got := make([][]time.Duration, len(tc.visitors))
				done := make(chan struct{})
				for i, v := range tc.visitors {
					go func() {
						defer func() { done <- struct{}{} }()
						v.visit(t.Context(), m, func() { got[i] = append(got[i], time.Since(began)) })
					}()
				}
				for range tc.visitors {
					<-done
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("looks (-want +got):\n%s", diff)
				}
				if took := time.Since(began); took != tc.took {
					t.Errorf("took %v, want %v", took, tc.took)
				}
			})
		})
	}
}

func (v visitor) visit(ctx context.Context, m *meeting, looked func()) {
	time.Sleep(v.takes)
	if v.lost {
		m.arrive(false)
		return
	}
	m.together(ctx, func(ctx context.Context) *engine.Report {
		looked()
		select {
		case <-time.After(v.looks):
		case <-ctx.Done():
		}
		return &engine.Report{}
	})
}

// A run that is ended waits for nobody.
func TestMeetingIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		m := &meeting{all: make(chan struct{}), missing: 2}
		began, looks := time.Now(), 0
		m.together(ctx, func(context.Context) *engine.Report { looks++; return &engine.Report{} })
		if looks != 1 || time.Since(began) != 5*time.Second {
			t.Errorf("%d looks in %v", looks, time.Since(began))
		}
	})
}

// The vantages of a site begin together however few may run side by side, and
// one that can't begin yet holds nobody up.
func TestBatches(t *testing.T) {
	const s = time.Second
	site := func(name string, far ...bool) (climbs []climb) {
		of := &rules.Site{Name: name}
		for _, f := range far {
			v := &rules.Vantage{Name: "v"}
			if f {
				v.Via = []string{"ssh", name}
			}
			climbs = append(climbs, climb{place: place{site: of, vantage: v}})
		}
		return climbs
	}
	many := slices.Repeat([]bool{true}, sessionsAtOnce+8)
	for name, tc := range map[string]struct {
		climbs []climb
		room   int
		lost   string                     // a site that is never reached, within 20 s
		want   map[string][]time.Duration // when each began to look, which takes 2 s
	}{
		"three with room for two":      {site("a", false, true, true), 2, "", map[string][]time.Duration{"a": {0, 0, 0}}},
		"three far with room for two":  {site("a", true, true, true), 2, "", map[string][]time.Duration{"a": {0, 0, 0}}},
		"five with room for two":       {site("a", true, true, false, true, false), 2, "", map[string][]time.Duration{"a": {0, 0, 0, 0, 0}}},
		"one after another":            {site("a", true, true, true), 1, "", map[string][]time.Duration{"a": {0, 2 * s, 4 * s}}},
		"two sites with room for two":  {slices.Concat(site("a", false, true, true), site("b", true, true)), 2, "", map[string][]time.Duration{"a": {0, 0, 0}, "b": {2 * s, 2 * s}}},
		"two sites with room for five": {slices.Concat(site("a", false, true, true), site("b", true, true)), 5, "", map[string][]time.Duration{"a": {0, 0, 0}, "b": {0, 0}}},
		"all here, with room for two":  {site("a", false, false, false), 2, "", map[string][]time.Duration{"a": {0, 0, 2 * s}}},
		"more than there are sessions": {site("a", many...), 256, "", map[string][]time.Duration{"a": append(make([]time.Duration, sessionsAtOnce), slices.Repeat([]time.Duration{2 * s}, 8)...)}},
		"a lost site before":           {slices.Concat(site("lost", many[:sessionsAtOnce]...), site("a", false), site("b", true, false)), 256, "lost", map[string][]time.Duration{"a": {0}, "b": {20 * s, 20 * s}}},
		"no site":                      {[]climb{{}}, 1, "", map[string][]time.Duration{"": {0}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				began, got := time.Now(), map[string][]time.Duration{}
				runAll(batches(tc.climbs, tc.room > 1), tc.room, func(cl *climb) {
					name := ""
					if cl.site != nil {
						name = cl.site.Name
					}
					v := visitor{looks: 2 * s}
					if tc.lost != "" && name == tc.lost {
						v = visitor{takes: 20 * s, lost: true}
					}
					v.visit(t.Context(), cl.others, func() {
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

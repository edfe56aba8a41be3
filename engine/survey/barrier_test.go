package survey

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
)

// A visitor is a vantage on its way to a barrier.
type visitor struct {
	takes time.Duration // until it is reached
	lost  bool          // it never is
	looks time.Duration
}

// Whoever can be looked from begins together: who began alone looks again when
// somebody comes late, and only then.
func TestBarrier(t *testing.T) {
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
				b := newBarrier(len(tc.visitors))
				began := time.Now()
				got := make([][]time.Duration, len(tc.visitors))
				done := make(chan struct{})
				for i, v := range tc.visitors {
					go func() {
						defer func() { done <- struct{}{} }()
						v.visit(t.Context(), b, func() { got[i] = append(got[i], time.Since(began)) })
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

func (v visitor) visit(ctx context.Context, b *barrier, looked func()) {
	time.Sleep(v.takes)
	if v.lost {
		b.arrive(false)
		return
	}
	b.run(ctx, func(ctx context.Context) *engine.Report {
		looked()
		select {
		case <-time.After(v.looks):
		case <-ctx.Done():
		}
		return &engine.Report{}
	})
}

// A run that is ended waits for nobody.
func TestBarrierIsEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		b := newBarrier(2)
		began, looks := time.Now(), 0
		b.run(ctx, func(context.Context) *engine.Report { looks++; return &engine.Report{} })
		if looks != 1 || time.Since(began) != 5*time.Second {
			t.Errorf("%d looks in %v", looks, time.Since(began))
		}
	})
}

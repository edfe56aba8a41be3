package farend

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
)

// What a probe has observed when its time is up comes back, and it was not told
// that it was interrupted: silence counts only then (probe.silenceCounts).
func TestDeadline(t *testing.T) {
	for _, delay := range []time.Duration{0, time.Microsecond, 100 * time.Millisecond, cancelAfter - time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			s := talkSlowly(t, testSide("1.0"), delay)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			start := time.Now()
			got, err := observe(ctx, s, hangKind, engine.Query{})
			if err != nil || !got.RawEquals(n(timeIsUp)) || time.Since(start) > 2*time.Second+answerGrace {
				t.Errorf("%v on the way: %#v, %v after %v", delay, got, err, time.Since(start))
			}
		})
	}
}

// A question that was longer on its way than that is cut off for its answer.
func TestDeadlineOnABadLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := talkSlowly(t, testSide("1.0"), time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if got, err := observe(ctx, s, hangKind, engine.Query{}); err != nil || !got.RawEquals(n(interrupted)) {
			t.Errorf("%#v, %v", got, err)
		}
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := talk(t, testSide("1.0"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		got, err := observe(ctx, s, hangKind, engine.Query{})
		if err != nil || !got.RawEquals(n(interrupted)) || time.Since(start) != time.Second {
			t.Errorf("%#v, %v after %v", got, err, time.Since(start))
		}
	})
}

// A probe that does not stop is answered for.
func TestDeafProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := talk(t, testSide("1.0"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := observe(ctx, s, deafKind, engine.Query{})
		if err == nil || !strings.Contains(err.Error(), "did not stop when it had to") || time.Since(start) > time.Second+2*stopGrace {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		time.Sleep(10 * stopGrace) // the probe's own fault is over then
	})
}

// A far side that greets and then hangs costs a probe its time and no more.
func TestFarSideHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far, toNear := io.Pipe()
		line, err := encode(testSide("1.0").greeting())
		if err != nil {
			t.Fatal(err)
		}
		go toNear.Write(line)
		s, err := open(t.Context(), testSide("1.0"), nil, stream{in: far, out: discard{}, end: func(err error) error { far.Close(); return err }})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err = observe(ctx, s, hangKind, engine.Query{})
		if err == nil || time.Since(start) != time.Second+answerGrace {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A far side that stands still in mid-run is lost, and says so at the end; one
// that only has a probe that is stuck is not.
func TestFarSideFreezes(t *testing.T) {
	for name, tc := range map[string]struct {
		timeout, within time.Duration
	}{
		"a long probe":  {time.Minute, silenceTimeout},
		"a short probe": {2 * time.Second, 2*time.Second + answerGrace},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				far, toNear := io.Pipe()
				hail := testSide("1.0").greeting()
				hail.Hello.AliveMS = 1000
				line, err := encode(hail)
				if err != nil {
					t.Fatal(err)
				}
				go toNear.Write(line)
				s, err := open(t.Context(), testSide("1.0"), nil, stream{in: far, out: discard{}, end: func(err error) error { far.Close(); return err }})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), tc.timeout)
				defer cancel()
				start := time.Now()
				_, err = observe(ctx, s, hangKind, engine.Query{})
				if want := "the other computer is gone: it gave no sign of life for"; err == nil || !strings.Contains(err.Error(), want) || time.Since(start) > tc.within {
					t.Errorf("%v after %v", err, time.Since(start))
				}
				if _, err := observe(t.Context(), s, hangKind, engine.Query{}); err == nil || !strings.Contains(err.Error(), "is gone") {
					t.Errorf("asked again: %v", err)
				}
				if err := s.Close(); err == nil || !strings.Contains(err.Error(), "no sign of life") {
					t.Errorf("close: %v", err)
				}
			})
		})
	}
}

// A far side that works on one thing for long keeps saying that it is there.
func TestFarSideStaysAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := talk(t, testSide("1.0"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*silenceTimeout)
		defer cancel()
		if got, err := observe(ctx, s, hangKind, engine.Query{}); err != nil || !got.RawEquals(n(timeIsUp)) {
			t.Errorf("%#v, %v", got, err)
		}
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

func TestNeverGreets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far, toNear := io.Pipe()
		defer toNear.Close()
		start := time.Now()
		_, err := open(t.Context(), testSide("1.0"), nil, stream{in: far, out: discard{}, end: func(err error) error { far.Close(); return err }})
		if err == nil || err.Error() != "no answer within 20s" || time.Since(start) != greetTimeout {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

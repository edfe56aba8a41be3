package probe

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
)

// A sizedPath carries packets up to limit bytes, unless one of its routers says
// before that they are too big, and loses others by chance.
type sizedPath struct {
	limit   int
	loss    func(size int) bool
	routers []sizedRouter // in the order of the path
	sent    int
}

// A sizedRouter takes packets up to its limit and says that it takes says.
type sizedRouter struct {
	addr        netip.Addr
	limit, says int
}

func (p *sizedPath) send(sizes []int) (burst, error) {
	v := burst{passed: make([]bool, len(sizes)), tooBig: make([]*icmp.Error, len(sizes))}
	for i, size := range sizes {
		p.sent++
		if r := slices.IndexFunc(p.routers, func(r sizedRouter) bool { return size > r.limit }); r >= 0 {
			v.tooBig[i] = &icmp.Error{Type: 3, Code: 4, Sender: p.routers[r].addr, NextHopMTU: p.routers[r].says}
			continue
		}
		v.passed[i] = size <= p.limit && (p.loss == nil || !p.loss(size))
	}
	return v, nil
}

func (p *sizedPath) search(t *testing.T, largest int) mtuOutcome {
	t.Helper()
	s := &mtuSearch{largest: largest, send: p.send}
	if err := s.run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s.outcome
}

func TestMTUSearchFindsEverySize(t *testing.T) {
	for limit := smallPacket; limit <= 1600; limit++ {
		p := &sizedPath{limit: limit}
		o := p.search(t, 1500)
		want := mtuOutcome{mtu: limit, verdict: mtuVanish, complete: true}
		if limit >= 1500 {
			want.mtu, want.verdict = 1500, mtuPass
		}
		if o != want || p.sent > 250 {
			t.Fatalf("a path of %d bytes: %+v after %d packets, want %+v", limit, o, p.sent, want)
		}
	}
}

func TestMTUSearchHeedsRouters(t *testing.T) {
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for _, test := range []struct {
		name    string
		routers []sizedRouter
		limit   int
		want    mtuOutcome
	}{
		{"one", []sizedRouter{{a, 1400, 1400}}, 1500,
			mtuOutcome{mtu: 1400, verdict: mtuPass, limitedBy: a, complete: true}},
		{"one behind another", []sizedRouter{{a, 1400, 1400}, {b, 1300, 1300}}, 1500,
			mtuOutcome{mtu: 1300, verdict: mtuPass, limitedBy: b, complete: true}},
		{"one that does not say what it takes", []sizedRouter{{a, 1400, 0}}, 1500,
			mtuOutcome{mtu: 1400, verdict: mtuPass, limitedBy: a, complete: true}},
		{"one that says nonsense", []sizedRouter{{a, 1400, 9000}}, 1500,
			mtuOutcome{mtu: 1400, verdict: mtuPass, limitedBy: a, complete: true}},
		{"one that takes next to nothing", []sizedRouter{{a, smallPacket, smallPacket}}, 1500,
			mtuOutcome{mtu: smallPacket, verdict: mtuUnsure, limitedBy: a, complete: true}},
		{"one before a black hole", []sizedRouter{{a, 1400, 1400}}, 1234,
			mtuOutcome{mtu: 1234, verdict: mtuVanish, limitedBy: a, complete: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &sizedPath{limit: test.limit, routers: test.routers}
			if o := p.search(t, 1500); o != test.want {
				t.Errorf("got  %+v\nwant %+v", o, test.want)
			}
		})
	}
}

func TestMTUSearchOfASilentTarget(t *testing.T) {
	p := &sizedPath{}
	if o := p.search(t, 1500); o.mtu != 0 || o.verdict != mtuUnsure || p.sent > 20 {
		t.Errorf("%+v after %d packets", o, p.sent)
	}
}

// Loss that hits every size must not be taken for a black hole.
func TestMTUSearchIsNotFooledByLoss(t *testing.T) {
	for _, loss := range []float64{0.1, 0.3, 0.5, 0.7, 0.9} {
		random := rand.New(rand.NewPCG(1, 2))
		const runs = 5000
		fooled := 0
		for range runs {
			p := &sizedPath{limit: 1500, loss: func(int) bool { return random.Float64() < loss }}
			if p.search(t, 1500).verdict == mtuVanish {
				fooled++
			}
		}
		if fooled > runs/100 {
			t.Errorf("with %v of all packets lost, %d of %d searches see a black hole", loss, fooled, runs)
		}
		t.Logf("with %v lost: %d of %d", loss, fooled, runs)
	}
	// Where the path has one, some loss does not hide it.
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		p := &sizedPath{limit: 1400, loss: func(int) bool { return random.Float64() < 0.05 }}
		if o := p.search(t, 1500); o.verdict != mtuVanish {
			t.Errorf("a black hole and a little loss: %+v", o)
		}
	}
}

func TestMTUResult(t *testing.T) {
	router := netip.MustParseAddr("192.0.2.1")
	for _, test := range []struct {
		name    string
		outcome mtuOutcome
		want    want
	}{
		{"passes", mtuOutcome{mtu: 1500, verdict: mtuPass, complete: true}, want{"mtu": 1500.0, "black_hole": false, "limited_by": nil}},
		{"limited", mtuOutcome{mtu: 1400, verdict: mtuPass, limitedBy: router, complete: true}, want{"mtu": 1400.0, "black_hole": false, "limited_by": "192.0.2.1"}},
		{"vanishes", mtuOutcome{mtu: 1400, verdict: mtuVanish, complete: true}, want{"mtu": 1400.0, "black_hole": true, "limited_by": nil}},
		{"loss", mtuOutcome{mtu: 1400, verdict: mtuUnsure, complete: true}, want{"mtu": 1400.0, "black_hole": nil, "limited_by": nil}},
		{"silence", mtuOutcome{verdict: mtuUnsure, complete: true}, want{"mtu": unknown, "black_hole": unknown, "limited_by": unknown}},
		{"cut off", mtuOutcome{mtu: 96}, want{"mtu": unknown, "black_hole": unknown, "limited_by": unknown}},
		{"cut off while the size is searched", mtuOutcome{mtu: 96, verdict: mtuVanish}, want{"mtu": unknown, "black_hole": true, "limited_by": nil}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newResult(mtuKind)
			test.outcome.set(r)
			test.want.check(t, "mtu", r.value())
		})
	}
}

func TestMTUSearchEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &sizedPath{limit: 1237}
		s := &mtuSearch{largest: 65535, send: func(sizes []int) (burst, error) {
			time.Sleep(time.Second) // a slow path
			return p.send(sizes)
		}}
		start := time.Now()
		if err := s.run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > mtuBudget+time.Second {
			t.Errorf("took %v", took)
		}
		if o := s.outcome; o.verdict != mtuVanish || o.mtu < 1024 || o.mtu > 1237 || !o.complete {
			t.Errorf("%+v", o)
		}
	})
}

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		low, high int
		want      []int
	}{
		{100, 101, nil},
		{100, 104, []int{101, 102, 103}},
	} {
		if diff := cmp.Diff(test.want, spread(test.low, test.high)); diff != "" {
			t.Errorf("between %d and %d (-want +got):\n%s", test.low, test.high, diff)
		}
	}
	wide := spread(100, 10000)
	if len(wide) != maxSpread || wide[0] <= 100 || wide[len(wide)-1] >= 10000 {
		t.Errorf("between 100 and 10000: %v", wide)
	}
}

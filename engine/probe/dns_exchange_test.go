package probe

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
)

func TestDNSAttempts(t *testing.T) {
	lossy := func(lost int32) func(*dns.Msg) *dns.Msg {
		var count atomic.Int32
		return func(query *dns.Msg) *dns.Msg {
			if count.Add(1) <= lost {
				return nil
			}
			return memory(oneName, 10*time.Millisecond)(query)
		}
	}
	late := func(query *dns.Msg) *dns.Msg { return memory(oneName, 2500*time.Millisecond)(query) }
	for name, test := range map[string]struct {
		server   func(*dns.Msg) *dns.Msg
		attempts int
		took     time.Duration
		entry    map[string]any
	}{
		"one lost":     {lossy(1), 2, 400*time.Millisecond + 10*time.Millisecond, map[string]any{"answered": true, "timed_out": false, "rtt_ms": 10.0, "lost": 1.0}},
		"two lost":     {lossy(2), 2, 1000*time.Millisecond + 20*time.Millisecond, map[string]any{"answered": true, "lost": 2.0, "edns_dropped": false}},
		"three lost":   {lossy(3), 1, dnsAttempt, map[string]any{"answered": false, "timed_out": true, "rtt_ms": nil}},
		"a second try": {lossy(3), 2, dnsAttempt + 20*time.Millisecond, map[string]any{"answered": true, "rtt_ms": 10.0}},
		"late but yet": {late, 2, 2500*time.Millisecond + dnsAttempt, map[string]any{"answered": true, "rtt_ms": 2500.0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := quiet()
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": test.server})
				args := serverList("10.0.0.1")
				args["type"], args["attempts"] = cty.StringVal("A"), number(test.attempts)
				began := time.Now()
				result := plain(mustAsk(t, "dns", w, "mail.example", args)).(map[string]any)
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				some(t, "entry", test.entry, result["servers"].([]any)[0].(map[string]any))
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

// A type that is answered late each time is not made quick by the other, which
// is answered at once.
func TestDNSOneTypeLate(t *testing.T) {
	for name, test := range map[string]struct {
		conf string
		late func(since time.Duration, name string) time.Duration // of the answer for AAAA
		rtt  float64
	}{
		"each time": {"", func(time.Duration, string) time.Duration { return 3 * time.Second }, 3000},
		"the first time": {"", func(since time.Duration, _ string) time.Duration {
			if since < 3*time.Second {
				return 3 * time.Second
			}
			return 0
		}, 0},
		"each time, but not long": {"", func(time.Duration, string) time.Duration { return 1500 * time.Millisecond }, 1500},
		"with the search domain": {"search corp.example\noptions ndots:5\n", func(_ time.Duration, name string) time.Duration {
			if name == "mail.example." {
				return 0
			}
			return 3 * time.Second
		}, 3000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				w := quiet()
				w.Open = files(map[string]string{resolvConfFile: test.conf})
				w.Dial = inMemoryDNS(map[string]func(*dns.Msg) *dns.Msg{"10.0.0.1:53": func(query *dns.Msg) *dns.Msg {
					if query.Question[0].Qtype == dns.TypeAAAA {
						time.Sleep(test.late(time.Since(began), query.Question[0].Name))
					}
					return memory(oneName, 0)(query)
				}})
				_, entry := askOne(t, w, "10.0.0.1", "mail.example")
				some(t, "entry", map[string]any{"rtt_ms": test.rtt, "unanswered": []any{}}, entry)
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

package dnsclient

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// An ID that came twice would make a late answer a quick one.
func TestDNSQuestionsDifferInTheirIDs(t *testing.T) {
	x := Client{}.exchange(netip.MustParseAddrPort("10.0.0.1:53"), dns.Question{Name: "mail.example.", Qtype: dns.TypeA, Qclass: dns.ClassINET})
	const free = 25
	for id := range 1 << 16 {
		if id != free {
			x.sent[uint16(id)] = sentQuestion{at: x.began}
		}
	}
	if _, err := x.pack(true); err != nil {
		t.Fatal(err)
	}
	if x.sent[free].at.IsZero() {
		t.Errorf("the packet did not go out under %d, which alone was free", free)
	}
}

func FuzzDNSAnswer(f *testing.F) {
	query := new(dns.Msg).SetQuestion("mail.example.", dns.TypeA)
	query.Id = 7
	exchange := exchange{question: query.Question[0], sent: map[uint16]sentQuestion{7: {}}}
	seed := func(change func(*dns.Msg)) {
		m := new(dns.Msg).SetReply(query)
		for _, record := range []string{"mail.example. 60 CNAME x.example.", "x.example. 30 A 192.0.2.1", "x.example. 30 AAAA ::1"} {
			rr, err := dns.NewRR(record)
			if err != nil {
				f.Fatal(err)
			}
			m.Answer = append(m.Answer, rr)
		}
		change(m)
		b, err := m.Pack()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	seed(func(*dns.Msg) {})
	seed(func(m *dns.Msg) { m.Id = 8 })
	seed(func(m *dns.Msg) { m.Question = nil; m.Rcode = dns.RcodeFormatError })
	seed(func(m *dns.Msg) { m.Answer = m.Answer[:1]; m.Answer[0].(*dns.CNAME).Target = "mail.example." })
	seed(func(m *dns.Msg) { m.SetEdns0(1232, true) })
	f.Fuzz(func(t *testing.T, packet []byte) {
		m := exchange.answer(packet)
		if m == nil {
			return
		}
		if m.Id != 7 || !m.Response {
			t.Fatalf("took %v for an answer", m)
		}
		if RcodeName(m.Rcode) == "" {
			t.Fatalf("rcode %d has no name", m.Rcode)
		}
		addresses, canonical, _ := addressesIn(m, "mail.example.", dns.TypeA)
		for _, addr := range addresses {
			if !addr.Is4() {
				t.Fatalf("address %v of an A record", addr)
			}
		}
		if len(addresses) > 0 && canonical != "mail.example." && !strings.Contains(m.String(), "CNAME") {
			t.Fatalf("canonical name %q out of nothing", canonical)
		}
	})
}

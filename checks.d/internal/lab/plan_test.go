package lab

import (
	"fmt"
	"net/netip"
	"testing"
)

// Every drawn plan must allow the faults that rely on it: a mask that can be
// too narrow or too wide, and no address twice.
func TestPlansHoldWhatFaultsRelyOn(t *testing.T) {
	for i := range 500 {
		s := Shape{Name: fmt.Sprint(i), Routers: i % 5, IPv4: i%3 != 2, IPv6: i%3 != 0, DNSBeside: i%7 == 0}
		p := newPlan(s)
		owner := map[netip.Addr]string{}
		own := func(addr netip.Addr, who string) {
			if owner[addr] != "" {
				t.Errorf("%+v: %v belongs to %s and to %s", s, addr, owner[addr], who)
			}
			owner[addr] = who
		}
		addr := map[string][]netip.Prefix{}
		for _, h := range p.hosts {
			addr[h.name] = h.ifaces[0].addr
			for _, iface := range h.ifaces {
				if len(iface.addr) != len(p.families) {
					t.Fatalf("%+v: %s %s has addresses %v", s, h.name, iface.name, iface.addr)
				}
				for k, a := range iface.addr {
					own(a.Addr(), h.name+" "+iface.name)
					if iface.lan != nil && a.Masked() != iface.lan.prefixes[k] {
						t.Errorf("%+v: %s has %v on %v", s, h.name, a, iface.lan.prefixes[k])
					}
				}
			}
		}
		for lan, spare := range p.spare {
			for _, a := range spare {
				own(a.Addr(), "nobody on "+lan)
			}
		}
		for k := range p.families {
			gw, peer, mail := addr["gw"][k], addr["peer"][k], addr["mail"][k]
			narrow, _ := gw.Addr().Prefix(gw.Bits() + 1)
			if narrow.Contains(peer.Addr()) {
				t.Errorf("%+v: the neighbour %v is inside of the narrow %v", s, peer, narrow)
			}
			if s.Routers > 0 && !narrow.Contains(addr["r1"][k].Addr()) {
				t.Errorf("%+v: the router %v is outside of the narrow %v", s, addr["r1"][k], narrow)
			}
			if narrow.Addr() == gw.Addr() || s.Routers > 0 && gw.Masked().Contains(mail.Addr()) {
				t.Errorf("%+v: %v and %v are no addresses for this plan", s, gw, mail)
			}
			wide, _ := gw.Addr().Prefix(p.wide[k])
			if !wide.Contains(mail.Addr()) {
				t.Errorf("%+v: the mail host %v is outside of the wide %v", s, mail, wide)
			}
		}
	}
}

func TestPlansDiffer(t *testing.T) {
	seen := map[netip.Prefix]string{}
	for _, name := range []string{"a", "b", "c", "d"} {
		p := newPlan(Shape{Name: name, Routers: 3, IPv4: true})
		lan := p.lans["gwlan"].prefixes[0]
		if seen[lan] != "" {
			t.Errorf("%s and %s both have %v", seen[lan], name, lan)
		}
		seen[lan] = name
		if again := newPlan(Shape{Name: name, Routers: 3, IPv4: true}); again.lans["gwlan"].prefixes[0] != lan {
			t.Errorf("%s has %v, then %v", name, lan, again.lans["gwlan"].prefixes[0])
		}
	}
}

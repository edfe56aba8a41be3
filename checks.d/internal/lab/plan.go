package lab

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
)

// A Shape says what network is built. Its addresses follow from its name.
type Shape struct {
	Name    string // seeds addresses and names; New takes the test's when empty
	Routers int    // in a row between the two LANs; 0: one LAN, no router
	IPv4    bool
	IPv6    bool // with IPv4: every computer has both
	// DNSBeside puts the DNS server on the gateway computer's LAN.
	DNSBeside bool
}

// Standard is the network that a fault is injected into unless the fault needs
// another: three routers, IPv4.
var Standard = Shape{Routers: 3, IPv4: true}

// A plan is every name and address of one network, decided before anything is
// built.
type plan struct {
	domain   string // of all names in the network
	mailName string // the mail host's full name
	gwName   string // the gateway computer's
	families []int  // 4, 6
	hosts    []*hostPlan
	routers  []*hostPlan               // in the order from the gateway computer
	segments []*segment                // what lies between them, from gwlan to maillan
	lans     map[string]*segment       // "gwlan", "maillan"; the same one without routers
	spare    map[string][]netip.Prefix // addresses that nobody has, by LAN
	wide     []int                     // prefix length that covers both LANs, by family
}

type hostPlan struct {
	name   string
	ifaces []*ifacePlan
	router bool
}

// An ifacePlan is one adapter and where its other end is: a bridge port on the
// switch, or another router's adapter.
type ifacePlan struct {
	name string
	addr []netip.Prefix // one a family
	lan  *segment       // nil for a link between two routers
	next *hostPlan      // the router whose eth0 is the other end of this eth1
}

type segment struct {
	name     string
	prefixes []netip.Prefix // one a family
}

// newPlan decides the addresses: both LANs in one /16 (IPv6: /48), so that a
// mask can be too wide, and the neighbour in the other half of the gateway's
// LAN, so that it can be too narrow.
func newPlan(s Shape) *plan {
	r := rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%+v", s))))

	p := &plan{domain: fmt.Sprintf("site%04d.example", r.IntN(10000)), lans: map[string]*segment{}}
	p.mailName = fmt.Sprintf("mx%d.%s", r.IntN(100), p.domain)
	p.gwName = fmt.Sprintf("gate%d.%s", r.IntN(100), p.domain)

	gwlan, maillan := &segment{name: "gwlan"}, &segment{name: "maillan"}
	if s.Routers == 0 {
		maillan = gwlan
	}
	p.lans["gwlan"], p.lans["maillan"] = gwlan, maillan
	links := make([]*segment, max(0, s.Routers-1))
	for i := range links {
		links[i] = &segment{name: fmt.Sprintf("link%d", i+1)}
	}
	for _, family := range []int{4, 6} {
		if family == 4 && !s.IPv4 || family == 6 && !s.IPv6 {
			continue
		}
		p.families = append(p.families, family)
		site, transit := sites(r, family)
		p.wide = append(p.wide, site.Bits())
		// The LANs lie in different halves of the site's block.
		half := r.IntN(2)
		gwlan.prefixes = append(gwlan.prefixes, lan(r, site, half))
		if maillan != gwlan {
			maillan.prefixes = append(maillan.prefixes, lan(r, site, 1-half))
		}
		bits := []int{29, 30, 31}[r.IntN(3)]
		if family == 6 {
			bits = []int{64, 127}[r.IntN(2)]
		}
		for i, link := range links {
			link.prefixes = append(link.prefixes, subnet(transit, bits, uint64(i)))
		}
	}

	host := func(name string, ifaces ...*ifacePlan) *hostPlan {
		h := &hostPlan{name: name, ifaces: ifaces}
		p.hosts = append(p.hosts, h)
		return h
	}
	near, far := []string{"gw", "r1", "peer", "beside", "spare"}, []string{"rn", "mail", "dns", "mailpeer", "mailspare"}
	gwAddr, mailAddr := pick(r, gwlan, near), pick(r, maillan, far)
	if maillan == gwlan {
		gwAddr = pick(r, gwlan, append(near, far...))
		mailAddr = gwAddr
	}
	p.spare = map[string][]netip.Prefix{"gwlan": gwAddr["spare"], "maillan": mailAddr["mailspare"]}
	host("gw", &ifacePlan{name: "eth0", lan: gwlan, addr: gwAddr["gw"]})
	host("peer", &ifacePlan{name: "eth0", lan: gwlan, addr: gwAddr["peer"]})
	host("mail", &ifacePlan{name: "eth0", lan: maillan, addr: mailAddr["mail"]})
	if s.DNSBeside {
		host("dns", &ifacePlan{name: "eth0", lan: gwlan, addr: gwAddr["beside"]})
	} else {
		host("dns", &ifacePlan{name: "eth0", lan: maillan, addr: mailAddr["dns"]})
	}
	host("mailpeer", &ifacePlan{name: "eth0", lan: maillan, addr: mailAddr["mailpeer"]})

	p.segments = append(append([]*segment{gwlan}, links...), maillan)
	for i := range s.Routers {
		router := host(fmt.Sprintf("r%d", i+1))
		router.router = true
		p.routers = append(p.routers, router)
	}
	for i, router := range p.routers {
		near := &ifacePlan{name: "eth0", lan: gwlan, addr: gwAddr["r1"]}
		if i > 0 {
			near = &ifacePlan{name: "eth0", addr: ends(links[i-1], 1)}
		}
		out := &ifacePlan{name: "eth1", lan: maillan, addr: mailAddr["rn"]}
		if i+1 < len(p.routers) {
			out = &ifacePlan{name: "eth1", next: p.routers[i+1], addr: ends(links[i], 0)}
		}
		router.ifaces = []*ifacePlan{near, out}
	}
	return p
}

type route struct {
	to  netip.Prefix
	via netip.Addr
}

// routes is a host's routing table beside its own subnets: a default route for
// a computer, one route for each distant subnet for a router.
func (p *plan) routes(h *hostPlan) []route {
	var out []route
	if len(p.routers) == 0 {
		return nil
	}
	first, last := p.routers[0], p.routers[len(p.routers)-1]
	for k, family := range p.families {
		if !h.router {
			via := last.ifaces[1].addr[k].Addr()
			if h.ifaces[0].lan.name == "gwlan" {
				via = first.ifaces[0].addr[k].Addr()
			}
			all := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
			if family == 6 {
				all = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
			}
			out = append(out, route{all, via})
			continue
		}
		me := slices.Index(p.routers, h)
		for i, seg := range p.segments {
			switch {
			case i < me:
				out = append(out, route{seg.prefixes[k], p.routers[me-1].ifaces[1].addr[k].Addr()})
			case i > me+1:
				out = append(out, route{seg.prefixes[k], p.routers[me+1].ifaces[0].addr[k].Addr()})
			}
		}
	}
	return out
}

// sites draws the block that holds both LANs and the one for links between
// routers.
func sites(r *rand.Rand, family int) (site, transit netip.Prefix) {
	if family == 6 {
		var a [16]byte
		a[0], a[1], a[2] = 0xfd, byte(r.IntN(256)), byte(r.IntN(256))
		site = netip.PrefixFrom(netip.AddrFrom16(a), 48)
		a[2] ^= 0xff
		return site, netip.PrefixFrom(netip.AddrFrom16(a), 48)
	}
	block := func() netip.Prefix {
		second := byte(r.IntN(256))
		a := [][4]byte{{10, second}, {172, 16 + second%16}, {192, 168}}[r.IntN(3)]
		return netip.PrefixFrom(netip.AddrFrom4(a), 16)
	}
	site = block()
	for transit = block(); transit == site; {
		transit = block()
	}
	return site, transit
}

// lan draws a LAN in the lower (0) or upper (1) half of a site's block.
func lan(r *rand.Rand, site netip.Prefix, half int) netip.Prefix {
	bits := 22 + r.IntN(4)
	if site.Addr().Is6() {
		bits = 64
	}
	perHalf := 1 << (bits - site.Bits() - 1)
	return subnet(site, bits, uint64(half*perHalf+r.IntN(perHalf)))
}

// pick gives each name an address on the segment: the gateway computer and its
// router in one half of it, the neighbours in the other, so that both sides of
// a halved mask are inhabited.
func pick(r *rand.Rand, seg *segment, names []string) map[string][]netip.Prefix {
	out := map[string][]netip.Prefix{}
	for _, prefix := range seg.prefixes {
		half := uint64(r.IntN(2))
		used := map[uint64]bool{}
		for _, name := range names {
			side := half
			if !slices.Contains([]string{"gw", "r1"}, name) {
				side = 1 - half
			}
			// The first and last addresses of either half stay free: they
			// would be network and broadcast addresses of the narrow mask.
			hostBits := prefix.Addr().BitLen() - prefix.Bits()
			room := uint64(1)<<min(hostBits-1, 16) - 2
			n := 1 + r.Uint64N(room)
			for used[side<<32|n] {
				n = 1 + r.Uint64N(room)
			}
			used[side<<32|n] = true
			out[name] = append(out[name], hostAddr(prefix, side, n))
		}
	}
	return out
}

// hostAddr is address n of the lower (0) or upper (1) half of a prefix.
func hostAddr(prefix netip.Prefix, half, n uint64) netip.Prefix {
	a := prefix.Addr().AsSlice()
	if half == 1 {
		a[prefix.Bits()/8] |= 0x80 >> (prefix.Bits() % 8)
	}
	for i := len(a) - 1; n > 0; i-- {
		a[i] |= byte(n)
		n >>= 8
	}
	addr, _ := netip.AddrFromSlice(a)
	return netip.PrefixFrom(addr, prefix.Bits())
}

// ends gives one of the two ends of a link between routers its addresses.
func ends(link *segment, end uint64) []netip.Prefix {
	var out []netip.Prefix
	for _, prefix := range link.prefixes {
		n := end
		if prefix.Bits() < prefix.Addr().BitLen()-1 {
			n++ // in a /31 or /127 both addresses are usable (RFC 3021, RFC 6164)
		}
		out = append(out, hostAddr(prefix, 0, n))
	}
	return out
}

// subnet is number n of the subnets of that many bits.
func subnet(block netip.Prefix, bits int, n uint64) netip.Prefix {
	a := block.Addr().AsSlice()
	for bit := bits - 1; n > 0; bit-- {
		if n&1 == 1 {
			a[bit/8] |= 0x80 >> (bit % 8)
		}
		n >>= 1
	}
	addr, _ := netip.AddrFromSlice(a)
	return netip.PrefixFrom(addr, bits)
}

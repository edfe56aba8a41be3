//go:build linux

package lab

import (
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/miekg/dns"
)

// DNS says what dnsmasq answers.
type DNS struct {
	// Records are lines of its configuration for the mail host's name, with
	// $NAME, $MAIL … filled in. Left out, the name has the mail host's addresses.
	Records string
}

// StartDNS starts a real dnsmasq on the host, which knows the network's domain
// and nothing else.
func (h *Host) StartDNS(d DNS) {
	t := h.net.t
	t.Helper()
	Need(t, "dnsmasq")
	h.stop("dns")
	if d.Records == "" {
		d.Records = "host-record=$NAME,$MAIL"
		if len(h.net.plan.families) > 1 {
			d.Records += ",$MAIL6"
		}
	}
	gw := "host-record=$GWNAME,$GW"
	if len(h.net.plan.families) > 1 {
		gw += ",$GW6"
	}
	// One that ordinary users can read: dnsmasq gives up root before it opens
	// some of its files.
	h.write(h.file("dnsmasq.conf"), "%s", os.Expand(`keep-in-foreground
pid-file=
log-facility=-
user=root
port=53
bind-interfaces
no-resolv
no-hosts
no-negcache
local=/$DOMAIN/
`+gw+"\n"+d.Records+"\n", h.net.Getenv))
	p := h.start("dns", "dnsmasq", "--conf-file="+h.file("dnsmasq.conf"))
	h.dns = p
	h.listens(p, "::1", 53)
}

// StopDNS ends whatever serves port 53.
func (h *Host) StopDNS() { h.stop("dns") }

// PauseDNS stops the DNS server with SIGSTOP: its port stays open, and silent.
func (h *Host) PauseDNS() {
	h.net.t.Helper()
	if err := h.dns.signal(syscall.SIGSTOP); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
}

// ServeDNS answers on UDP and TCP port 53 of the host, instead of dnsmasq.
func (h *Host) ServeDNS(handler dns.HandlerFunc) {
	t := h.net.t
	t.Helper()
	h.stop("dns")
	var udp net.PacketConn
	var tcp net.Listener
	err := h.inside(func() (err error) {
		if udp, err = net.ListenPacket("udp", ":53"); err != nil {
			return err
		}
		tcp, err = net.Listen("tcp", ":53")
		return err
	})
	if err != nil {
		t.Fatalf("lab: DNS on %s: %v", h.Name, err)
	}
	servers := []*dns.Server{{PacketConn: udp, Handler: handler}, {Listener: tcp, Handler: handler}}
	done := make(chan error, len(servers))
	for _, s := range servers {
		started := make(chan struct{})
		s.NotifyStartedFunc = func() { close(started) }
		go func() { done <- s.ActivateAndServe() }()
		<-started
	}
	h.run("dns", func() {
		for _, s := range servers {
			s.Shutdown()
		}
		for range servers {
			<-done
		}
	})
}

// Rcode is a DNS server that answers everything with one code.
func Rcode(rcode int) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) {
		w.WriteMsg(new(dns.Msg).SetRcode(query, rcode))
	}
}

// Truncating is a DNS server that has room for its answer over TCP only.
func (n *Network) Truncating() dns.HandlerFunc {
	records := map[uint16]string{dns.TypeA: "A", dns.TypeAAAA: "AAAA"}
	return func(w dns.ResponseWriter, query *dns.Msg) {
		reply := new(dns.Msg).SetReply(query)
		q := query.Question[0]
		_, overUDP := w.RemoteAddr().(*net.UDPAddr)
		switch {
		case !strings.EqualFold(q.Name, dns.Fqdn(n.MailName)):
			reply.Rcode = dns.RcodeNameError
		case overUDP:
			reply.Truncated = true
		default:
			for _, addr := range n.Host("mail").plan.ifaces[0].addr {
				if addr.Addr().Is4() == (q.Qtype == dns.TypeA) && records[q.Qtype] != "" {
					rr, err := dns.NewRR(q.Name + " 60 IN " + records[q.Qtype] + " " + addr.Addr().String())
					if err == nil {
						reply.Answer = append(reply.Answer, rr)
					}
				}
			}
		}
		w.WriteMsg(reply)
	}
}

// A Zone is a DNS server that knows records: lines as in a zone file, $NAME,
// $MAIL … filled in, "*.example." standing for every name below. A name without
// a line is NXDOMAIN. It resolves aliases, and is as long as it needs to be.
func (n *Network) Zone(lines ...string) dns.HandlerFunc {
	records := map[string][]dns.RR{}
	for _, line := range lines {
		record, err := dns.NewRR(os.Expand(line, n.Getenv))
		if err != nil {
			n.t.Fatalf("lab: %s: %v", line, err)
		}
		owner := strings.ToLower(record.Header().Name)
		records[owner] = append(records[owner], record)
	}
	return func(w dns.ResponseWriter, query *dns.Msg) {
		reply := new(dns.Msg).SetReply(query)
		reply.RecursionAvailable, reply.Rcode = true, dns.RcodeNameError
		qtype := query.Question[0].Qtype
		name := strings.ToLower(query.Question[0].Name)
		for range len(records) + 1 {
			found := zoneRecords(records, name)
			reply.Rcode = dns.RcodeSuccess
			if found == nil {
				reply.Rcode = dns.RcodeNameError
				break
			}
			alias := ""
			for _, record := range found {
				if c, ok := record.(*dns.CNAME); ok {
					alias = strings.ToLower(c.Target)
				}
				if record.Header().Rrtype == qtype || record.Header().Rrtype == dns.TypeCNAME {
					answer := dns.Copy(record)
					answer.Header().Name = name
					reply.Answer = append(reply.Answer, answer)
				}
			}
			if alias == "" {
				break
			}
			name = alias
		}
		w.WriteMsg(reply)
	}
}

// zoneRecords are those of a name, or of the wildcard above it; nil if the zone
// does not have it.
func zoneRecords(records map[string][]dns.RR, name string) []dns.RR {
	if found, ok := records[name]; ok {
		return found
	}
	for parent := name; ; {
		_, rest, ok := strings.Cut(parent, ".")
		if !ok || rest == "" {
			return nil
		}
		if found, ok := records["*."+rest]; ok {
			return found
		}
		parent = rest
	}
}

// Change is a DNS server whose answers are those of another, changed; nil for
// none at all.
func Change(next dns.HandlerFunc, change func(query, reply *dns.Msg) *dns.Msg) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) {
		var heard heardReply
		heard.ResponseWriter = w
		next(&heard, query)
		if heard.msg == nil {
			return
		}
		if reply := change(query, heard.msg); reply != nil {
			w.WriteMsg(reply)
		}
	}
}

// heardReply keeps what a server would have sent.
type heardReply struct {
	dns.ResponseWriter
	msg *dns.Msg
}

func (h *heardReply) WriteMsg(m *dns.Msg) error {
	h.msg = m
	return nil
}

// Mute is a DNS server that leaves questions for one type unanswered.
func Mute(qtype uint16, next dns.HandlerFunc) dns.HandlerFunc {
	return func(w dns.ResponseWriter, query *dns.Msg) {
		if query.Question[0].Qtype != qtype {
			next(w, query)
		}
	}
}

// InTurn is a DNS server that gives one of the addresses at a time.
func InTurn(next dns.HandlerFunc) dns.HandlerFunc {
	var turn atomic.Int64
	return Change(next, func(_, reply *dns.Msg) *dns.Msg {
		if n := int64(len(reply.Answer)); n > 1 {
			i := turn.Add(1) % n
			reply.Answer = reply.Answer[i : i+1]
		}
		return reply
	})
}

//go:build linux

package lab

import (
	"net"
	"os"
	"strings"
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
	h.ready(p, 53)
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

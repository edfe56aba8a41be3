//go:build linux

package lab

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// commandTimeout ends an ordinary tool that hangs; the slowest legitimate one
// waits for a failing neighbour, three seconds.
const commandTimeout = 30 * time.Second

// path is where the ordinary tools are, whatever the tester's own has before them.
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Sh runs shell commands on the host; the test fails when one of them does. The
// network's names and addresses are in the environment:
//
//	GW PEER MAIL DNS MAILPEER   the computers; SPARE MAILSPARE have no owner
//	R1 R2 …  R1B R2B …          the routers' eth0, and their eth1
//	ROUTER MAILROUTER           the default gateways of the two LANs
//	GWLAN MAILLAN               the LANs' prefixes
//	BITS MAILBITS               the LANs' prefix lengths; NARROW is one that leaves
//	                            the neighbour out, WIDE one that covers both LANs
//	NAME SHORT GWNAME DOMAIN    the mail host's full name and its first part, the
//	                            gateway's full name, the domain
//	ELSEWHERE                   an address and prefix of another site
//	FAMILY RR IP ICMP           4 A ip icmp, or 6 AAAA ip6 icmpv6
//	FORWARDING                  the kernel parameter that makes a router
//	NODAD                       what "ip addr add" needs for an address to be
//	                            usable at once
//	TOOBIG                      nft's name of the error that a path MTU needs
//	NS                          begins the names of the namespaces: ${NS}sw
//	DIR                         a folder for files, gone with the network
//
// In a network with both families they are the IPv4 ones, and GW6 … the others.
func (h *Host) Sh(commands string) string {
	h.net.t.Helper()
	out, err := h.Try(commands)
	if err != nil {
		h.net.t.Fatalf("lab: on %s: %s\n%v\n%s", h.Name, commands, err, out)
	}
	return out
}

// Try is [Host.Sh] that returns what was printed and how it ended.
func (h *Host) Try(commands string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	cmd := h.command(ctx, "sh", "-euc", commands)
	cmd.Env = append([]string{"PATH=" + path, "LC_ALL=C"}, h.net.env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// command prepares a program that runs on the host, with the host's files in
// /etc, in a session and process group of its own.
func (h *Host) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", h.ns.name, program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// Off switches the computer off: all of its adapters lose their link.
func (h *Host) Off() {
	h.net.t.Helper()
	for _, iface := range h.plan.ifaces {
		h.Sh("ip link set " + iface.name + " down")
	}
}

// Hosts adds a line to the host's /etc/hosts.
func (h *Host) Hosts(line string) { h.Etc("hosts", h.hostsFile()+line+"\n") }

// Etc replaces what programs on this host see in /etc/resolv.conf, /etc/hosts or
// /etc/nsswitch.conf, with $NAME, $MAIL … filled in. The file is written in
// place, since a running program holds the file and not its name.
func (h *Host) Etc(name, text string) {
	h.net.t.Helper()
	text = os.Expand(text, h.net.Getenv)
	if err := os.WriteFile(filepath.Join(etcDir, h.ns.name, name), []byte(text), 0o644); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
}

func (h *Host) hostsFile() string {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n::1 localhost\n")
	name := h.Name + "." + h.net.Domain
	switch h.Name {
	case "gw":
		name = h.net.GWName
	case "mail":
		name = h.net.MailName
	}
	if len(h.plan.ifaces) > 0 {
		for _, addr := range h.plan.ifaces[0].addr {
			fmt.Fprintf(&b, "%v %s %s\n", addr.Addr(), name, h.Name)
		}
	}
	return b.String()
}

// files gives the host its own resolver configuration: the network's DNS server
// and domain.
func (h *Host) files() error {
	dir := filepath.Join(etcDir, h.ns.name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	resolv := "search " + h.net.Domain + "\n"
	for _, p := range h.net.plan.hosts {
		if p.name == "dns" {
			for _, addr := range p.ifaces[0].addr {
				resolv += "nameserver " + addr.Addr().String() + "\n"
			}
		}
	}
	for name, text := range map[string]string{
		"resolv.conf":   resolv,
		"hosts":         h.hostsFile(),
		"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Getenv looks up a name of the environment that [Host.Sh] documents.
func (n *Network) Getenv(name string) string {
	for _, pair := range n.env {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value
		}
	}
	n.t.Errorf("lab: $%s is not a name of this network", name)
	return ""
}

// familyNames are what commands need to be the same for both families.
// ELSEWHERE is of the blocks for documentation, RFC 5737 and RFC 3849.
var familyNames = map[int]map[string]string{
	4: {"RR": "A", "IP": "ip", "ICMP": "icmp", "FORWARDING": "net.ipv4.ip_forward", "ELSEWHERE": "198.51.100.77/24",
		"NODAD": "", "TOOBIG": "icmp type destination-unreachable icmp code frag-needed"},
	6: {"RR": "AAAA", "IP": "ip6", "ICMP": "icmpv6", "FORWARDING": "net.ipv6.conf.all.forwarding", "ELSEWHERE": "2001:db8:77::77/64",
		"NODAD": "nodad", "TOOBIG": "icmpv6 type packet-too-big"},
}

func (n *Network) environment(prefix string) []string {
	env := []string{
		"NAME=" + n.MailName, "SHORT=" + strings.TrimSuffix(n.MailName, "."+n.Domain), "GWNAME=" + n.GWName, "DOMAIN=" + n.Domain, "NS=" + prefix, "DIR=" + n.dir,
	}
	for k, family := range n.plan.families {
		suffix := ""
		if k > 0 {
			suffix = "6"
		}
		set := func(name string, value any) { env = append(env, fmt.Sprintf("%s%s=%v", name, suffix, value)) }
		for _, h := range n.plan.hosts {
			name := strings.ToUpper(h.name)
			set(name, h.ifaces[0].addr[k].Addr())
			if h.router {
				set(name+"B", h.ifaces[1].addr[k].Addr())
			}
		}
		set("SPARE", n.plan.spare["gwlan"][k].Addr())
		set("MAILSPARE", n.plan.spare["maillan"][k].Addr())
		if len(n.plan.routers) > 0 {
			set("ROUTER", n.plan.routers[0].ifaces[0].addr[k].Addr())
			set("MAILROUTER", n.plan.routers[len(n.plan.routers)-1].ifaces[1].addr[k].Addr())
		}
		lan := n.plan.lans["gwlan"].prefixes[k]
		set("GWLAN", lan)
		set("MAILLAN", n.plan.lans["maillan"].prefixes[k])
		set("BITS", lan.Bits())
		set("NARROW", lan.Bits()+1)
		set("WIDE", n.plan.wide[k])
		set("MAILBITS", n.plan.lans["maillan"].prefixes[k].Bits())
		set("FAMILY", family)
		for name, value := range familyNames[family] {
			set(name, value)
		}
	}
	return env
}

package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/miekg/dns"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// insideVariable holds, in a process that observeInside started, what to ask.
const insideVariable = "LINECHECK_TEST_QUERY"

type insideQuery struct {
	Kind, Target string
	Args         map[string]any
}

// observeInside asks a probe in a process of its own inside of a namespace,
// since goroutines of this one may run anywhere. etc holds files to put in
// place of the system's own, for that process only.
func observeInside(t testing.TB, n *netnstest.Namespace, q insideQuery, etc map[string]string) map[string]any {
	t.Helper()
	b, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e\n"
	for name, text := range etc {
		file := filepath.Join(t.TempDir(), filepath.Base(name))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		script += fmt.Sprintf("mount --bind %s %s\n", file, name)
	}
	script += insideVariable + `="$1" exec "$0" -test.run '^TestInside$' -test.count 1`
	out := n.Run("unshare", "--mount", "sh", "-c", script, os.Args[0], string(b))
	line, _, _ := strings.Cut(out, "\n")
	var result map[string]any
	if err := json.Unmarshal([]byte(line), &result); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return result
}

// TestInside is the other half of observeInside.
func TestInside(t *testing.T) {
	text := os.Getenv(insideVariable)
	if text == "" {
		return
	}
	var q insideQuery
	if err := json.Unmarshal([]byte(text), &q); err != nil {
		t.Fatal(err)
	}
	args := map[string]cty.Value{}
	for name, arg := range q.Args {
		b, err := json.Marshal(arg)
		if err != nil {
			t.Fatal(err)
		}
		ty, err := ctyjson.ImpliedType(b)
		if err != nil {
			t.Fatal(err)
		}
		if args[name], err = ctyjson.Unmarshal(b, ty); err != nil {
			t.Fatal(err)
		}
	}
	b, err := json.Marshal(plain(mustAsk(t, q.Kind, &engine.World{}, q.Target, args)))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(b))
}

// need skips a test whose programs are not installed, as rulestest.Missing does.
func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			rulestest.Missing(t, program+" is not installed")
		}
	}
}

// daemon starts a server inside of a namespace and waits until it answers DNS
// questions at an address.
func daemon(t testing.TB, n *netnstest.Namespace, address string, command ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	n.Start(cmd)
	query, err := new(dns.Msg).SetQuestion("ready.invalid.", dns.TypeA).Pack()
	if err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, dns.MaxMsgSize)
	for deadline := time.Now().Add(hung); time.Now().Before(deadline); {
		var conn net.Conn
		var err error
		n.Do(func() { conn, err = net.Dial("udp", address) })
		if err != nil {
			continue
		}
		conn.Write(query)
		// A refusal comes at once, a lost question is repeated.
		conn.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		_, err = conn.Read(answer)
		conn.Close()
		if err == nil {
			return cmd
		}
	}
	t.Fatalf("%s does not answer: %s", command[0], &output)
	return nil
}

// Every way in which a server can fail to answer, all at once: it takes as
// long as the silent one.
func TestDNSFailures(t *testing.T) {
	t.Parallel()
	netnstest.BothFamilies(t, func(t *testing.T, p *netnstest.Path, f netnstest.Family) {
		for _, router := range []*netnstest.Namespace{p.First, p.Second, p.There} {
			router.Sysctl("net.ipv4.icmp_ratelimit", "0")
			router.Sysctl("net.ipv6.icmp.ratelimit", "0")
			router.Sysctl("net.ipv4.icmp_msgs_burst", "1000")
		}
		netnstest.NFT(t, p.Second, "forward", "udp dport 5001 drop")
		netnstest.NFT(t, p.First, "forward", "udp dport 5002 reject with icmpx type admin-prohibited")
		netnstest.NFT(t, p.There, "input", "udp dport 5003 reject with icmpx type port-unreachable")
		netnstest.NFT(t, p.Here, "output", "udp dport 5004 drop")
		blackhole, prohibited, unreachable := f.Nowhere.Next(), f.Nowhere.Next().Next(), f.Nowhere.Next().Next().Next()
		p.Here.IP(fmt.Sprintf(`
			%[1]s route add blackhole %[2]s
			%[1]s route add prohibit %[3]s
			%[1]s route add unreachable %[4]s`, f.IPFlag(), blackhole, prohibited, unreachable))
		icmp := func(name string, sender any) map[string]any { return map[string]any{"name": name, "sender": sender} }
		none := map[string]any{"name": nil, "sender": nil}

		at := func(addr fmt.Stringer, port int) string { return net.JoinHostPort(addr.String(), fmt.Sprint(port)) }
		cases := []struct {
			name, server      string
			refused, timedOut bool
			localError        any
			icmp              map[string]any
		}{
			{"no service", at(f.There, 5000), true, false, nil, icmp("port_unreachable", f.There.String())},
			{"dropped on the way", at(f.There, 5001), false, true, nil, none},
			{"rejected on the way", at(f.There, 5002), false, false, nil, icmp("admin_prohibited", f.First.String())},
			{"rejected by the host", at(f.There, 5003), true, false, nil, icmp("port_unreachable", f.There.String())},
			{"dropped by our own firewall", at(f.There, 5004), false, false, "filtered", none},
			{"host is off", at(f.Nobody, 53), false, false, nil, icmp("host_unreachable", f.Second.String())},
			{"no route on the way", at(f.Nowhere, 53), false, false, nil, icmp("net_unreachable", f.First.String())},
			{"blackhole", at(blackhole, 53), false, false, "blackhole", none},
			{"prohibited", at(prohibited, 53), false, false, "prohibited", none},
			{"unreachable", at(unreachable, 53), false, false, "no_route", none},
		}
		var servers []string
		for _, c := range cases {
			servers = append(servers, c.server)
		}
		began := time.Now()
		result := observeInside(t, p.Here, insideQuery{"dns", "mail.corp.example", map[string]any{"servers": servers}},
			map[string]string{"/etc/resolv.conf": "", "/etc/hosts": ""})
		if took := time.Since(began); took > hung {
			t.Errorf("took %v, want little more than %v", took, 2*dnsAttempt)
		}
		some(t, "result", map[string]any{"rcode": nil, "addresses": []any{}}, result)
		for i, entry := range result["servers"].([]any) {
			c, got := &cases[i], entry.(map[string]any)
			some(t, c.name, map[string]any{"answered": false, "refused": c.refused, "timed_out": c.timedOut, "local_error": c.localError}, got)
			some(t, c.name+": icmp", c.icmp, got["icmp"].(map[string]any))
		}
	})
}

const dnsmasqConf = `
keep-in-foreground
pid-file=
user=root
bind-interfaces
no-resolv
no-hosts
local=/corp.example/
host-record=mail.corp.example,10.2.0.25,fd00:2::25
cname=smtp.corp.example,mail.corp.example
txt-record=text.corp.example,hello
`

// dnsmasq refuses what unbound asks it about failing.example.
const unboundConf = `
server:
	directory: ""
	chroot: ""
	pidfile: ""
	username: ""
	use-syslog: no
	interface: 10.2.0.54
	port: 53
	do-not-query-localhost: no
	module-config: "iterator"
	access-control: 10.1.0.0/24 allow
	access-control: fd00::/16 refuse
	interface: fd00:2::54
	local-zone: "." static
	local-zone: "corp.example." static
	local-zone: "failing.example." transparent
	local-data: "mail.corp.example. 60 IN A 10.2.0.25"
	local-data: "mail.corp.example. 60 IN AAAA fd00:2::25"
stub-zone:
	name: "failing.example"
	stub-addr: 10.2.0.25
`

func TestDNSRealServers(t *testing.T) {
	t.Parallel()
	need(t, "dnsmasq", "unbound")
	p := netnstest.NewPath(t)
	p.There.IP("addr add 10.2.0.54/24 dev lan\n addr add fd00:2::54/64 dev lan")
	conf := dnsmasqConf + "listen-address=10.2.0.25,fd00:2::25\n"
	var many []any
	for i := range 100 {
		conf += fmt.Sprintf("host-record=many.corp.example,10.3.0.%d\n", i+1)
		many = append(many, fmt.Sprintf("10.3.0.%d", i+1))
	}
	config := func(name, text string) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	daemon(t, p.There, "10.2.0.25:53", "dnsmasq", "--conf-file="+config("dnsmasq.conf", conf))
	daemon(t, p.There, "10.2.0.54:53", "unbound", "-d", "-c", config("unbound.conf", unboundConf))

	const dnsmasq, dnsmasq6, unbound, unbound6 = "10.2.0.25", "fd00:2::25", "10.2.0.54", "fd00:2::54"
	both := []any{"10.2.0.25", "fd00:2::25"}
	for name, test := range map[string]struct {
		target, resolvConf, hosts string
		result                    map[string]any
		servers                   []map[string]any
	}{
		"both know it": {"mail.corp.example", "nameserver " + dnsmasq + "\nnameserver " + unbound + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": both, "hosts_file": false, "search_domain": nil,
				"system": map[string]any{"found": true, "addresses": both, "problem": nil}},
			[]map[string]any{{"server": dnsmasq, "answered": true, "addresses": both}, {"server": unbound, "answered": true, "addresses": both, "ttl_s": 60.0}}},
		"over IPv6, one refuses": {"mail.corp.example", "nameserver " + unbound6 + "\nnameserver " + dnsmasq6 + "\n", "",
			map[string]any{"rcode": "REFUSED", "addresses": []any{}, "system": map[string]any{"found": true, "addresses": both, "problem": nil}},
			[]map[string]any{{"server": unbound6, "rcode": "REFUSED", "refused": false}, {"server": dnsmasq6, "rcode": "NOERROR", "addresses": both}}},
		"an alias": {"smtp.corp.example", "nameserver " + dnsmasq + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": both},
			[]map[string]any{{"canonical_name": "mail.corp.example"}}},
		"a short name": {"mail", "search other.example corp.example\nnameserver " + unbound + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": both, "search_domain": "corp.example",
				"system": map[string]any{"found": true, "addresses": both, "problem": nil}},
			[]map[string]any{{"canonical_name": "mail.corp.example"}}},
		"no such name": {"nowhere.corp.example", "nameserver " + dnsmasq + "\nnameserver " + unbound + "\n", "",
			map[string]any{"rcode": "NXDOMAIN", "system": map[string]any{"found": false, "addresses": []any{}, "problem": "no such host (10.2.0.25:53)"}},
			[]map[string]any{{"rcode": "NXDOMAIN"}, {"rcode": "NXDOMAIN"}}},
		"no address": {"text.corp.example", "nameserver " + dnsmasq + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": []any{}},
			[]map[string]any{{"rcode": "NOERROR", "answered": true}}},
		"failing": {"mail.failing.example", "nameserver " + unbound + "\n", "",
			map[string]any{"rcode": "SERVFAIL"}, []map[string]any{{"rcode": "SERVFAIL", "answered": true}}},
		"more than fits": {"many.corp.example", "nameserver " + dnsmasq + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": many},
			[]map[string]any{{"truncated": true, "addresses": many}}},
		"hosts file": {"mail.corp.example", "nameserver " + dnsmasq + "\n", "10.9.9.9 mail.corp.example\n",
			map[string]any{"rcode": "NOERROR", "addresses": both, "hosts_file": true,
				"system": map[string]any{"found": true, "addresses": []any{"10.9.9.9"}, "problem": nil}},
			[]map[string]any{{"answered": true}}},
		"first dead, second good": {"mail.corp.example", "nameserver 10.2.0.99\nnameserver " + dnsmasq + "\n", "",
			map[string]any{"rcode": "NOERROR", "addresses": both,
				"system": map[string]any{"found": true, "addresses": both, "problem": nil}},
			[]map[string]any{{"answered": false}, {"answered": true}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := observeInside(t, p.Here, insideQuery{"dns", test.target, nil},
				map[string]string{"/etc/resolv.conf": test.resolvConf, "/etc/hosts": test.hosts})
			some(t, "result", test.result, result)
			entries := result["servers"].([]any)
			if len(entries) != len(test.servers) {
				t.Fatalf("%d servers, want %d", len(entries), len(test.servers))
			}
			for i, entry := range entries {
				some(t, "entry", test.servers[i], entry.(map[string]any))
			}
		})
	}
}

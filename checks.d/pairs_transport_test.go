//go:build linux

package checks_test

import (
	"context"
	"net"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// wrapped has linecheck on the host started by a script, over real ssh.
func wrapped(script string) func(n *lab.Network) []string {
	return func(n *lab.Network) []string {
		return append(n.Manage(true), n.Host("mail").Wrap("wrapped", script))
	}
}

// midRun does something to linecheck over there, $p, once it is at work. It is
// not left behind.
func midRun(what string) func(n *lab.Network) []string {
	return wrapped(`exec 3<&0; "$@" <&3 & p=$!; sleep 1; ` + what + `; sleep 15; kill -KILL $p`)
}

// lost is a host that was lost on the way.
func lost(words ...string) side { return side{"error", "", "", words} }

var transportPairs = []pairing{
	// The transport.
	{name: "ssh refused", do: func(n *lab.Network) { n.Host("mail").Stop("tcp 22") },
		gateway: works, host: side{"error", "", "", []string{"ssh -F", "Connection refused", "exit status 255"}}, exitCode: 3},
	{name: "host key changed", do: func(n *lab.Network) { n.Host("mail").NewHostKey() },
		gateway: works, host: side{"error", "", "", []string{"Host key verification failed"}}, exitCode: 3},
	{name: "key not accepted", do: func(n *lab.Network) { n.Host("mail").Sh("echo >" + "$DIR/mail/ssh/authorized") },
		gateway: works, host: side{"error", "", "", []string{"Permission denied (publickey)"}}, exitCode: 3},
	{name: "linecheck missing", via: func(n *lab.Network) []string { return n.Manage(false) },
		gateway: works, host: side{"error", "", "", []string{"there is no linecheck on the other computer", `scp -F`, `"$(command -v linecheck)" root@203.0.113.2:/usr/local/bin/`}}, exitCode: 3},
	{name: "ssh hangs", do: func(n *lab.Network) {
		n.Host("mail").Serve(22, func(ctx context.Context, conn net.Conn) { lab.Silent(ctx, conn) })
	}, gateway: works, host: side{"error", "", "", []string{"no answer within 20s"}}, exitCode: 3},
	{name: "ip netns exec", via: func(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "mail"} },
		gateway: works, host: works},
	{name: "a netns that is not there", via: func(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "nobody"} },
		gateway: works, host: side{"error", "", "", []string{"Cannot open network namespace"}}, exitCode: 3},

	// Lost on the way: nothing is said of the line for it.
	{name: "the far end freezes", via: midRun(`kill -STOP $p`), gateway: works, host: lost("it gave no sign of life for 10s"), exitCode: 3},
	{name: "the far end is killed", via: midRun(`kill -KILL $p; exit 9`), gateway: works, host: lost("exit status 9"), exitCode: 3},
	{name: "the far end's shell prints in mid-run", via: midRun(`echo 'disk quota exceeded'`), gateway: works, host: lost("it sent what linecheck does not"), exitCode: 3},
	{name: "the way to the far end is cut", via: func(n *lab.Network) []string {
		return append(n.Manage(true), n.Host("mail").Wrap("wrapped", `(sleep 1; ip link set mgmt down; sleep 20; ip link set mgmt up) >/dev/null 2>&1 & exec "$@"`))
	}, gateway: works, host: lost("it gave no sign of life for 10s"), exitCode: 3},
	{name: "the far end freezes while the line is broken", do: func(n *lab.Network) { n.Host("r2").Off() }, via: midRun(`kill -STOP $p`),
		twin: "a router off", gateway: side{"fail", "check.remote_subnet", "", nil}, host: lost("it gave no sign of life for 10s"), exitCode: 1},
	{name: "ssh's shared connection dies", via: func(n *lab.Network) []string {
		via := n.Manage(true)
		shared := append(slices.Clone(via[:3]), "-o", "ControlMaster=auto", "-o", "ControlPath="+n.Getenv("DIR")+"/shared", "-o", "ControlPersist=60")
		n.Host("gw").Sh(strings.Join(append(slices.Clone(shared), via[3], "true"), " ") + " </dev/null >/dev/null 2>&1")
		return append(append(shared, via[3:]...), n.Host("mail").Wrap("wrapped", `(sleep 1; kill -KILL $PPID; kill -KILL $(ps -o ppid= -p $PPID)) >/dev/null 2>&1 & exec "$@"`))
	}, gateway: works, host: lost("ssh -F"), exitCode: 3},

	// Its shell.
	{name: "a start-up file prints", via: wrapped(`echo "Welcome to $(hostname)"; echo '{"news": []}'; exec "$@"`), gateway: works, host: works},
	{name: "a start-up file prints, linecheck missing", via: func(n *lab.Network) []string {
		return append(n.Manage(false), n.Host("mail").Wrap("wrapped", `echo "Welcome!"; exec "$@"`))
	}, twin: "a start-up file prints", gateway: works, host: lost("there is no linecheck on the other computer", "Put one there"), exitCode: 3},
	{name: "linecheck missing in another language", via: func(n *lab.Network) []string {
		return append(n.Manage(false), n.Host("mail").Wrap("wrapped", `echo "bash: Zeile 1: $1: Kommando nicht gefunden." >&2; exit 127`))
	}, gateway: works, host: lost("there is no linecheck on the other computer", "Kommando nicht gefunden"), exitCode: 3},
	{name: "linecheck without the right to run", via: func(n *lab.Network) []string {
		return append(n.Manage(false), n.Host("mail").Wrap("wrapped", `d=$(mktemp -d); touch $d/linecheck; PATH=$d:$PATH; sh -c '"$@"; c=$?; rm -r '$d'; exit $c' x "$@"`))
	}, gateway: works, host: lost("may not be run"), exitCode: 3},
	{name: "linecheck for another processor", via: func(n *lab.Network) []string {
		return append(n.Manage(false), n.Host("mail").Wrap("wrapped", `d=$(mktemp -d); printf '\177ELF\002\001\001' >$d/linecheck; chmod 755 $d/linecheck; PATH=$d:$PATH; bash -c '"$@"; c=$?; rm -r '$d'; exit $c' x "$@"`))
	}, gateway: works, host: lost("made for another kind of processor"), exitCode: 3},

	// ssh that takes longer than the others wait for.
	{name: "ssh is late", via: late, gateway: works, host: works},
	{name: "ssh is late, and the line was down before", via: late, do: func(n *lab.Network) {
		n.Host("r2").Sh("nft 'add table inet gap; add chain inet gap f { type filter hook forward priority 0; }; add rule inet gap f drop'; (sleep 5; nft delete table inet gap) >/dev/null 2>&1 &")
	}, twin: "ssh is late", gateway: works, host: works},
}

// late is a host whose ssh takes five seconds.
func late(n *lab.Network) []string {
	return append([]string{n.Host("gw").Wrap("late", `sleep 5; exec "$@"`)}, n.Manage(true)...)
}

//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// thirds are values with which an end looks at a third computer.
var (
	gatewayLooksPast = lab.PairVars{"gateway": {"remote_host": "$MAILPEER"}}
	hostLooksPast    = lab.PairVars{"host": {"remote_host": "$PEER"}}
	gatewayMailsPast = lab.PairVars{"gateway": {"mail_host": "named.$DOMAIN"}}
)

// netns reaches the host without ssh, which these are not about.
func netns(n *lab.Network) []string { return []string{"ip", "netns", "exec", n.Getenv("NS") + "mail"} }

// Looks that are not at the other end, and refusals that are an end's own: they
// tell nothing of the line between.
var pastPairs = []pairing{
	{name: "the gateway looks at the host's neighbour", via: netns, vars: gatewayLooksPast, twin: "the gateway looks at the host's neighbour", gateway: works, host: works},
	{name: "the host's neighbour is off", via: netns, vars: gatewayLooksPast, twin: "the gateway looks at the host's neighbour", do: func(n *lab.Network) { n.Host("mailpeer").Off() },
		gateway: side{"fail", "check.remote_subnet", "remote_host_down", nil}, host: anything, exitCode: 1, gwProof: "dead $MAILPEER; alive $MAIL"},
	{name: "the host looks at the gateway's neighbour", via: netns, vars: hostLooksPast, twin: "the host looks at the gateway's neighbour", gateway: works, host: works},
	{name: "the gateway has no way out, its neighbour has", via: netns, vars: hostLooksPast, twin: "the host looks at the gateway's neighbour", do: on("gw", "ip route add prohibit $MAIL"),
		gateway: side{"fail", "check.remote_subnet", "local_route_blocks", nil}, host: side{"fail", "check.smtp", "mail_host_down", nil}, exitCode: 1,
		gwProof: "dead $MAIL", mailProof: "alive $PEER"},
	{name: "the gateway mails to a third computer", via: netns, vars: gatewayMailsPast, twin: "the gateway mails to a third computer", do: all(ofItsOwnName("$MAILPEER"), greetsAt("mailpeer", "tcp", "", 25)),
		gateway: works, host: works},
	{name: "a filter before the third computer", via: netns, vars: gatewayMailsPast, twin: "the gateway mails to a third computer",
		do:      all(ofItsOwnName("$MAILPEER"), greetsAt("mailpeer", "tcp", "", 25), filter("r2", "forward", "ip daddr $MAILPEER tcp dport 25 drop")),
		gateway: side{"fail", "check.smtp", "smtp_filtered", nil}, host: works, exitCode: 1, gwProof: "takes $MAIL; ! takes $MAILPEER"},
	{name: "the host's firewall drops mail from itself as well", via: netns, do: filter("mail", "input", "tcp dport 25 drop"),
		gateway: side{"fail", "check.smtp", "smtp_filtered", nil}, host: works, conclusions: []string{"host_service_hangs"}, exitCode: 1, mailProof: "! takes $MAIL"},
	{name: "the gateway's firewall drops mail from itself as well", via: netns, do: filter("gw", "input", "tcp dport 25 drop"),
		gateway: works, host: side{"fail", "check.smtp", "smtp_filtered", nil}, conclusions: []string{"gateway_service_hangs"}, exitCode: 1, gwProof: "! takes $GW"},
	{name: "the host redirects its own mail", via: netns, do: on("mail", "nft 'add table ip nat; add chain ip nat out { type nat hook output priority -100; }; add rule ip nat out ip daddr '$GW' tcp dport 25 redirect to :9'"),
		gateway: works, host: side{"fail", "check.smtp", "smtp_reset_on_the_way", nil}, conclusions: []string{"gateway_refused_on_the_way"}, exitCode: 1, mailProof: "refused $GW", gwProof: "takes $GW"},
}

//go:build linux

package checks_test

import "github.com/linecheck/linecheck/checks.d/internal/lab"

// Loss is one root cause, whatever else is lost with it. It is counted, not
// drawn: of seven lost in ten each way, two in a hundred first looks see two of
// three answers, and warn only.
var lossFaults = []trial{{
	name:  "seven_of_ten_packets_are_lost",
	ipv6:  true,
	do:    filter("r2", "forward", "numgen inc mod 10 < 7 drop"),
	proof: "! ping -n -c20 -i0.1 -W1 $MAIL | grep ' 0% packet loss'",
	say:   fails("remote_subnet", "packet_loss", "$MAIL", "suffer"),
}, {
	name:  "nine_of_ten_packets_to_the_host_are_lost",
	do:    filter("r2", "forward", "$IP daddr $MAIL numgen inc mod 10 < 9 drop"),
	proof: "! ping -n -c20 -i0.1 -W1 $MAIL | grep ' 0% packet loss'",
	say:   fails("remote_subnet", "packet_loss", "$MAIL", "suffer"),
}, {
	// Two of the first three pings come through, and of all that follows a fifth.
	name:  "eight_of_ten_packets_to_the_host_are_lost_after_a_good_start",
	do:    filter("r2", "forward", "$IP daddr $MAIL numgen inc mod 10 != { 0, 2 } drop"),
	proof: "! ping -n -c20 -i0.1 -W1 $MAIL | grep ' 0% packet loss'",
	say:   fails("remote_subnet", "packet_loss", "$MAIL", "suffer"),
}, {
	name:  "seven_of_ten_pings_are_lost",
	ipv6:  true,
	do:    filter("r2", "forward", pings+"numgen inc mod 10 < 7 drop"),
	proof: "ping -n -c10 -i0.2 -W1 $MAIL | grep '70% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL", "limits pings"),
}, {
	name:  "nine_of_ten_pings_are_lost",
	do:    filter("mail", "input", pings+"numgen inc mod 10 < 9 drop"),
	proof: "ping -n -c10 -i0.2 -W1 $MAIL | grep '90% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL", "limits pings"),
}, {
	name:  "a_third_of_the_answers_to_pings_is_lost",
	ipv6:  true,
	do:    filter("r2", "forward", "$ICMP type echo-reply numgen inc mod 3 == 0 drop"),
	proof: "ping -n -c9 -i0.2 -W1 $MAIL | grep '33.*% packet loss'",
	say:   warns("remote_subnet", "packet_loss", "$MAIL"),
}, {
	name:  "pings_are_limited_to_one_a_second",
	do:    filter("mail", "input", pings+"limit rate over 1/second burst 1 packets drop"),
	proof: "! ping -n -c10 -i0.2 -W1 $MAIL | grep ' 0% packet loss'; hears ^220",
	say:   warns("remote_subnet", "packet_loss", "$MAIL", "limits pings"),
}, {
	name:  "the_first_pings_are_lost",
	do:    filter("r2", "forward", pings+"numgen inc mod 1000 < 4 drop"),
	proof: "hears ^220",
	say:   warns("remote_subnet", "packet_loss", "$MAIL", "moment"),
}}

// narrow makes the link between the second and the third router carry less.
func narrow(mtu string) func(*lab.Network) {
	return all(on("r2", "ip link set eth1 mtu "+mtu), on("r3", "ip link set eth0 mtu "+mtu))
}

// blackHole does so without a word from either router.
func blackHole(mtu string) func(*lab.Network) {
	return all(narrow(mtu), filter("r2", "output", "$TOOBIG drop"), filter("r3", "output", "$TOOBIG drop"))
}

// noICMP drops all ICMP that would be sent on.
var noICMP = filter("r2", "forward", "meta l4proto { icmp, icmpv6 } drop")

var mtuFaults = []trial{{
	name: "mtu_black_hole",
	ipv6: true,
	do: all(
		on("r2", "ip link set eth1 mtu 1400"), on("r3", "ip link set eth0 mtu 1400"),
		filter("r2", "output", "$TOOBIG drop"),
	),
	proof: "dead \"-s 1400 -M do $MAIL\"; alive $MAIL",
	say:   fails("path_mtu", "mtu_black_hole", "$MAIL", "1400"),
}, {
	name:  "black_hole_of_a_dsl_line",
	ipv6:  true,
	do:    blackHole("1492"),
	proof: "dead \"-s 1470 -M do $MAIL\"; alive $MAIL",
	say:   fails("path_mtu", "mtu_black_hole", "$MAIL", "1492"),
}, {
	name:  "black_hole_of_the_least_size",
	ipv6:  true,
	do:    blackHole("1280"),
	proof: "dead \"-s 1300 -M do $MAIL\"; alive $MAIL",
	say:   fails("path_mtu", "mtu_black_hole", "$MAIL", "1280"),
}, {
	// By the very filter that makes the hole.
	name:  "black_hole_and_no_icmp_at_all",
	ipv6:  true,
	do:    all(blackHole("1400"), noICMP),
	twin:  "narrow_link_with_a_clamp",
	proof: "dead $MAIL; hears ^220",
	say:   fails("path_mtu", "mtu_black_hole", "$MAIL", "1400").after(warns("remote_subnet", "path_filters_ping", "$MAIL")),
}, {
	name:  "no_pings_and_a_narrow_link_that_says_so",
	ipv6:  true,
	do:    all(narrow("1400"), filter("mail", "input", pings+"drop")),
	twin:  "small_mtu_on_the_way",
	proof: "dead $MAIL; hears ^220",
	say:   warns("remote_subnet", "path_filters_ping", "$MAIL"),
}, {
	name:  "black_hole_on_the_way_back",
	ipv6:  true,
	do:    filter("r3", "forward", "$IP saddr $MAIL meta length > 1400 drop"),
	proof: "dead \"-s 1400 $MAIL\"; alive $MAIL; hears ^220",
	say:   fails("path_mtu", "mtu_black_hole", "from $MAIL"),
}, {
	name:  "black_hole_on_the_way_back_and_no_pings",
	do:    all(filter("r3", "forward", "$IP saddr $MAIL meta length > 1400 drop"), filter("mail", "input", pings+"drop")),
	proof: "dead $MAIL; hears ^220",
	say:   fails("path_mtu", "mtu_black_hole", "from $MAIL").after(warns("remote_subnet", "path_filters_ping", "$MAIL")),
}, {
	// Only pings can be asked, and those may be turned away for their size.
	name:  "black_hole_to_a_host_without_mail",
	vars:  map[string]string{"remote_host": "$DNS"},
	do:    blackHole("1400"),
	proof: "dead \"-s 1400 -M do $DNS\"; alive $DNS; hears ^220",
	say:   warns("path_mtu", "mtu_black_hole", "$DNS", "pings alone"),
}, {
	name:  "black_hole_that_this_computer_gets_round",
	do:    all(narrow("1400"), filter("r2", "output", "$TOOBIG drop"), on("gw", "sysctl -qw net.ipv4.tcp_mtu_probing=1")),
	twin:  "small_segments_from_the_start",
	proof: "dead \"-s 1400 -M do $MAIL\"; alive $MAIL",
	say:   warns("path_mtu", "mtu_black_hole", "$MAIL", "by itself"),
}}

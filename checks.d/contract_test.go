package checks_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	checks "github.com/linecheck/linecheck/checks.d"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// contract is what tickets, dashboards and overrides elsewhere rely on, in the
// order of the ladder. Names may be added, never changed.
var contract = []struct {
	check  string
	gates  []string
	causes []string
}{
	{"loopback", nil, []string{"loopback_down", "loopback_filtered", "loopback_ignores_ping"}},
	{"adapter", []string{"loopback"}, []string{"adapter_down", "link_down", "no_address", "duplicate_address", "adapter_below_down"}},
	{"local_subnet", []string{"adapter"}, []string{"subnet_mask_wrong", "subnet_host_down", "subnet_isolated", "subnet_host_filters_ping", "subnet_host_is_this_computer",
		"subnet_neighbour_wrong", "local_filter", "local_route_blocks", "packet_loss", "local_route_shadows", "subnet_host_behind_gateway", "answered_by_another", "duplicate_replies", "adapter_without_arp"}},
	{"default_gateway", []string{"local_subnet"}, []string{"no_default_route", "gateway_address_wrong", "gateway_neighbour_wrong", "gateway_down", "gateway_silent",
		"gateway_filters_ping", "local_filter", "local_route_blocks", "packet_loss", "gateway_duplicate_address", "answered_by_another", "duplicate_replies", "gateway_one_of_several_down"}},
	{"remote_subnet", []string{"default_gateway"}, []string{"subnet_mask_too_wide", "gateway_not_forwarding", "no_route_to_remote", "path_prohibited", "routing_loop",
		"remote_host_down", "remote_host_is_this_computer", "path_broken", "path_filters_ping", "packet_loss", "slow_path",
		"no_default_route", "local_filter", "local_route_blocks", "source_address_wrong", "local_reverse_path_filter",
		"local_route_shadows", "tunnel_down", "answered_by_another", "duplicate_replies", "gateway_redirects"}},
	{"path_mtu", []string{"remote_subnet"}, []string{"mtu_black_hole"}},
	{"dns", []string{"remote_subnet"}, []string{"dns_not_configured", "dns_server_down", "dns_service_down", "dns_name_missing", "dns_no_address", "dns_server_failing",
		"dns_refused", "dns_prohibited", "dns_udp_filtered", "dns_server_unhelpful", "system_resolver_failing",
		"dns_wrong_address", "hosts_file_override", "dns_slow_server", "dns_servers_disagree", "dns_extra_address",
		"dns_search_domain", "dns_alias_broken", "dns_only_mx", "dns_answer_truncated", "dns_edns_dropped",
		"dns_answers_from_elsewhere", "dns_local_stub_down", "dns_slow_family",
		"no_route_to_dns_server", "dns_search_domain_silent", "packet_loss"}},
	{"smtp", []string{"dns"}, []string{"smtp_refused", "smtp_filtered", "smtp_prohibited", "smtp_no_greeting", "smtp_not_ready", "smtp_refuses_service",
		"not_smtp", "local_filter", "smtp_wrong_host", "smtp_local_redirect", "smtp_greeting_mangled", "smtp_expects_tls",
		"smtp_slow_greeting", "smtp_slow_connect", "smtp_answered_nearer", "smtp_dialogue_stalls", "smtp_reset_on_the_way", "smtp_some_addresses_dead", "smtp_route_differs",
		"local_ports_exhausted", "mail_host_down", "no_route_to_mail_host", "routing_loop",
		"smtp_unreachable", "smtp_helo_refused"}},
	{"smtp_log", []string{"smtp"}, []string{"greeting_not_logged", "greeting_logged_long_ago"}},
}

// conclusions are the names of what both ends together tell.
var conclusions = []string{"one_way_out", "one_way_back", "both_ways_broken_at_same_hop", "line_broken_between", "gateway_not_running", "only_mail_blocked", "dns_swapped"}

// variables are the names that profiles give values to.
var variables = []string{"subnet_host", "default_gateway", "remote_host", "mail_host", "mail_address", "smtp_port", "max_rtt_ms", "dns_servers", "smtp_log", "adapter", "mail_greeting", "smtp_log_max_age_h"}

func TestContract(t *testing.T) {
	rb, diags := rules.Load(probe.Kinds(), rules.Overlay{Name: "checks.d", FS: checks.FS})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, want := range contract {
		c := rb.Check(want.check)
		if c == nil {
			t.Errorf("there is no check %q any more", want.check)
			continue
		}
		var gates, causes []string
		for _, g := range c.DependsOn {
			gates = append(gates, g.Check)
		}
		for _, cause := range c.Causes {
			causes = append(causes, cause.Name)
		}
		if diff := cmp.Diff(want.gates, gates); diff != "" {
			t.Errorf("gates of %s (-want +got):\n%s", want.check, diff)
		}
		for _, name := range want.causes {
			if !slices.Contains(causes, name) {
				t.Errorf("%s has no cause %q any more", want.check, name)
			}
		}
	}
	for _, name := range conclusions {
		if !slices.ContainsFunc(rb.Conclusions, func(c *rules.Conclusion) bool { return c.Name == name }) {
			t.Errorf("there is no conclusion %q any more", name)
		}
	}
	for _, name := range variables {
		if rb.Variable(name) == nil {
			t.Errorf("there is no variable %q any more", name)
		}
	}
}

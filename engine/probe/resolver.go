package probe

import (
	"context"
	"net/netip"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/probe/internal/resolver"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

var resolverKind = &language.Kind{
	Name:           "resolver",
	Doc:            "Reads how this computer looks names up: /etc/resolv.conf (resolv.conf(5)) and the hosts file (hosts(5)). Nothing is sent.",
	ByHand:         "cat /etc/resolv.conf; grep -w {target} /etc/hosts",
	ByHandBare:     "cat /etc/resolv.conf /etc/hosts",
	TargetDoc:      "Name, or address, whose entries in the hosts file are wanted. Left out, they are all listed.",
	TargetOptional: true,
	Result: []language.Attribute{
		{Name: "servers", Type: cty.List(cty.String), NeverNull: true, Domain: language.ListOf(anAddress),
			Doc: "Addresses of the DNS servers, in the order in which they are asked; empty when none is configured. Unknown where the system has no resolv.conf by design (Windows)."},
		{Name: "search", Type: cty.List(cty.String), NeverNull: true,
			Doc: "Domains with which a short name is completed, in order, without the final dot."},
		{Name: "hosts_file_entries", List: true,
			Doc: "Lines of the hosts file that hold the target, all lines without one, in the file's order and at most 1000 of them.",
			Attrs: []language.Attribute{
				{Name: "address", Type: cty.String, NeverNull: true, Domain: anAddress, Doc: "The line's address, in canonical spelling."},
				{Name: "names", Type: cty.List(cty.String), NeverNull: true, Doc: "The line's names, in lower case, as they stand there."},
			}},
	},
}

// maxHostsEntries bounds what is listed of a hosts file.
const maxHostsEntries = 1000

func observeResolver(_ context.Context, w *engine.World, q engine.Query) (cty.Value, error) {
	r := newResult(resolverKind)
	conf, known, err := resolver.ReadConfig(w)
	if err != nil {
		return cty.NilVal, err
	}
	if known {
		r.set("servers", spelled(conf.Servers))
		r.set("search", append([]string{}, conf.Search...))
	}
	hosts, err := resolver.ReadHosts(w)
	if err != nil {
		return cty.NilVal, err
	}
	entries := []fields{}
	for _, entry := range hosts {
		if len(entries) < maxHostsEntries && (q.Target == "" || entry.About(q.Target)) {
			entries = append(entries, fields{"address": entry.Address, "names": entry.Names})
		}
	}
	r.set("hosts_file_entries", entries)
	return r.value(), nil
}

// spelled are addresses in canonical spelling, never nil.
func spelled(addresses []netip.Addr) []string {
	list := make([]string, len(addresses))
	for i, address := range addresses {
		list[i] = address.String()
	}
	return list
}

func summariseResolver(result cty.Value) string {
	o := observed{result}
	if v, ok := o.at("servers"); ok && v.LengthInt() == 0 {
		return "no DNS server"
	}
	return o.first("servers")
}

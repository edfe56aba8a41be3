package probe

import (
	"fmt"
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// The summaries say in a few words what a probe observed, for one line of a
// report. They judge nothing and leave out what was not observed.

// observed is a result whose attributes are asked for by path.
type observed struct{ result cty.Value }

// at is the attribute at a path of names, and whether it was seen: it is
// neither unknown nor null.
func (o observed) at(path ...string) (cty.Value, bool) {
	v := o.result
	for _, name := range path {
		if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() || !v.Type().HasAttribute(name) {
			return cty.NilVal, false
		}
		v = v.GetAttr(name)
	}
	return v, v != cty.NilVal && !v.IsMarked() && v.IsWhollyKnown() && !v.IsNull()
}

// isNull reports whether an attribute was looked for and not there.
func (o observed) isNull(name string) bool {
	v := o.result
	if v == cty.NilVal || v.IsMarked() || !v.IsKnown() || v.IsNull() || !v.Type().HasAttribute(name) {
		return false
	}
	v = v.GetAttr(name)
	return v.IsKnown() && v.IsNull()
}

// is reports whether the attribute is true.
func (o observed) is(path ...string) bool {
	v, ok := o.at(path...)
	return ok && v.True()
}

// text is the attribute as texts show it, "" where it was not seen.
func (o observed) text(path ...string) string {
	v, ok := o.at(path...)
	if !ok {
		return ""
	}
	return terminal.Value(v)
}

// ms is ", N ms" with a number of milliseconds, "" where it was not seen.
func (o observed) ms(name string) string {
	if n := o.text(name); n != "" {
		return ", " + n + " ms"
	}
	return ""
}

// refusal says why nothing could be sent, or which ICMP error came back.
func (o observed) refusal() string {
	if word := o.text("local_error"); word != "" {
		return "not sent: " + strings.ReplaceAll(word, "_", " ")
	}
	name := strings.ReplaceAll(o.text("icmp", "name"), "_", " ")
	if sender := o.text("icmp", "sender"); name != "" && sender != "" {
		return name + " says " + sender
	}
	return name
}

// first is the first of a list and how many more there are, "" of an empty one.
func (o observed) first(path ...string) string {
	v, ok := o.at(path...)
	if !ok || v.LengthInt() == 0 {
		return ""
	}
	all := v.AsValueSlice()
	first := terminal.Value(all[0])
	if more := len(all) - 1; more > 0 {
		return fmt.Sprintf("%s and %d more", first, more)
	}
	return first
}

// phrases joins those that are not empty.
func phrases(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}

func summarisePing(result cty.Value) string {
	o := observed{result}
	sent, received := o.text("sent"), o.text("received")
	if sent == "" || received == "" || sent == "0" {
		return o.refusal()
	}
	return phrases(fmt.Sprintf("%s of %s replies", received, sent)+o.ms("rtt_avg_ms"), o.refusal())
}

// summariseConnection is how the attempt to connect came out; more is what is
// worth saying of a connection that stands.
func summariseConnection(o observed, more string) string {
	switch {
	case o.is("connected"):
		return more
	case o.is("refused"):
		return phrases("refused", o.refusal())
	case o.is("timed_out"):
		return phrases("no answer", o.refusal())
	}
	return o.refusal()
}

func summariseTCP(result cty.Value) string {
	o := observed{result}
	return summariseConnection(o, "connected"+o.ms("connect_ms"))
}

func summariseSMTP(result cty.Value) string {
	o := observed{result}
	said := "connected, no greeting"
	if code := o.text("code"); code != "" {
		said = code + o.ms("greeting_ms")
	} else if greeting := o.text("greeting"); greeting != "" {
		said = "connected, no SMTP greeting"
	}
	return summariseConnection(o, said)
}

func summariseDNS(result cty.Value) string {
	o := observed{result}
	addresses := o.first("addresses")
	if addresses == "" {
		addresses = o.first("system", "addresses")
	}
	rcode := o.text("rcode")
	switch {
	case o.is("hosts_file"):
		return phrases(addresses, "from the hosts file")
	case rcode == "NOERROR" && addresses == "":
		return "no address"
	case rcode == "NOERROR":
		return addresses
	}
	return phrases(rcode, addresses)
}

func summariseRoute(result cty.Value) string {
	o := observed{result}
	found, seen := o.at("found")
	kind := o.text("kind")
	switch {
	case seen && found.False():
		return "no route"
	case kind != "" && kind != "unicast":
		return kind
	case o.is("on_link"):
		return phrases("on this subnet", o.text("interface"))
	case o.text("gateway") != "":
		return phrases("via "+o.text("gateway"), o.text("interface"))
	}
	return o.text("interface")
}

func summariseNeighbour(result cty.Value) string {
	o := observed{result}
	return phrases(o.text("state"), o.text("mac"))
}

func summariseInterface(result cty.Value) string {
	o := observed{result}
	if found, seen := o.at("found"); seen && found.False() {
		return "not found"
	}
	state := ""
	up, upSeen := o.at("admin_up")
	carrier, carrierSeen := o.at("carrier")
	switch {
	case upSeen && up.False():
		state = "switched off"
	case carrierSeen && carrier.False():
		state = "no carrier"
	case upSeen && carrierSeen:
		state = "up"
	}
	return phrases(strings.TrimSpace(o.text("name")+" "+state), o.first("addresses"))
}

func summariseResolver(result cty.Value) string {
	o := observed{result}
	if v, ok := o.at("servers"); ok && v.LengthInt() == 0 {
		return "no DNS server"
	}
	return o.first("servers")
}

func summariseTrace(result cty.Value) string {
	o := observed{result}
	hops := ""
	if v, ok := o.at("hops"); ok {
		hops = fmt.Sprint(v.LengthInt())
	}
	switch {
	case o.is("loop"):
		return phrases("a loop", o.text("last_sender"))
	case o.is("reached") && hops != "":
		return "reached, hop " + hops
	case o.text("silent_after") != "":
		return phrases("silent beyond hop "+o.text("silent_after"), o.text("last_sender"))
	}
	return o.text("last_sender")
}

func summariseMTU(result cty.Value) string {
	o := observed{result}
	size := o.text("mtu")
	if size != "" {
		size += " bytes"
	}
	how := ""
	if o.text("measured_by") == "tcp" {
		how = "by TCP"
	}
	switch {
	case o.isNull("measured_by"):
		return phrases(size, "larger ones not tested")
	case o.is("black_hole") && o.text("direction") == "back":
		return phrases(size, "large answers vanish", how)
	case o.is("black_hole"):
		return phrases(size, "larger ones vanish", how)
	}
	return phrases(size, o.text("limited_by"), how)
}

func summariseExec(result cty.Value) string {
	o := observed{result}
	ended := ""
	if code := result.GetAttr("exit_code"); code.IsKnown() && code.IsNull() {
		ended = "ended by a signal"
	} else if code := o.text("exit_code"); code != "" {
		ended = "exit code " + code
	}
	if o.is("truncated") {
		return phrases(ended, "output cut off")
	}
	return ended
}

func summariseLog(result cty.Value) string {
	o := observed{result}
	found, foundSeen := o.at("found")
	matched, matchedSeen := o.at("matched")
	switch {
	case foundSeen && found.False():
		return "no such file"
	case matchedSeen && matched.False():
		return "no such line"
	case o.text("age_s") != "":
		return "found, " + o.text("age_s") + " s old"
	case matchedSeen:
		return "found"
	}
	return ""
}

package language

import (
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"

	"github.com/apparentlymart/go-cidr/cidr"
	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

func addressFunctions() []Function {
	return []Function{
		{
			Name: "cidrcontains", Func: cidrContainsFunc,
			Doc:     "Whether a network prefix contains an address or another prefix. Null contains nothing and is nowhere inside.",
			Example: `cidrcontains("10.1.0.0/16", "10.1.2.3")`, Result: `true`,
		},
		{
			Name: "cidrhost", Func: cidrHostFunc,
			Doc:     "The address with a number inside a network prefix; below 0 counts from its end.",
			Example: `cidrhost("10.1.0.0/16", 5)`, Result: `"10.1.0.5"`,
		},
		{
			Name: "cidrnetmask", Func: cidrNetmaskFunc,
			Doc:     "The netmask of an IPv4 network prefix.",
			Example: `cidrnetmask("10.1.0.0/22")`, Result: `"255.255.252.0"`,
		},
		{
			Name: "cidrsubnet", Func: cidrSubnetFunc,
			Doc:     "The subnet with a number inside a network prefix, longer by so many bits.",
			Example: `cidrsubnet("10.1.0.0/16", 8, 2)`, Result: `"10.1.2.0/24"`,
		},
		{
			Name: "cidrsubnets", Func: cidrSubnetsFunc,
			Doc:     "Consecutive subnets of a network prefix, one for each number of further bits.",
			Example: `cidrsubnets("10.1.0.0/16", 8, 8)`, Result: `tolist(["10.1.0.0/24", "10.1.1.0/24"])`,
		},
		{
			Name: "sameip", Func: sameIPFunc,
			Doc:     "Whether two IP addresses are the same, however they are spelt (::1 and 0:0::1, 10.0.0.1 and ::ffff:10.0.0.1). Zones are compared if both have one. Null is not the same as anything, not even as null.",
			Example: `sameip("fe80:0::1", "fe80::1%eth0")`, Result: `true`,
		},
	}
}

func sameIP(a, b netip.Addr) bool {
	a, b = a.Unmap(), b.Unmap()
	if a.Zone() == "" || b.Zone() == "" {
		a, b = a.WithZone(""), b.WithZone("")
	}
	return a == b
}

var sameIPFunc = addressPredicate(addressParam{"a", "0.0.0.0"}, addressParam{"b", "0.0.0.0"}, func(a, b string) (bool, error) {
	x, err := parseAddr(a)
	if err != nil {
		return false, function.NewArgError(0, err)
	}
	y, err := parseAddr(b)
	if err != nil {
		return false, function.NewArgError(1, err)
	}
	return sameIP(x, y), nil
})

var cidrContainsFunc = addressPredicate(addressParam{"prefix", "0.0.0.0/0"}, addressParam{"inner", "0.0.0.0"}, func(outer, inner string) (bool, error) {
	p, err := parsePrefix(outer)
	if err != nil {
		return false, function.NewArgError(0, err)
	}
	if addr, err := netip.ParseAddr(inner); err == nil {
		return p.Contains(addr.Unmap().WithZone("")), nil
	}
	q, err := parsePrefix(inner)
	if err != nil {
		return false, function.NewArgErrorf(1, "%q is neither an IP address nor a network prefix", inner)
	}
	return q.Bits() >= p.Bits() && p.Contains(q.Addr()), nil
})

// An addressParam is a parameter of an addressPredicate.
type addressParam struct {
	name string
	any  string // stands in for an unknown, so that the other one is looked at
}

func (p addressParam) text(v cty.Value) string {
	if v.IsKnown() {
		return v.AsString()
	}
	return p.any
}

// addressPredicate asks something of two addresses. A null, an address that was
// looked for and is not there, makes it false; a text that is no address is an
// error, because false would accuse somebody.
func addressPredicate(a, b addressParam, holds func(a, b string) (bool, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{nullable(a.name, cty.String), nullable(b.name, cty.String)},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[0].IsNull() || args[1].IsNull() {
				return cty.False, nil
			}
			ok, err := holds(a.text(args[0]), b.text(args[1]))
			switch {
			case err != nil:
				return cty.NilVal, err
			case !args[0].IsKnown() || !args[1].IsKnown():
				return guard.UnknownBool, nil
			}
			return cty.BoolVal(ok), nil
		},
	})
}

func parseAddr(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return addr, fmt.Errorf("%q is not an IP address", s)
	}
	return addr, nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, fmt.Errorf("%q is not a network prefix such as 10.1.0.0/16", s)
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// prefixFirst is the type of a function whose first argument is a network
// prefix. It looks at it early, since the other arguments may be unknown.
func prefixFirst(t cty.Type) function.TypeFunc {
	return func(args []cty.Value) (cty.Type, error) {
		if s, ok := guard.KnownString(args[0]); ok {
			if _, err := parsePrefix(s); err != nil {
				return cty.NilType, function.NewArgError(0, err)
			}
		}
		return t, nil
	}
}

// ipNet is a prefix as go-cidr takes it.
func ipNet(s string) (*net.IPNet, error) {
	p, err := parsePrefix(s)
	if err != nil {
		return nil, err
	}
	addr := p.Addr()
	return &net.IPNet{IP: addr.AsSlice(), Mask: net.CIDRMask(p.Bits(), addr.BitLen())}, nil
}

func wholeNumber(v cty.Value) (*big.Int, error) {
	i, acc := v.AsBigFloat().Int(nil)
	if i == nil || acc != big.Exact {
		return nil, errors.New("a whole number is needed")
	}
	return i, nil
}

var cidrHostFunc = function.New(&function.Spec{
	Params:       []function.Parameter{param("prefix", cty.String), param("hostnum", cty.Number)},
	Type:         prefixFirst(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := ipNet(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		num, err := wholeNumber(args[1])
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		ip, err := cidr.HostBig(network, num)
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		return cty.StringVal(ip.String()), nil
	},
})

var cidrNetmaskFunc = function.New(&function.Spec{
	Params:       []function.Parameter{param("prefix", cty.String)},
	Type:         prefixFirst(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := ipNet(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		if len(network.IP) != net.IPv4len {
			return cty.NilVal, function.NewArgErrorf(0, "an IPv6 prefix has no netmask")
		}
		return cty.StringVal(net.IP(network.Mask).String()), nil
	},
})

var cidrSubnetFunc = function.New(&function.Spec{
	Params:       []function.Parameter{param("prefix", cty.String), param("newbits", cty.Number), param("netnum", cty.Number)},
	Type:         prefixFirst(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := ipNet(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		bits, err := newBits(args[1])
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		num, err := wholeNumber(args[2])
		if err != nil {
			return cty.NilVal, function.NewArgError(2, err)
		}
		if num.Sign() >= 0 && num.BitLen() > bits {
			return cty.NilVal, function.NewArgErrorf(2, "%d further bits have no subnet %s", bits, num)
		}
		subnet, err := cidr.SubnetBig(network, bits, num)
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(subnet.String()), nil
	},
})

// newBits is a count of bits that a prefix is made longer by.
func newBits(v cty.Value) (int, error) {
	var n int
	if err := gocty.FromCtyValue(v, &n); err != nil || n < 0 || n > 128 {
		return 0, errors.New("a whole number from 0 to 128 is needed")
	}
	return n, nil
}

var cidrSubnetsFunc = function.New(&function.Spec{
	Params:       []function.Parameter{param("prefix", cty.String)},
	VarParam:     &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:         prefixFirst(cty.List(cty.String)),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		network, err := ipNet(args[0].AsString())
		if err != nil {
			return cty.NilVal, function.NewArgError(0, err)
		}
		length, size := network.Mask.Size()
		subnets := make([]cty.Value, 0, len(args)-1)
		var current *net.IPNet
		for i, arg := range args[1:] {
			bits, err := newBits(arg)
			if err != nil || bits == 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "a whole number from 1 to 128 is needed")
			}
			if length+bits > size {
				return cty.NilVal, function.NewArgErrorf(i+1, "/%d can't be made longer by %d bits", length, bits)
			}
			next, beyond := firstSubnet(network, length+bits), false
			if current != nil {
				next, beyond = cidr.NextSubnet(current, length+bits)
			}
			if beyond || !network.Contains(next.IP) {
				return cty.NilVal, function.NewArgErrorf(i+1, "%s has no room left for a /%d", network, length+bits)
			}
			current = next
			subnets = append(subnets, cty.StringVal(current.String()))
		}
		if len(subnets) == 0 {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(subnets), nil
	},
})

func firstSubnet(network *net.IPNet, length int) *net.IPNet {
	return &net.IPNet{IP: network.IP, Mask: net.CIDRMask(length, 8*len(network.IP))}
}

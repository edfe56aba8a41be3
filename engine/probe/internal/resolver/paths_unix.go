//go:build !windows

package resolver

// Where a computer says how it looks names up. A system without these files
// has nothing to say, which is not the same as having no such files by design.
const (
	resolvConfPath = "/etc/resolv.conf"
	hostsPath      = "/etc/hosts"
)

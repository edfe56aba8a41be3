package probe

import (
	"slices"
	"strconv"
	"strings"

	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
)

// reversePathDrops is how many packets this computer's reverse path filter has
// dropped so far: the counter IPReversePathFilter among TcpExt, which stand in
// two lines of /proc/net/netstat (proc_pid_net(5)), names and values. Everybody
// may read them.
func reversePathDrops() (count uint64, ok bool) {
	text, err := hostfs.ReadNetTable("netstat")
	if err != nil {
		return 0, false
	}
	return netstatCounter(string(text), "TcpExt:", "IPReversePathFilter")
}

// netstatCounter finds a counter of a group.
func netstatCounter(text, group, name string) (uint64, bool) {
	var names []string
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] != group {
			continue
		}
		if names == nil {
			names = fields
			continue
		}
		i := slices.Index(names, name)
		if i < 0 || i >= len(fields) {
			return 0, false
		}
		count, err := strconv.ParseUint(fields[i], 10, 64)
		return count, err == nil
	}
	return 0, false
}

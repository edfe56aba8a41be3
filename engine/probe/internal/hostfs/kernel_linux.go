package hostfs

import (
	"os"
	"strings"
)

// Sysctl is the value of a kernel parameter below net (ip-sysctl.rst), such as
// ipv4/tcp_mtu_probing.
func Sysctl(name string) (string, error) {
	value, err := os.ReadFile("/proc/sys/net/" + name)
	return strings.TrimSpace(string(value)), err
}

// OpenNetTable opens a table or the counters of this thread's network namespace
// (proc_pid_net(5)), such as tcp6 or snmp6. Everybody may read them.
func OpenNetTable(name string) (*os.File, error) { return os.Open("/proc/thread-self/net/" + name) }

// ReadNetTable is the text of one.
func ReadNetTable(name string) ([]byte, error) { return os.ReadFile("/proc/thread-self/net/" + name) }

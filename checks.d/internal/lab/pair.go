//go:build linux

package lab

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The link that the two ends can be managed over, whatever is wrong with the
// line between them. Its addresses are of a block for documentation, RFC 5737.
const (
	managedFrom = "203.0.113.1"
	managedAt   = "203.0.113.2"
)

// Manage lays a cable of its own between the gateway computer and the mail host
// and starts sshd there. It returns the command that reaches the host from the
// gateway computer, with a key and known hosts of its own. Withlinecheck says
// whether linecheck is in the PATH over there.
func (n *Network) Manage(withLinecheck bool) (via []string) {
	n.t.Helper()
	Need(n.t, "sshd", "ssh", "ssh-keygen")
	gw, mail := n.Host("gw"), n.Host("mail")
	if err := n.wire(gw, "mgmt", mail, "mgmt"); err != nil {
		n.t.Fatalf("lab: %v", err)
	}
	gw.Sh("ip address add " + managedFrom + "/30 dev mgmt; ip link set mgmt up")
	mail.Sh("ip address add " + managedAt + "/30 dev mgmt; ip link set mgmt up")
	return mail.StartSSH(withLinecheck)
}

// StartSSH starts a real sshd on the host and returns the command that reaches
// it over the link of [Network.Manage].
func (h *Host) StartSSH(withLinecheck bool) (via []string) {
	t := h.net.t
	t.Helper()
	// Where sshd parts with its privileges (its package makes it at boot).
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		t.Fatalf("lab: %v", err)
	}
	h.write(h.file("ssh", "made"), "")
	dir := h.file("ssh")
	h.Sh(fmt.Sprintf(`cd %s; rm -f *
ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key; cp key.pub authorized
echo "%s $(cat host.pub)" >known`, dir, managedAt))
	folders := path
	if withLinecheck {
		folders += ":" + filepath.Dir(Binary(t))
	}
	h.write(filepath.Join(dir, "sshd_config"), `HostKey %[1]s/host
AuthorizedKeysFile %[1]s/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PidFile none
ListenAddress %[2]s
SetEnv PATH=%[3]s
`, dir, managedAt, folders)
	h.write(filepath.Join(dir, "config"), `Host *
IdentityFile %[1]s/key
IdentitiesOnly yes
UserKnownHostsFile %[1]s/known
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
`, dir)
	sshd := h.start("tcp 22", "/usr/sbin/sshd", "-D", "-e", "-f", filepath.Join(dir, "sshd_config"))
	h.listens(sshd, managedAt, 22)
	return []string{"ssh", "-F", filepath.Join(dir, "config"), "root@" + managedAt}
}

// NewHostKey gives the host another key, as after it was installed anew.
func (h *Host) NewHostKey() {
	h.net.t.Helper()
	h.Sh(fmt.Sprintf("cd %s; ssh-keygen -q -t ed25519 -N '' -f other; cat known >was; echo \"%s $(cat other.pub)\" >known", h.file("ssh"), managedAt))
}

// Wrap puts a shell script in front of linecheck on the host: "$@" in it is the
// command. It returns the word that goes behind a command that reaches the host.
func (h *Host) Wrap(name, script string) string {
	h.net.t.Helper()
	path := h.file(name)
	h.write(path, "#!/bin/sh\n%s\n", script)
	if err := os.Chmod(path, 0o755); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
	return path
}

// Stop stops a service of the host: "mail", "dns", "tcp 22" …
func (h *Host) Stop(name string) { h.stop(name) }

// PairVars lie over the network's own values, by vantage; "" leaves a variable
// unset.
type PairVars map[string]map[string]string

// RunPairVars runs linecheck on the gateway computer for a site of two vantages,
// gateway here and host behind via, with vars over their values. What isn't a report
// fails the test.
func (n *Network) RunPairVars(t testing.TB, via []string, vars PairVars, args ...string) *Outcome {
	t.Helper()
	dir := n.runDir(t)
	file := filepath.Join(dir, "site.hcl")
	if err := os.WriteFile(file, []byte(os.Expand(n.pair(via, vars), n.Getenv)), 0o644); err != nil {
		t.Fatal(err)
	}
	all := append([]string{Binary(t), "run", "embedded", "--sites", file, "--format", "json", "--format", "text=" + filepath.Join(dir, "report.txt")}, args...)
	return n.Host("gw").report(t, dir, all)
}

// pair is the profile of both ends.
func (n *Network) pair(via []string, vars PairVars) string {
	quoted := make([]string, len(via))
	for i, word := range via {
		quoted[i] = strconv.Quote(word)
	}
	var b strings.Builder
	b.WriteString("site \"lab\" {\n")
	for _, end := range []struct{ vantage, host, via string }{
		{"gateway", "gw", ""},
		{"host", "mail", "    via = [" + strings.Join(quoted, ", ") + "]\n"},
	} {
		fmt.Fprintf(&b, "  vantage %q {\n%s    vars = {\n", end.vantage, end.via)
		values := n.values(n.Host(end.host))
		maps.Copy(values, vars[end.vantage])
		maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
		for _, name := range slices.Sorted(maps.Keys(values)) {
			fmt.Fprintf(&b, "      %s = %q\n", name, values[name])
		}
		b.WriteString("    }\n  }\n")
	}
	b.WriteString("}\n")
	return b.String()
}

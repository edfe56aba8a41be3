//go:build linux

package lab

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Mail says how Postfix is set up.
type Mail struct {
	// ProcessLimit bounds the SMTP server processes; 0: Postfix's own.
	ProcessLimit int
	// Settings are further lines of main.cf.
	Settings string
}

// Postfix wants its queue folders to exist; "postfix start" would make them
// with shell scripts that take a second.
var queueFolders = []string{"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace"}

// StartMail starts a real Postfix on port 25 of the host, with configuration,
// queue and log of its own.
func (h *Host) StartMail(m Mail) {
	t := h.net.t
	t.Helper()
	h.stop("mail")
	owner, err := user.Lookup("postfix")
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	drop, err := user.LookupGroup("postdrop")
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	gid, _ := strconv.Atoi(drop.Gid)

	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("lab: postfix on %s: %v", h.Name, err)
		}
	}
	folder := func(path string, mode os.FileMode, uid, gid int) {
		t.Helper()
		must(os.MkdirAll(path, mode))
		must(os.Chown(path, uid, gid))
		must(os.Chmod(path, mode))
	}
	queue, data := h.file("spool"), h.file("data")
	must(os.MkdirAll(queue, 0o755))
	must(os.MkdirAll(queue+"/pid", 0o755))
	folder(data, 0o700, uid, 0)
	for _, name := range queueFolders {
		folder(queue+"/"+name, 0o700, uid, 0)
	}
	folder(queue+"/private", 0o700, uid, 0)
	folder(queue+"/public", 0o710, uid, gid)
	folder(queue+"/maildrop", 0o730, uid, gid)

	limit := "-" // master's default
	if m.ProcessLimit > 0 {
		limit = strconv.Itoa(m.ProcessLimit)
	}
	name := h.net.MailName
	if h.Name == "gw" {
		name = h.net.GWName
	}
	// No look-up of the client's name: the greeting must not depend on the DNS.
	// Without a limit on its connections no process counts them.
	h.write(h.file("main.cf"), `compatibility_level = 3.6
queue_directory = %s
data_directory = %s
maillog_file_prefixes = %s
maillog_file = %s
myhostname = %s
mydestination = localhost
mynetworks = 127.0.0.0/8
inet_interfaces = all
inet_protocols = all
local_recipient_maps =
alias_maps =
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_timeout = 300s
smtpd_tls_security_level = none
%s
`, queue, data, h.net.dir, h.MailLog(), name, m.Settings)
	h.write(h.file("master.cf"), `smtp      inet       n - n - %s smtpd
anvil     unix       - - n - 1 anvil
rewrite   unix       - - n - - trivial-rewrite
postlog   unix-dgram n - n - 1 postlogd
`, limit)
	// Postfix waits up to two seconds for a file that was written just now: it
	// could be half of one.
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"main.cf", "master.cf"} {
		must(os.Chtimes(h.file(name), old, old))
	}
	h.mail = h.start("mail", postfixMaster(t), "-c", h.file())
	h.listens(h.mail, "::1", 25)
}

// postfixMaster finds Postfix's master in the folders that distributions use.
// Asking postconf would take seconds: it looks up this computer's name.
func postfixMaster(t testing.TB) string {
	t.Helper()
	for _, dir := range []string{"/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix/bin", "/usr/lib/postfix"} {
		path := filepath.Join(dir, "master")
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	Missing(t, "Postfix")
	return ""
}

// MailLog is the log file of the host's Postfix.
func (h *Host) MailLog() string { return h.net.dir + "/" + h.Name + ".mail.log" }

// StopMail ends whatever serves port 25.
func (h *Host) StopMail() { h.stop("mail") }

// PauseMail stops Postfix with SIGSTOP, master and servers: the kernel goes on
// accepting connections.
func (h *Host) PauseMail() {
	h.net.t.Helper()
	if err := h.mail.signal(syscall.SIGSTOP); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
}

// OccupyMail opens connections to the host's port 25 from the host itself, each
// of which has had its greeting, and holds them until the network goes down.
func (h *Host) OccupyMail(connections int) {
	t := h.net.t
	t.Helper()
	for i := range connections {
		var conn net.Conn
		err := h.inside(func() (err error) {
			conn, err = net.DialTimeout("tcp", net.JoinHostPort(h.Addr().String(), "25"), readyTimeout)
			return err
		})
		if err != nil {
			t.Fatalf("lab: %v", err)
		}
		h.run(fmt.Sprintf("client %d", i), func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(readyTimeout))
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(line, "220") {
			t.Fatalf("lab: greeting to client %d: %q, %v", i, line, err)
		}
	}
}

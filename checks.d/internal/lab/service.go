//go:build linux

package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// readyTimeout is how long a daemon may take until it listens. Postfix takes
// 50 ms on an idle machine; several networks may start at the same time.
const readyTimeout = 20 * time.Second

// A process is a daemon with everything that it started.
type process struct {
	name    string
	cmd     *exec.Cmd
	log     string
	stopped chan struct{}
}

// start runs a daemon on the host in the foreground of a session of its own.
func (h *Host) start(name, program string, args ...string) *process {
	h.net.t.Helper()
	path := filepath.Join(h.net.dir, h.Name+"-"+name+".out")
	if err := adoptOrphans(); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
	defer log.Close()
	cmd := h.command(context.Background(), program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		h.net.t.Fatalf("lab: %s on %s: %v", name, h.Name, err)
	}
	p := &process{name: name + " on " + h.Name, cmd: cmd, log: path, stopped: make(chan struct{})}
	go func() {
		cmd.Wait()
		close(p.stopped)
	}()
	h.run(name, p.kill)
	return p
}

// signal reaches the daemon and its children.
func (p *process) signal(s syscall.Signal) error { return syscall.Kill(-p.cmd.Process.Pid, s) }

// kill ends the daemon and its children and returns when all of them are gone,
// and their sockets with them.
func (p *process) kill() {
	// ESRCH: it ended by itself.
	_ = p.signal(syscall.SIGKILL)
	<-p.stopped
	for {
		_, err := syscall.Wait4(-p.cmd.Process.Pid, nil, 0, nil)
		if err != nil && err != syscall.EINTR {
			return // ECHILD: none is left
		}
	}
}

// adoptOrphans makes this process the parent of what its daemons leave behind,
// so that it can wait for their end.
var adoptOrphans = sync.OnceValue(func() error {
	return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
})

// run registers a service under its name, instead of the one that had it.
func (h *Host) run(name string, stop func()) {
	h.stop(name)
	h.services[name] = stop
}

// stop ends the service of that name, if there is one.
func (h *Host) stop(name string) {
	if stop := h.services[name]; stop != nil {
		delete(h.services, name)
		stop()
	}
}

// listens waits until a TCP port of one of the host's addresses accepts. A daemon
// opens its sockets one by one, and one that is paused in between refuses; the
// last of Postfix and of dnsmasq is that of ::1.
func (h *Host) listens(p *process, address string, port uint16) {
	h.net.t.Helper()
	to := netip.AddrPortFrom(netip.MustParseAddr(address), port).String()
	deadline := time.Now().Add(readyTimeout)
	for {
		err := h.inside(func() error {
			conn, err := net.Dial("tcp", to)
			if err == nil {
				conn.Close()
			}
			return err
		})
		if err == nil {
			return
		}
		select {
		case <-p.stopped:
			out, _ := os.ReadFile(p.log)
			h.net.t.Fatalf("lab: %s ended: %s", p.name, out)
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			out, _ := os.ReadFile(p.log)
			h.net.t.Fatalf("lab: %s does not listen on port %d after %v: %v\n%s", p.name, port, readyTimeout, err, out)
		}
	}
}

// file is a place for a daemon's files.
func (h *Host) file(elem ...string) string {
	return filepath.Join(append([]string{h.net.dir, h.Name}, elem...)...)
}

func (h *Host) write(path, format string, args ...any) {
	h.net.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
	if err := os.WriteFile(path, []byte(fmt.Sprintf(format, args...)), 0o644); err != nil {
		h.net.t.Fatalf("lab: %v", err)
	}
}

//go:build linux

package lab

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

const (
	// namePrefix begins the names of all our namespaces, the builder's process
	// number follows.
	namePrefix = "lc-"
	netnsDir   = "/run/netns" // where ip-netns(8) looks for named namespaces
	etcDir     = "/etc/netns" // what "ip netns exec" lays over /etc
)

// A namespace is a named one, so that "ip netns exec" works on it.
type namespace struct {
	name    string
	handle  netns.NsHandle
	netlink *netlink.Handle
}

// create makes the namespace and moves the locked thread into it.
func (ns *namespace) create() error {
	if err := shareNetnsDir(); err != nil {
		return err
	}
	var err error
	if ns.handle, err = netns.NewNamed(ns.name); err != nil {
		return fmt.Errorf("namespace %s: %w", ns.name, err)
	}
	ns.netlink, err = netlink.NewHandle(unix.NETLINK_ROUTE)
	return err
}

func (ns *namespace) remove() error {
	if ns.netlink != nil {
		ns.netlink.Close()
	}
	var err error
	if ns.handle.IsOpen() {
		err = ns.handle.Close()
	}
	return errors.Join(err, removeNamed(ns.name))
}

// removeNamed takes away a namespace's name and its files. The kernel takes the
// namespace down when the last process and socket in it are gone.
func removeNamed(name string) error {
	path := filepath.Join(netnsDir, name)
	if err := unix.Unmount(path, unix.MNT_DETACH); err != nil && err != unix.EINVAL && err != unix.ENOENT {
		return fmt.Errorf("unmount %s: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.RemoveAll(filepath.Join(etcDir, name))
}

// shareNetnsDir makes the folder of names a shared mount, as ip-netns(8) does:
// otherwise a process started by "ip netns exec" of one network keeps a copy of
// another's names, and with them its namespaces.
var shareNetnsDir = sync.OnceValue(func() error {
	if err := os.MkdirAll(netnsDir, 0o755); err != nil {
		return err
	}
	share := func() error { return unix.Mount("", netnsDir, "none", unix.MS_SHARED|unix.MS_REC, "") }
	if share() == nil {
		return nil
	}
	if err := unix.Mount(netnsDir, netnsDir, "none", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("bind %s: %w", netnsDir, err)
	}
	return share()
})

// guardScript waits until its standard input ends, which is when the process
// that holds the other end does, and removes what that left behind.
const guardScript = `
cat >/dev/null
for path in "$2/$1"*; do
  [ -e "$path" ] || continue
  name=${path##*/}
  ip netns pids "$name" | xargs -r kill -KILL
  ip netns del "$name"
done
rm -rf "$3/$1"* "$4/$1"*
`

// guard starts a process that outlives this one, so that nothing stays even if
// this one is killed or runs into its time limit. The daemons can't be told to
// end with their parent (prctl(2), PR_SET_PDEATHSIG): the kernel forgets that
// when a process changes its user, as they do.
//
// Its value is the end to hold on to.
var guard = sync.OnceValues(func() (io.Closer, error) {
	cmd := exec.Command("sh", "-c", guardScript, "guard", ourPrefix(), netnsDir, etcDir, os.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C is not for it
	held, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return held, cmd.Start()
})

// ourPrefix begins the names of everything that this process makes.
func ourPrefix() string { return fmt.Sprintf("%s%d-", namePrefix, os.Getpid()) }

// onThread runs f on an operating system thread of its own, which f may move
// into a namespace. It is moved back afterwards, or ends.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		home, err := netns.Get()
		if err != nil {
			done <- err
			return
		}
		defer home.Close()
		err = f()
		if back := netns.Set(home); back != nil {
			done <- errors.Join(err, back)
			return // still locked: the thread ends with the goroutine
		}
		runtime.UnlockOSThread()
		done <- err
	}()
	return <-done
}

// inside runs f with the thread in the host's namespace: sockets that it opens
// are the host's, also later on other threads.
func (h *Host) inside(f func() error) error {
	return onThread(func() error {
		if err := netns.Set(h.ns.handle); err != nil {
			return err
		}
		return f()
	})
}

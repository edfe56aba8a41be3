package netnstest_test

import (
	"errors"
	"net"
	"os"
	"testing"

	"github.com/linecheck/linecheck/engine/probe/internal/netnstest"
	"golang.org/x/sys/unix"
)

func TestTwoComputersTalk(t *testing.T) {
	here, there := netnstest.New(t), netnstest.New(t)
	netnstest.Connect(here, "eth0", there, "eth0")
	here.IP("addr add 10.1.0.1/24 dev eth0")
	there.IP("addr add 10.1.0.2/24 dev eth0")

	var listener net.Listener
	there.Do(func() {
		var err error
		if listener, err = net.Listen("tcp", "10.1.0.2:0"); err != nil {
			t.Fatal(err)
		}
	})
	defer listener.Close()
	here.Do(func() {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	})
}

func TestDoComesHome(t *testing.T) {
	inside := netnstest.New(t)
	name := func() string {
		link, err := os.Readlink("/proc/thread-self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	home := name()
	inside.Do(func() {
		if name() == home {
			t.Error("Do ran outside of the namespace")
		}
	})
	if name() != home {
		t.Error("Do did not come home")
	}
}

func TestUnprivilegedHasNoRawSocket(t *testing.T) {
	inside := netnstest.New(t)
	open := func() error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP)
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
	inside.Do(func() {
		netnstest.Unprivileged(t, func() {
			if err := open(); !errors.Is(err, unix.EPERM) {
				t.Errorf("raw socket without privilege: %v, want EPERM", err)
			}
		})
		if err := open(); err != nil {
			t.Errorf("raw socket with the privilege back: %v", err)
		}
	})
}

func TestInside(t *testing.T) {
	if !netnstest.Inside(t, func() *netnstest.Namespace {
		n := netnstest.New(t)
		n.IP("link add cable type veth peer name other")
		return n
	}) {
		return
	}
	// Any goroutine may be on any thread.
	for range 10 {
		done := make(chan error)
		go func() {
			_, err := net.InterfaceByName("cable")
			done <- err
		}()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

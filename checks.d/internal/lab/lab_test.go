//go:build linux

package lab

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// works is a healthy network seen from the gateway computer, with nothing but
// ordinary tools.
const works = `
ping -c1 -W2 $PEER
ping -c1 -W2 $MAIL
ping -c1 -W2 $DNS
test "$(dig +short +tries=1 $NAME $RR)" = "$MAIL"
getent ahosts $NAME | grep -F "$MAIL "
` + greets

// greets reads the greeting of the mail host and says goodbye.
const greets = `
printf 'QUIT\r\n' | timeout 5 bash -c 'exec 3<>/dev/tcp/$MAIL/25; cat >&3; cat <&3' | tr '\r\n' '  ' | grep "^220 $NAME ESMTP Postfix  221 "
`

func TestShapesWork(t *testing.T) {
	for name, shape := range map[string]Shape{
		"standard":   Standard,
		"no router":  {Routers: 0, IPv4: true},
		"one router": {Routers: 1, IPv4: true},
		"four":       {Routers: 4, IPv4: true},
		"IPv6":       {Routers: 3, IPv6: true},
		"both":       {Routers: 2, IPv4: true, IPv6: true},
		"DNS beside": {Routers: 2, IPv4: true, DNSBeside: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shape.Name = name
			start := time.Now()
			n := New(t, shape)
			t.Logf("built in %v", time.Since(start))
			n.Host("gw").Sh(works)
			if shape.IPv4 && shape.IPv6 {
				n.Host("gw").Sh("ping -c1 -W2 $MAIL6; ping -c1 -W2 $DNS6; dig +short $NAME AAAA | grep -Fx $MAIL6")
			}
		})
	}
}

func TestNetworkLeavesNothing(t *testing.T) {
	var name, dir string
	var leader int
	t.Run("network", func(t *testing.T) {
		n := New(t, Standard)
		n.Host("gw").Sh(greets) // so that Postfix has children
		name, dir, leader = n.Host("mail").ns.name, n.dir, n.Host("mail").mail.cmd.Process.Pid
		if _, err := os.Stat(netnsDir + "/" + name); err != nil {
			t.Fatal(err)
		}
	})
	for _, path := range []string{netnsDir + "/" + name, etcDir + "/" + name, dir} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is left behind: %v", path, err)
		}
	}
	stats, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range stats {
		cmdline, _ := os.ReadFile("/proc/" + entry.Name() + "/cmdline")
		if strings.Contains(string(cmdline), dir) {
			t.Errorf("process %s is left behind: %q", entry.Name(), cmdline)
		}
	}
	if _, err := os.Stat("/proc/" + strconv.Itoa(leader)); !os.IsNotExist(err) {
		t.Errorf("Postfix's master (%d) is left behind: %v", leader, err)
	}
}

// holdEnv makes the test below hold a network until it is killed.
const holdEnv = "LINECHECK_LAB_TEST_HOLD"

func TestKilledProcessLeavesNothing(t *testing.T) {
	if os.Getenv(holdEnv) != "" {
		n := New(t, Standard)
		fmt.Println("network", ourPrefix(), n.Host("mail").mail.cmd.Process.Pid)
		select {}
	}
	Need(t)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledProcessLeavesNothing$")
	cmd.Env = append(os.Environ(), holdEnv+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var prefix string
	var pid int
	_, err = fmt.Fscanln(out, new(string), &prefix, &pid)
	cmd.Process.Kill()
	cmd.Wait()
	if err != nil {
		t.Fatal(err)
	}
	left := func() (paths []string) {
		for _, dir := range []string{netnsDir, etcDir, os.TempDir()} {
			found, _ := filepath.Glob(dir + "/" + prefix + "*")
			paths = append(paths, found...)
		}
		// Of one that is dead and not buried nothing but the number is left.
		if line, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline"); len(line) > 0 {
			paths = append(paths, "Postfix")
		}
		return paths
	}
	for deadline := time.Now().Add(10 * time.Second); len(left()) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left behind after a kill: %v", left())
		}
	}
}

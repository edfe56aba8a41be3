package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/rogpeppe/go-internal/testscript"
)

// registryPrograms are the real programs around a package: the registry of
// Debian, what others read it with, and what seals a process off.
var registryPrograms = []string{"docker-registry", "htpasswd", "skopeo", "oras", "openssl", "unshare", "mount", "setpriv", "ip"}

// The one user of the registry. His password has a character that divides user
// and password elsewhere.
const registryUser, registryPassword = "ops", "correct:horse"

// TestRegistry carries packages through a real registry on loopback.
func TestRegistry(t *testing.T) {
	var lacking []string
	for _, program := range registryPrograms {
		if _, err := exec.LookPath(program); err != nil {
			lacking = append(lacking, program)
		}
	}
	if os.Geteuid() != 0 {
		lacking = append(lacking, "root, to become somebody with fewer rights")
	}
	if len(lacking) > 0 {
		rulestest.Missing(t, "needs "+strings.Join(lacking, ", "))
	}
	root := openFolder(t)
	bin := filepath.Join(root, "bin")
	if err := copyProgram(filepath.Join(bin, "linecheck")); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script/registry",
		UpdateScripts:       os.Getenv(updateVar) != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		WorkdirRoot:         root,
		Setup: func(e *testscript.Env) error {
			script, err := filepath.Abs("../../rules/bundle/signature/verify-with-openssl.sh")
			if err != nil {
				return err
			}
			addr, err := startRegistry(e)
			if err != nil {
				return err
			}
			e.Setenv("PATH", bin+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("LANG", "C.UTF-8")
			e.Setenv(etcVar, e.WorkDir+"/etc")
			e.Setenv("VERIFY_WITH_OPENSSL", script)
			e.Setenv("REGISTRY", addr)
			e.Setenv("CREDS", registryUser+":"+registryPassword)
			e.Setenv("REGISTRY_USER", registryUser)
			e.Setenv("REGISTRY_PASSWORD", registryPassword)
			return logIn(filepath.Join(e.WorkDir, "docker"), addr)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":    exits,
			"jsonis":   jsonIs,
			"manifest": manifestOf,
			"sealed":   sealed,
		},
	})
}

// openFolder is a temporary folder that every user may look into, unlike
// t.TempDir.
func openFolder(t *testing.T) string {
	t.Helper()
	root, err := os.MkdirTemp("", "linecheck-registry-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(root) })
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

// copyProgram puts this program where every user may start it: as "linecheck"
// it is linecheck (see TestMain).
func copyProgram(name string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	from, err := os.Open(self)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.Mkdir(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	to, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if closed := to.Close(); err == nil {
		err = closed
	}
	return err
}

// startRegistry runs Debian's docker-registry on a free port of loopback for
// the length of a script. It wants a password.
func startRegistry(e *testscript.Env) (addr string, err error) {
	dir := filepath.Join(e.WorkDir, "registry")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	users, err := exec.Command("htpasswd", "-Bbn", registryUser, registryPassword).Output()
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "htpasswd"), users, 0o600); err != nil {
		return "", err
	}
	// Whoever takes the port in between makes the daemon end; then another one
	// is tried.
	const attempts = 5
	for range attempts {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		addr = l.Addr().String()
		l.Close()
		config := fmt.Sprintf(`{"version": 0.1, "log": {"level": "error", "accesslog": {"disabled": true}},
"storage": {"filesystem": {"rootdirectory": %q}},
"auth": {"htpasswd": {"realm": "test", "path": %q}},
"http": {"addr": %q}}`, filepath.Join(dir, "data"), filepath.Join(dir, "htpasswd"), addr)
		file := filepath.Join(dir, "config.yml")
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			return "", err
		}
		if err = serve(e, file, addr); err == nil {
			return addr, nil
		}
	}
	return "", fmt.Errorf("docker-registry does not start: %w", err)
}

// registryStart is how long the daemon may take to answer, on a busy computer.
const registryStart = 30 * time.Second

// serve starts the daemon and waits until it answers.
func serve(e *testscript.Env, config, addr string) error {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	cmd := exec.CommandContext(ctx, "docker-registry", "serve", config)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		stop()
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // it is always killed
	}()
	end := func() {
		stop()
		<-ended
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	deadline := time.After(registryStart)
	for {
		if resp, err := client.Get("http://" + addr + "/v2/"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusUnauthorized {
				e.Defer(end)
				return nil
			}
		}
		select {
		case <-poll.C:
			continue
		case <-deadline:
		case <-ended:
		}
		end()
		return fmt.Errorf("it does not answer at %s: %s", addr, &output)
	}
}

// logIn writes the file that "docker login" does.
func logIn(dir, host string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	file, err := json.Marshal(map[string]any{"auths": map[string]any{host: map[string]any{
		"auth": []byte(registryUser + ":" + registryPassword),
	}}})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config.json"), file, 0o644)
}

// manifest PACKAGE FILE writes the manifest in a package, byte for byte.
func manifestOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: manifest PACKAGE FILE")
	}
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	l, err := bundle.ReadLayout(f)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), l.Manifest, 0o644))
}

// seal takes all rights but few from what is started: $1 is the only folder
// that can be written, the user is nobody's, and no capability is left or can
// come back. /proc and /sys stay, since the user may write there as little.
const seal = `set -e
out=$1; shift
mount --make-rprivate /
mount --bind "$out" "$out"
while read -r _ dir _; do
  case $dir in
    "$out" | /proc | /proc/* | /sys | /sys/*) ;;
    *) mount -o remount,bind,ro "$dir" 2>/dev/null || true ;;
  esac
done </proc/self/mounts
cd "$out"
exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
`

// sealed [-offline|-loopback] CODE FOLDER program args… runs a program as a user
// who can write into one folder and nowhere else, and demands its exit code.
// With -offline it has no network at all: its network namespace holds a
// loopback interface that is down; with -loopback that is up.
func sealed(ts *testscript.TestScript, neg bool, args []string) {
	unshare := []string{"unshare", "--mount"}
	script := seal
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		unshare = append(unshare, "--net")
		if args[0] == "-loopback" {
			script = "ip link set lo up\n" + seal
		}
		args = args[1:]
	}
	if neg || len(args) < 3 {
		ts.Fatalf("usage: sealed [-offline|-loopback] CODE FOLDER program args...")
	}
	command := append([]string{args[0]}, unshare...)
	command = append(command, "sh", "-c", script, "seal", ts.MkAbs(args[1]))
	exits(ts, false, append(command, args[2:]...))
}

package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"github.com/linecheck/linecheck/rules/rulestest"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

const (
	daemonUser     = "robot"
	daemonPassword = "hunter:2" // a colon in it must survive
)

// daemon runs Debian's docker-registry on loopback, with a password if one is
// wanted, and returns its host and port.
func daemon(t testing.TB, withPassword bool) string {
	t.Helper()
	program, err := exec.LookPath("docker-registry")
	if err != nil {
		rulestest.Missing(t, "needs Debian's docker-registry")
	}
	dir := t.TempDir()
	auth := ""
	if withPassword {
		auth = fmt.Sprintf("auth:\n  htpasswd:\n    realm: test\n    path: %s\n", htpasswd(t, dir))
	}
	// Whoever takes the port in between makes the daemon end; then another one
	// is tried.
	for range 5 {
		addr := freeAddress(t)
		config := fmt.Sprintf("version: 0.1\nlog:\n  accesslog:\n    disabled: true\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: %s\nhttp:\n  addr: %s\n%s",
			filepath.Join(dir, "data"), addr, auth)
		file := filepath.Join(dir, "config.yml")
		if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		if start(t, program, file, addr) {
			return addr
		}
	}
	t.Fatal("docker-registry does not start")
	return ""
}

// start starts the daemon and waits until it answers; false if it ended.
func start(t testing.TB, program, config, addr string) bool {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "serve", config)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	for deadline := time.After(20 * time.Second); ; {
		if resp, err := client.Get("http://" + addr + "/v2/"); err == nil {
			resp.Body.Close()
			t.Cleanup(func() { cancel(); <-ended })
			return true
		}
		select {
		case <-poll.C:
		case <-ended:
			cancel()
			t.Logf("docker-registry ended: %s", output.Bytes())
			return false
		case <-deadline:
			cancel()
			<-ended
			t.Fatalf("docker-registry does not answer: %s", output.Bytes())
		}
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// htpasswd writes a file with the test's user and password.
func htpasswd(t testing.TB, dir string) string {
	t.Helper()
	program, err := exec.LookPath("htpasswd")
	if err != nil {
		rulestest.Missing(t, "needs htpasswd (apache2-utils)")
	}
	line, err := exec.Command(program, "-Bbn", daemonUser, daemonPassword).Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "htpasswd")
	if err := os.WriteFile(file, line, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// dockerConfig makes a config file of Docker's the one that counts in a test.
func dockerConfig(t testing.TB, content any) string {
	t.Helper()
	text, ok := content.(string)
	if !ok {
		data, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		text = string(data)
	}
	dir := t.TempDir()
	t.Setenv("DOCKER_CONFIG", dir)
	file := filepath.Join(dir, "config.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// loggedIn stores credentials for a host as docker login does.
func loggedIn(t testing.TB, host, user, password string) string {
	t.Helper()
	return dockerConfig(t, map[string]any{"auths": map[string]any{host: map[string]any{"auth": []byte(user + ":" + password)}}})
}

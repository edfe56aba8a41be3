package registry

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// behindProxy names the host that is pulled from in a process of its own:
// net/http reads the environment's proxy once in each.
const behindProxy = "LINECHECK_TEST_REGISTRY"

// TestProxy pulls from a host that only the proxy can reach: its name is none
// (RFC 6761), and the proxy is a registry itself.
func TestProxy(t *testing.T) {
	if how, host, ok := strings.Cut(os.Getenv(behindProxy), "://"); ok {
		pullBehindProxy(t, how, host)
		return
	}
	var mu sync.Mutex
	hosts := map[string]int{}
	asked := func(what string) bool {
		mu.Lock()
		defer mu.Unlock()
		return hosts[what] > 0
	}
	registry := honest()
	mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), packed(t, "1.4.0", ""))
	proxy := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		hosts[r.Method+" "+r.URL.Host]++
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return true
		}
		return false
	})
	run := func(t *testing.T, env ...string) {
		t.Helper()
		cmd := exec.Command(os.Args[0], "-test.run=^TestProxy$", "-test.v")
		cmd.Env = append(os.Environ(), "NO_PROXY=", "no_proxy=", "http_proxy=", "https_proxy=")
		cmd.Env = append(cmd.Env, env...)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestProxy") {
			t.Errorf("%v\n%s", err, out)
		}
	}
	t.Run("HTTP", func(t *testing.T) {
		run(t, behindProxy+"=http://registry.invalid", "HTTP_PROXY=http://"+proxy)
		if !asked("GET registry.invalid") {
			t.Error("the proxy was not asked")
		}
	})
	t.Run("TLS, refused", func(t *testing.T) {
		run(t, behindProxy+"=https://registry.invalid", "HTTPS_PROXY=http://"+proxy)
		if !asked("CONNECT registry.invalid:443") {
			t.Error("the proxy was not asked")
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		run(t, behindProxy+"=down://registry.invalid", "HTTP_PROXY=http://"+freeAddress(t))
	})
}

// pullBehindProxy is what TestProxy does in the other process.
func pullBehindProxy(t *testing.T, how, host string) {
	c := plain()
	switch how {
	case "http":
		same(t, packed(t, "1.4.0", ""), mustPull(t, c, netAt(t, host, "1.4.0")))
	case "https":
		c.PlainHTTP = false
		wants(t, pullOf(t, c, host), Unreachable, "The proxy that the environment names", "does not lead to registry.invalid", "Forbidden")
	case "down":
		wants(t, pullOf(t, c, host), Unreachable, "The proxy that the environment names", "does not lead to registry.invalid", "refused")
	}
}

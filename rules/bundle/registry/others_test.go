package registry

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// tool runs a program of others and returns what it prints.
func tool(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		rulestest.Missing(t, "needs "+name)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.Bytes())
	}
	return out
}

// carried is a signed package in a registry, with the key that it must be
// signed by.
func carried(t *testing.T) (l *bundle.Layout, ref Reference, demand bundle.Policy) {
	key := newKey(t)
	l = packed(t, "1.4.0", "")
	if err := l.Sign(key); err != nil {
		t.Fatal(err)
	}
	ref = netAt(t, daemon(t, false), "1.4.0")
	mustPush(t, plain(), ref, l)
	return l, ref, bundle.Policy{Keys: signature.Keys{key.Public()}, Name: "net", Version: "1.4.0", Now: time.Now()}
}

// TestSkopeo has skopeo read what was pushed, and carry it on. It leaves
// signatures behind, and then a package is refused where one is demanded.
func TestSkopeo(t *testing.T) {
	l, ref, demand := carried(t)
	source := strings.Replace(ref.String(), Scheme, "docker://", 1)
	if diff := cmp.Diff(string(l.Manifest), string(tool(t, "skopeo", "inspect", "--raw", "--tls-verify=false", source))); diff != "" {
		t.Errorf("skopeo reads another manifest (-want +got):\n%s", diff)
	}
	archive := filepath.Join(t.TempDir(), "net.oci.tar")
	tool(t, "skopeo", "copy", "--preserve-digests", "--src-tls-verify=false", source, "oci-archive:"+archive+":1.4.0")
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unsigned, err := bundle.ReadLayout(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unsigned.Open(bundle.Policy{Name: "net", Version: "1.4.0", Digest: l.Digest()}); err != nil {
		t.Error(err)
	}
	_, err = unsigned.Open(demand)
	refused(t, err, "a package without the signature that is demanded")

	there := netAt(t, daemon(t, false), "1.4.0")
	tool(t, "skopeo", "copy", "--preserve-digests", "--dest-tls-verify=false", "oci-archive:"+archive+":1.4.0", strings.Replace(there.String(), Scheme, "docker://", 1))
	if got := mustPull(t, plain(), there); got.Digest() != l.Digest() || len(got.Signatures) > 0 {
		t.Errorf("skopeo carried %s with %d signatures", got.Digest(), len(got.Signatures))
	}
}

// TestOras has oras see the signature, and carry it with the package.
func TestOras(t *testing.T) {
	l, ref, demand := carried(t)
	source := strings.TrimPrefix(ref.String(), Scheme)
	if seen := tool(t, "oras", "discover", "--plain-http", "--format", "json", source); !bytes.Contains(seen, []byte(manifestDescriptor(l.Signatures[0].Manifest).Digest)) {
		t.Errorf("oras sees %s", seen)
	}
	for name, host := range map[string]string{"docker-registry": daemon(t, false), "with referrers": serve(t, honest())} {
		there := netAt(t, host, "1.4.0")
		tool(t, "oras", "copy", "--recursive", "--from-plain-http", "--to-plain-http", source, strings.TrimPrefix(there.String(), Scheme))
		got := mustPull(t, plain(), there)
		same(t, l, got)
		if _, err := got.Open(demand); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

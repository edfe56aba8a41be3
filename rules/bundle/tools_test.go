package bundle_test

import (
	"bytes"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// tool finds a program that others read and write packages with.
func tool(t *testing.T, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		rulestest.Missing(t, name+" is not installed")
	}
	return program
}

func run(t *testing.T, program string, args ...string) {
	t.Helper()
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, out)
	}
}

// onFile writes a package to a file.
func onFile(t *testing.T, l *bundle.Layout) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "net-1.2.0.oci.tar")
	if err := os.WriteFile(name, write(t, l), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// same holds that a file which another program wrote is the package that it
// was given, byte by byte once we write it again.
func same(t *testing.T, file string, sent *bundle.Layout, policy bundle.Policy) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l := read(t, data)
	if _, err := l.Open(policy); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(write(t, l), write(t, sent)) {
		t.Error("the package is another")
	}
}

// TestSkopeo copies a package with skopeo, which drops its signature.
func TestSkopeo(t *testing.T) {
	skopeo := tool(t, "skopeo")
	unsigned := pack(t, aSource(aTree()))
	signed := pack(t, aSource(aTree()))
	key := newKey()
	must(0, signed.Sign(key))
	needed := bundle.Policy{Keys: signature.Keys{key.Public()}, Now: today}
	from := onFile(t, signed) + ":1.2.0"
	for _, tag := range []string{"", ":1.2.0", ":latest"} {
		to := filepath.Join(t.TempDir(), "copy.tar")
		run(t, skopeo, "--insecure-policy", "copy", "--preserve-digests", "oci-archive:"+from, "oci-archive:"+to+tag)
		same(t, to, unsigned, bundle.Policy{Digest: signed.Digest()})
		data, err := os.ReadFile(to)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := read(t, data).Open(needed); !is(err, bundle.Unsigned) {
			t.Errorf("where a signature is needed: %v", err)
		}
	}
}

// TestOras copies a package with oras, which keeps its signature: into a
// folder of which tar makes a file, and by way of a registry.
func TestOras(t *testing.T) {
	oras, gnuTar := tool(t, "oras"), tool(t, "tar")
	key := newKey()
	sent := pack(t, aSource(aTree()))
	must(0, sent.Sign(key))
	policy := bundle.Policy{Keys: signature.Keys{key.Public()}, Now: today}
	from := onFile(t, sent) + ":1.2.0"
	dir := t.TempDir()

	folder, file := filepath.Join(dir, "layout"), filepath.Join(dir, "folder.tar")
	run(t, oras, "copy", "--recursive", "--from-oci-layout", from, "--to-oci-layout", folder+":1.2.0")
	run(t, gnuTar, "-C", folder, "-cf", file, ".")
	same(t, file, sent, policy)

	server := httptest.NewServer(registry.New(registry.WithReferrersSupport(true), registry.Logger(log.New(io.Discard, "", 0))))
	defer server.Close()
	ref := strings.TrimPrefix(server.URL, "http://") + "/runbooks/net:1.2.0"
	backup := filepath.Join(dir, "backup.tar")
	run(t, oras, "copy", "--recursive", "--from-oci-layout", from, "--to-plain-http", ref)
	run(t, oras, "backup", "--plain-http", "--include-referrers", "--output", backup, ref)
	same(t, backup, sent, policy)
}

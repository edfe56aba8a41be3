package bundle_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/rulestest"
)

// scriptPrograms are all programs that the script may start: those of a plain
// Debian, and openssl. There is no jq among them.
var scriptPrograms = []string{"sh", "tar", "sed", "tr", "wc", "cat", "rm", "mktemp", "openssl"}

// A scriptLab runs signature/verify-with-openssl.sh.
type scriptLab struct {
	dir, bin string
}

func newScriptLab(t *testing.T) *scriptLab {
	t.Helper()
	lab := &scriptLab{dir: t.TempDir()}
	lab.bin = lab.file("bin")
	if err := os.Mkdir(lab.bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range scriptPrograms {
		path, err := exec.LookPath(program)
		if err != nil {
			rulestest.Missing(t, "needs the program "+program)
		}
		if err := os.Symlink(path, filepath.Join(lab.bin, program)); err != nil {
			t.Skipf("links can't be made: %v", err)
		}
	}
	return lab
}

func (lab *scriptLab) file(name string) string { return filepath.Join(lab.dir, name) }

func (lab *scriptLab) write(t *testing.T, name string, content []byte) string {
	t.Helper()
	if err := os.WriteFile(lab.file(name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return lab.file(name)
}

// key makes a key with openssl. The public half is in the file that is named,
// below a note as in a folder of trusted keys.
func (lab *scriptLab) key(t *testing.T, name string, args ...string) (*signature.PrivateKey, string) {
	t.Helper()
	openssl := func(args ...string) []byte {
		out, err := exec.Command("openssl", args...).Output()
		if err != nil {
			t.Fatalf("openssl %q: %v", args, err)
		}
		return out
	}
	pem := openssl(append([]string{"genpkey"}, args...)...)
	k, err := signature.ReadPrivateKey(pem)
	if err != nil {
		t.Fatal(err)
	}
	pub := openssl("pkey", "-pubout", "-in", lab.write(t, name+".pem", pem))
	return k, lab.write(t, name+".pub", append([]byte("The operators' key.\nexpires: 2099-12-31\n"), pub...))
}

// run runs the script, which may find its own programs and no others.
func (lab *scriptLab) run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("signature", "verify-with-openssl.sh"))
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	cmd := exec.Command(filepath.Join(lab.bin, "sh"), append([]string{script}, args...)...)
	cmd.Dir, cmd.Env = lab.dir, []string{"PATH=" + lab.bin, "TMPDIR=" + t.TempDir()}
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(strings.TrimPrefix(cmd.Env[1], "TMPDIR="))
	if err != nil || len(left) > 0 {
		t.Errorf("the script left %v behind (%v)", left, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// refused demands that the script refuses a package and says why.
func (lab *scriptLab) refused(t *testing.T, pkg, key, says string) {
	t.Helper()
	stdout, stderr, code := lab.run(t, pkg, key)
	if code != 1 || stdout != "" || !strings.HasPrefix(stderr, "not verified: ") || !strings.Contains(stderr, says) {
		t.Errorf("exit code %d, and it does not say %q:\n%s%s", code, says, stdout, stderr)
	}
}

func scriptPackage(t *testing.T, name, version string) *bundle.Layout {
	t.Helper()
	description := `odd, "digest":"sha256:` + strings.Repeat("0", 64) + `",`
	l, err := bundle.Pack(bundle.Source{
		FS: fstest.MapFS{
			"ladder.hcl":     {Data: fmt.Appendf(nil, "runbook %q {\n  version = %q\n  description = %q\n}\n", name, version, description)},
			"sites.d/a.hcl":  {Data: []byte("site \"a\" {}\n")},
			"README.md":      {Data: []byte("# The ladder\n")},
			"docs/odd, name": {Data: []byte(`{"digest":"sha256:` + strings.Repeat("0", 64) + `"}`)},
		},
		Name: name, Version: version,
		Description: description,
		Readme:      []byte("# The ladder\n"), Page: []byte("<h1>The ladder</h1>\n"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func scriptTar(t *testing.T, l *bundle.Layout) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := l.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (lab *scriptLab) sign(t *testing.T, l *bundle.Layout, keys ...*signature.PrivateKey) {
	t.Helper()
	for _, k := range keys {
		if err := l.Sign(k); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVerifyWithOpenSSL runs the script of the documentation on packages as
// Pack and Sign make them.
func TestVerifyWithOpenSSL(t *testing.T) {
	lab := newScriptLab(t)
	p256, p256pub := lab.key(t, "p256", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	p384, p384pub := lab.key(t, "p384", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")
	ed, edpub := lab.key(t, "ed25519", "-algorithm", "ED25519")
	_, strangerpub := lab.key(t, "stranger", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	_, rsapub := lab.rsaKey(t)

	l := scriptPackage(t, "mail-ladder", "1.4.0")
	unsigned := lab.write(t, "unsigned.oci.tar", scriptTar(t, l))
	lab.sign(t, l, p256)
	one := lab.write(t, "a b:c.oci.tar", scriptTar(t, l)) // a colon is a host to tar
	lab.sign(t, l, p384, ed)
	three := lab.write(t, "three.oci.tar", scriptTar(t, l))

	for _, good := range []struct{ pkg, key string }{{one, p256pub}, {three, p256pub}, {three, p384pub}, {three, edpub}} {
		stdout, stderr, code := lab.run(t, good.pkg, good.key)
		if code != 0 || stderr != "" || !strings.HasPrefix(stdout, "verified: mail-ladder 1.4.0 was signed by the key "+good.key+"\n"+l.Digest().String()+"  manifest\n") {
			t.Errorf("%s, %s: exit code %d\n%s%s", good.pkg, good.key, code, stdout, stderr)
		}
		descriptors, err := bundle.Describe(l.Manifest)
		if err != nil || len(descriptors) != 4 {
			t.Fatal(descriptors, err)
		}
		for _, d := range descriptors {
			if line := "\n" + d.Digest.String() + "  " + d.MediaType + "\n"; strings.Count(stdout, line) != 1 {
				t.Errorf("%q is not once in\n%s", line, stdout)
			}
		}
	}
	t.Run("another key", func(t *testing.T) {
		lab.refused(t, three, strangerpub, "no signature in the package was made by the key")
	})
	t.Run("a key of another kind", func(t *testing.T) { lab.refused(t, one, edpub, "no signature in the package was made by the key") })
	t.Run("an RSA key", func(t *testing.T) { lab.refused(t, one, rsapub, "none of ECDSA") })
	t.Run("no key", func(t *testing.T) { lab.refused(t, one, one, "no public key") })
	t.Run("signature stripped", func(t *testing.T) { lab.refused(t, unsigned, p256pub, "not signed") })
	t.Run("no package", func(t *testing.T) { lab.refused(t, p256pub, p256pub, "index.json") })
	t.Run("no file", func(t *testing.T) { lab.refused(t, lab.file("gone"), p256pub, "gone") })
	t.Run("another package's signature", func(t *testing.T) {
		other := scriptPackage(t, "mail-ladder", "1.3.0")
		lab.sign(t, other, p256)
		moved := moveSignature(t, other, l)
		lab.refused(t, lab.write(t, "moved.oci.tar", scriptTar(t, moved)), p256pub, "something else")
	})
	t.Run("a changed byte", func(t *testing.T) { lab.changedBytes(t, l, p256pub) })
	t.Run("usage", func(t *testing.T) {
		if stdout, stderr, code := lab.run(t, one); code != 2 || stdout != "" || !strings.HasPrefix(stderr, "usage: ") {
			t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
		}
	})
}

// rsaKey makes the public half of a key that no signature of ours can have.
func (lab *scriptLab) rsaKey(t *testing.T) (private, public string) {
	t.Helper()
	private, public = lab.file("rsa.pem"), lab.file("rsa.pub")
	for _, args := range [][]string{
		{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", private},
		{"pkey", "-in", private, "-pubout", "-out", public},
	} {
		if out, err := exec.Command("openssl", args...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %q: %v\n%s", args, err, out)
		}
	}
	return private, public
}

// moveSignature gives a package the signature of another one, as a forger does:
// all names are right, and only what was signed is not.
func moveSignature(t *testing.T, from, to *bundle.Layout) *bundle.Layout {
	t.Helper()
	s := from.Signatures[0]
	s.Manifest = bytes.ReplaceAll(s.Manifest, []byte(from.Digest()), []byte(to.Digest()))
	return &bundle.Layout{Manifest: to.Manifest, Blobs: to.Blobs, Signatures: []bundle.Signature{s}}
}

// changedBytes changes a byte in the middle of each blob that the package holds.
func (lab *scriptLab) changedBytes(t *testing.T, l *bundle.Layout, key string) {
	t.Helper()
	whole := scriptTar(t, l)
	blobs := 0
	for start := 0; ; blobs++ {
		next := bytes.Index(whole[start:], []byte("blobs/sha256/"))
		if next < 0 {
			break
		}
		start += next
		header := whole[start : start+512]
		name := string(header[:len("blobs/sha256/")+64])
		size, err := strconv.ParseInt(string(header[124:135]), 8, 64) // octal digits, as ustar has them
		if err != nil {
			t.Fatal(err)
		}
		start += len(header)
		changed := bytes.Clone(whole)
		changed[start+int(size)/2] ^= 1
		stdout, stderr, code := lab.run(t, lab.write(t, "changed.oci.tar", changed), key)
		if code != 1 || stdout != "" || !strings.Contains(stderr, "was changed") {
			t.Errorf("%s: exit code %d\n%s%s", name, code, stdout, stderr)
		}
	}
	// The manifest, config, three layers; of three signatures the manifests and
	// bundles, and their one config.
	if blobs != 5+3*2+1 {
		t.Errorf("the package has %d blobs", blobs)
	}
}

package bundle_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// aSecret is a private key as it stands in a file.
func aSecret() string {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))}))
}

// TestPackRefuses packs what must not be given away and what nobody could
// open.
func TestPackRefuses(t *testing.T) {
	withFile := func(name, text string) func(*bundle.Source) {
		return func(s *bundle.Source) { s.FS.(fstest.MapFS)[name] = &fstest.MapFile{Data: []byte(text)} }
	}
	withBlock := func(old, text string) func(*bundle.Source) {
		return withFile("00-runbook.hcl", strings.Replace(fullBlock, old, text, 1))
	}
	secret := aSecret()
	for name, test := range map[string]struct {
		change func(*bundle.Source)
		code   bundle.Code
		reason string
	}{
		"private key":           {withFile("keys/sign.pem", "comment\n"+secret), bundle.PrivateKey, "keys/sign.pem holds a private key (line 2)"},
		"encrypted private key": {withFile("a.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\r\nMII"), bundle.PrivateKey, "a.pem"},
		"key of ssh":            {withFile("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3B"), bundle.PrivateKey, "id holds"},
		"key of gpg":            {withFile("k.asc", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n"), bundle.PrivateKey, "k.asc"},
		"key in a check file":   {withFile("a.hcl", "locals {\n  k = <<-E\n    "+secret+"  E\n}\n"), bundle.PrivateKey, "a.hcl holds a private key (line 3)"},
		"key in JSON":           {withFile("a.json", string(must(json.Marshal(secret)))), bundle.PrivateKey, "a.json"},
		"name with a star":      {withFile("a*.hcl", ""), bundle.BadName, `"a*.hcl" can't be a path`},
		"names that differ by case": {func(s *bundle.Source) {
			withFile("A.hcl", "")(s)
			withFile("a.hcl", "")(s)
		}, bundle.BadName, "differ only in case"},
		"long path":            {withFile(strings.Repeat("a", 201), ""), bundle.BadName, "longer than 200 bytes"},
		"deep path":            {withFile(strings.Repeat("a/", 16)+"b", ""), bundle.BadTree, "16 levels"},
		"big file":             {withFile("a", strings.Repeat("x", 16*mib+1)), bundle.TooBig, "a is bigger than 16 MiB"},
		"link":                 {func(s *bundle.Source) { s.FS.(fstest.MapFS)["a"] = &fstest.MapFile{Mode: os.ModeSymlink} }, bundle.BadTree, "put a copy in the place of a link"},
		"device":               {func(s *bundle.Source) { s.FS.(fstest.MapFS)["a"] = &fstest.MapFile{Mode: os.ModeDevice} }, bundle.BadTree, "a is not a regular file"},
		"nothing":              {func(s *bundle.Source) { s.FS = fstest.MapFS{".git/config": {}} }, bundle.BadTree, "holds no file"},
		"no runbook block":     {func(s *bundle.Source) { s.FS = fstest.MapFS{"a.hcl": {Data: []byte("# nothing\n")}} }, bundle.BadName, "no runbook block"},
		"broken runbook block": {withBlock("}", ""), bundle.BadTree, "00-runbook.hcl, line 1"},
		"another name":         {withBlock(`"net"`, `"mail"`), bundle.Contradiction, `"net" for the runbook's name, and the runbook block in its tree says "mail"`},
		"import not given":     {func(s *bundle.Source) { s.Imports = nil }, bundle.Contradiction, `names the import "ip"`},
		"import not vendored": {func(s *bundle.Source) {
			delete(s.FS.(fstest.MapFS), "vendor/ip/ip.hcl")
			delete(s.FS.(fstest.MapFS), "vendor/ip/README.md")
		}, bundle.Damaged, `Run "linecheck vendor"`},
		"import changed":         {withFile("vendor/ip/ip.hcl", "# other\n"), bundle.Contradiction, "vendor/ip is h1:"},
		"no name":                {func(s *bundle.Source) { s.Name = "" }, bundle.BadName, "has no name"},
		"name in capitals":       {func(s *bundle.Source) { s.Name = "Net" }, bundle.BadName, "can't be that of a repository"},
		"name with a path":       {func(s *bundle.Source) { s.Name = "a/b" }, bundle.BadName, "can't be that of a repository"},
		"long name":              {func(s *bundle.Source) { s.Name = strings.Repeat("a", 101) }, bundle.BadName, "at most 100 bytes"},
		"no version":             {func(s *bundle.Source) { s.Version = "" }, bundle.BadName, "has no version"},
		"short version":          {func(s *bundle.Source) { s.Version = "1.2" }, bundle.BadName, `"1.2" is no complete semantic version`},
		"version with a v":       {func(s *bundle.Source) { s.Version = "v1.2.0" }, bundle.BadName, "no complete semantic version"},
		"version with zeros":     {func(s *bundle.Source) { s.Version = "1.02.0" }, bundle.BadName, "no complete semantic version"},
		"version with a newline": {func(s *bundle.Source) { s.Version = "1.2.0\n" }, bundle.BadName, "no complete semantic version"},
		"time before 1970":       {func(s *bundle.Source) { s.Created = time.Unix(-1, 0) }, bundle.Foreign, "1969-12-31"},
		"time between seconds":   {func(s *bundle.Source) { s.Created = time.Unix(1, 1) }, bundle.Foreign, "whole second"},
		"time beyond tar":        {func(s *bundle.Source) { s.Created = time.Unix(1<<33, 0) }, bundle.Foreign, "to 2242"},
		"big README":             {withFile("README.md", strings.Repeat("x", 16*mib+1)), bundle.TooBig, "README.md is bigger"},
		"big page":               {func(s *bundle.Source) { s.Page = make([]byte, 16*mib+1) }, bundle.TooBig, "text/html"},
		"another README":         {withFile("README.md", "# Another\n"), bundle.Contradiction, "README.md in the tree is not the one"},
		"no README":              {func(s *bundle.Source) { s.Readme = nil }, bundle.Contradiction, "README.md in the tree is not the one"},
		"README not in the tree": {func(s *bundle.Source) { delete(s.FS.(fstest.MapFS), "README.md") }, bundle.Contradiction, "there is none in the tree"},
	} {
		t.Run(name, func(t *testing.T) {
			s := aSource(aTree())
			test.change(&s)
			_, err := bundle.Pack(s)
			if r, ok := errors.AsType[*bundle.Refusal](err); !ok || r.Code != test.code || !strings.Contains(r.Reason, test.reason) {
				t.Errorf("%v\nwant %s: …%s…", err, test.code, test.reason)
			}
		})
	}
}

// TestPackTakes packs what only looks like something that is refused.
func TestPackTakes(t *testing.T) {
	tree := aTree()
	tree["README.md"].Data = []byte("A key begins with `-----BEGIN PRIVATE KEY-----` and is no part of a package.\n")
	tree["keys/trusted.pub"] = &fstest.MapFile{Data: []byte("-----BEGIN PUBLIC KEY-----\nMII\n")}
	tree[strings.Repeat("a", 100)+"/"+strings.Repeat("b", 99)] = &fstest.MapFile{Data: []byte("200 bytes")}
	tree[strings.Repeat("a/", 15)+"b"] = &fstest.MapFile{Data: []byte("16 deep")}
	for _, version := range []string{"0.0.0", "1.2.0-rc.1", "1.2.0-rc.1+build.7", "1.2.0+x"} {
		tree["00-runbook.hcl"].Data = []byte(strings.Replace(fullBlock, "1.2.0", version, 1))
		s := aSource(tree)
		s.Readme = tree["README.md"].Data
		s.Version, s.Created = version, time.Unix(1<<33-1, 0).In(time.FixedZone("x", 3600))
		p, err := read(t, write(t, pack(t, s))).Open(bundle.Policy{Name: "net", Version: version})
		if err != nil {
			t.Errorf("%s: %v", version, err)
		} else if !p.Created.Equal(s.Created) {
			t.Errorf("%s: made at %v, not %v", version, p.Created, s.Created)
		}
	}
}

// TestPackFolder packs folders of a real file system.
func TestPackFolder(t *testing.T) {
	dir := onDisk(t, aTree(), 0o644, today)
	link := filepath.Join(dir, "tests", "link.hcl")
	if err := os.Symlink("../00-runbook.hcl", link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if _, err := bundle.Pack(aSource(os.DirFS(dir))); !is(err, bundle.BadTree) || !strings.Contains(err.Error(), "tests/link.hcl") {
		t.Errorf("with a link: %v", err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, ".git", "link")); err != nil {
		t.Fatal(err)
	}
	// A runbook's folder may itself be reached by a link.
	if err := os.Symlink(dir, dir+".link"); err != nil {
		t.Fatal(err)
	}
	if l := pack(t, aSource(os.DirFS(dir+".link"))); l.Digest() != goldenManifest {
		t.Errorf("the package is %s", l.Digest())
	}
	if _, err := bundle.Pack(aSource(os.DirFS(dir + ".missing"))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a folder that is not there: %v", err)
	}
}

// TestTreeHash holds that a tree has one hash, wherever it is computed: lock
// files name it, and tree.Hash proves a vendored tree by it.
func TestTreeHash(t *testing.T) {
	files := aTree()
	a, err := tree.Hash(files)
	if err != nil {
		t.Fatal(err)
	}
	p := opened(t, pack(t, aSource(files)))
	if c, err := tree.Hash(p.FS()); err != nil || p.Config.H1 != a || c != a {
		t.Errorf("the package's hash is %s, its tree's %s (%v), want %s", p.Config.H1, c, err, a)
	}
}

// TestReadConfig lists a package of which only two blobs are there.
func TestReadConfig(t *testing.T) {
	l := pack(t, aSource(aTree()))
	named, err := bundle.Describe(l.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	got, err := bundle.ReadConfig(l.Manifest, l.Blobs[named[0].Digest])
	if err != nil {
		t.Fatal(err)
	}
	h1, err := tree.Hash(aTree())
	if err != nil {
		t.Fatal(err)
	}
	want := &bundle.Config{
		Name: "net", Version: "1.2.0", Title: "The network", Requires: []string{">= 0.1"},
		Imports: []bundle.Import{{Name: "ip", Source: "oci://registry.example/ip", Version: "0.1.0", H1: vendoredHash}}, H1: h1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if _, err := bundle.ReadConfig(l.Manifest, []byte(`{"name":"net"}`)); !is(err, bundle.WrongDigest) {
		t.Errorf("another config: %v", err)
	}
}

// TestListsAreNeverNull reads a config as another program does.
func TestListsAreNeverNull(t *testing.T) {
	tree := fstest.MapFS{"a.hcl": {Data: []byte(theBlock)}}
	l := pack(t, bundle.Source{FS: tree, Name: "net", Version: "1.2.0"})
	named, err := bundle.Describe(l.Manifest)
	if err != nil || len(named) != 2 {
		t.Fatalf("%v (%v)", named, err)
	}
	var config map[string]any
	if err := json.Unmarshal(l.Blobs[named[0].Digest], &config); err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"requires", "imports"} {
		if v, ok := config[list].([]any); !ok || len(v) != 0 {
			t.Errorf("%s is %v", list, config[list])
		}
	}
}

// TestSign signs a package by several keys and asks for each of them.
func TestSign(t *testing.T) {
	old, current, stranger := newKey(), newKey(), newKey()
	l := pack(t, aSource(aTree()))
	unsigned := l.Digest()
	for range 2 {
		must(0, l.Sign(old))
		must(0, l.Sign(current))
	}
	if len(l.Signatures) != 2 || l.Digest() != unsigned {
		t.Fatalf("there are %d signatures of %s", len(l.Signatures), l.Digest())
	}
	turned := pack(t, aSource(aTree()))
	must(0, turned.Sign(current))
	must(0, turned.Sign(old))
	if !bytes.Equal(write(t, l), write(t, turned)) {
		t.Error("signed in another order, the file has other bytes")
	}
	l = read(t, write(t, l))
	for _, key := range []*signature.PrivateKey{old, current} {
		p, err := l.Open(trust(today, key))
		if err != nil || p.Signer.Fingerprint() != key.Public().Fingerprint() {
			t.Errorf("signed by %v (%v)", p, err)
		}
	}
	if _, err := l.Open(trust(today, stranger)); !is(err, bundle.Untrusted) {
		t.Errorf("a stranger is trusted: %v", err)
	}
	if p := opened(t, l); p.Signer != nil {
		t.Errorf("no signature was demanded, and %v is said to have signed", p.Signer)
	}
	noTime := trust(today, old)
	noTime.Now = time.Time{}
	if _, err := l.Open(noTime); err == nil {
		t.Error("a key was trusted at no time")
	}
}

// TestSignatureManifest reads a signature as registries and cosign do.
func TestSignatureManifest(t *testing.T) {
	l := pack(t, aSource(aTree()))
	must(0, l.Sign(newKey()))
	var m ocispec.Manifest
	if err := json.Unmarshal(l.Signatures[0].Manifest, &m); err != nil {
		t.Fatal(err)
	}
	if m.Subject == nil || m.Subject.Digest != l.Digest() || m.Subject.Size != int64(len(l.Manifest)) || m.Subject.MediaType != ocispec.MediaTypeImageManifest {
		t.Errorf("subject is %+v", m.Subject)
	}
	if m.ArtifactType != signature.MediaType || m.Config.MediaType != ocispec.MediaTypeEmptyJSON || len(m.Layers) != 1 || m.Layers[0].MediaType != signature.MediaType {
		t.Errorf("manifest is %+v", m)
	}
	for _, d := range append(m.Layers, m.Config) {
		if b := l.Signatures[0].Blobs[d.Digest]; digest.FromBytes(b) != d.Digest || int64(len(b)) != d.Size {
			t.Errorf("%s is %q", d.Digest, b)
		}
	}
	if _, ok, err := bundle.DescribeSignature(l.Manifest, l.Digest()); ok || err != nil {
		t.Errorf("the runbook is a signature of itself: %v (%v)", ok, err)
	}
	if _, ok, err := bundle.DescribeSignature(l.Signatures[0].Manifest, digest.FromString("x")); !ok || !is(err, bundle.Untrusted) {
		t.Errorf("it is one of another package: %v (%v)", ok, err)
	}
}

// TestWriteWhole writes no file that nobody could open.
func TestWriteWhole(t *testing.T) {
	for _, lose := range []func(*bundle.Layout) map[digest.Digest][]byte{
		func(l *bundle.Layout) map[digest.Digest][]byte { return l.Blobs },
		func(l *bundle.Layout) map[digest.Digest][]byte { return l.Signatures[0].Blobs },
	} {
		l := pack(t, aSource(aTree()))
		must(0, l.Sign(newKey()))
		for d := range lose(l) {
			delete(lose(l), d)
			break
		}
		var b bytes.Buffer
		if n, err := l.WriteTo(&b); !is(err, bundle.Damaged) || n != 0 || b.Len() != 0 {
			t.Errorf("%d bytes were written (%v)", b.Len(), err)
		}
	}
}

func TestTooManySignatures(t *testing.T) {
	l := pack(t, aSource(aTree()))
	for i := range bundle.MaxSignatures {
		l.Signatures = append(l.Signatures, signatureOf(l.Manifest, fmt.Append(nil, i), nil))
	}
	if again := read(t, write(t, l)); len(again.Signatures) != bundle.MaxSignatures {
		t.Errorf("of %d signatures %d were read", bundle.MaxSignatures, len(again.Signatures))
	}
	if err := l.Sign(newKey()); !is(err, bundle.TooBig) {
		t.Errorf("one more gives %v", err)
	}
}

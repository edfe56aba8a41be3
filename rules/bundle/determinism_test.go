package bundle_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/rulestest"
	"github.com/opencontainers/go-digest"
)

// goldenManifest and goldenFile are the digests of aSource(aTree()). They are
// the format: another value means that packages which were made before, signed
// and named in lock files can't be made again. Change them only with a new
// version of the artifact's type.
const (
	goldenManifest digest.Digest = "sha256:58173275d8fb5e81e7e8dc6741bef4c4d96288b0a609a720d5761231036c0505"
	goldenFile     digest.Digest = "sha256:8ac7080e11c4b9ae3b38e9218700379b5f8711354926a5e53b45c5c9b1bb741c"
)

func TestGolden(t *testing.T) {
	l := pack(t, aSource(aTree()))
	if got := l.Digest(); got != goldenManifest {
		t.Errorf("the manifest is\n%s\n%s, want %s", l.Manifest, got, goldenManifest)
	}
	if got := digest.FromBytes(write(t, l)); got != goldenFile {
		t.Errorf("the file is %s, want %s", got, goldenFile)
	}
}

// TestGNUTar makes the tree of a package once more without any of our code: the
// format is no secret, and a package can be made again when linecheck is gone.
func TestGNUTar(t *testing.T) {
	out, err := exec.Command("tar", "--version").Output()
	if err != nil || !bytes.Contains(out, []byte("GNU tar")) {
		rulestest.Missing(t, "there is no GNU tar")
	}
	tree := aTree()
	for name := range tree {
		if len(name) > 100 || strings.ContainsFunc(name, func(r rune) bool { return r > 127 }) {
			delete(tree, name) // a long name's header can be written in several ways
		}
	}
	l := pack(t, aSource(tree))
	p, err := l.Open(bundle.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	var names bytes.Buffer
	for _, f := range p.Files() {
		fmt.Fprintln(&names, f.Name)
	}
	cmd := exec.Command("tar", "--format=ustar", "-b1", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=0644", "-C", onDisk(t, tree, 0o600, time.Now()), "-cf", "-", "-T", "-")
	cmd.Stdin = &names
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	named, err := bundle.Describe(l.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, l.Blobs[named[1].Digest]) {
		t.Errorf("GNU tar makes another tree of %q", names.String())
	}
}

// onDisk writes a tree to a folder, in reverse order, with modes and times of
// its own.
func onDisk(t testing.TB, tree fs.FS, mode fs.FileMode, mtime time.Time) string {
	t.Helper()
	dir := t.TempDir()
	all := contents(t, tree)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	slices.Reverse(names)
	for _, name := range names {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(all[name]), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(full, mode); err != nil { // whatever the umask is
			t.Fatal(err)
		}
		if err := os.Chtimes(full, mtime, mtime); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// reversed lists folders backwards, as a file system may.
type reversed struct{ fs.FS }

func (r reversed) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(r.FS, name)
	slices.Reverse(entries)
	return entries, err
}

// packIn is set in a process that only packs.
const packIn = "LINECHECK_TEST_PACK"

func TestMain(m *testing.M) {
	if dir := os.Getenv(packIn); dir != "" {
		l, err := bundle.Pack(aSource(os.DirFS(dir)))
		if err == nil {
			_, err = l.WriteTo(os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestSameBytes packs one tree as different computers have it.
func TestSameBytes(t *testing.T) {
	want := write(t, pack(t, aSource(aTree())))
	check := func(name string, got []byte) {
		t.Helper()
		if !bytes.Equal(got, want) {
			t.Errorf("%s: other bytes", name)
		}
	}
	touched := aTree()
	for _, f := range touched {
		f.Mode, f.ModTime = 0o755, time.Now()
	}
	check("other modes and times", write(t, pack(t, aSource(touched))))
	check("another order", write(t, pack(t, aSource(reversed{aTree()}))))
	private := onDisk(t, aTree(), 0o600, time.Unix(1<<31, 999))
	check("a private folder", write(t, pack(t, aSource(os.DirFS(private)))))
	program := onDisk(t, aTree(), 0o777, time.Unix(86400, 0))
	check("programs", write(t, pack(t, aSource(os.DirFS(program)))))

	two := []bundle.Import{{Name: "a", Source: "./a"}, {Name: "b", Source: "./b"}}
	forward, backward := aSource(aTree()), aSource(aTree())
	forward.Imports = append(forward.Imports, two...)
	slices.Reverse(two)
	backward.Imports = append(two, backward.Imports...)
	if pack(t, forward).Digest() != pack(t, backward).Digest() {
		t.Error("imports in another order: another package")
	}

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// Another zone, language and processor count, for what a program may ask
	// of its surroundings.
	for _, env := range [][]string{{"TZ=Asia/Kathmandu", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1"}, {"TZ=", "SOURCE_DATE_EPOCH=1"}} {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), append(env, packIn+"="+private)...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		check(fmt.Sprintf("a process with %q", env), out)
	}
}

// TestSourceChanges holds that everything of a source is part of the package:
// what could be changed without another digest would not be signed.
func TestSourceChanges(t *testing.T) {
	first := pack(t, aSource(aTree())).Digest()
	seen := map[digest.Digest]string{first: "the source itself"}
	// What the runbook block says must be said in both places.
	says := func(s *bundle.Source, old, text string) {
		f := s.FS.(fstest.MapFS)["00-runbook.hcl"]
		if f.Data = bytes.Replace(f.Data, []byte(old), []byte(text), 1); !bytes.Contains(f.Data, []byte(text)) {
			t.Fatalf("there is no %q", old)
		}
	}
	renamed := aTree()
	renamed["c.hcl"] = renamed["empty.hcl"]
	delete(renamed, "empty.hcl")
	for name, change := range map[string]func(*bundle.Source){
		"file":        func(s *bundle.Source) { s.FS.(fstest.MapFS)["empty.hcl"].Data = []byte(" ") },
		"file's name": func(s *bundle.Source) { s.FS = renamed },
		"title":       func(s *bundle.Source) { says(s, `"The network"`, `"x"`); s.Title = "x" },
		"description": func(s *bundle.Source) { says(s, "{\n", "{\n  description = \"x\"\n"); s.Description = "x" },
		"license":     func(s *bundle.Source) { says(s, `"Apache-2.0"`, `"x"`); s.License = "x" },
		"authors":     func(s *bundle.Source) { says(s, `"B"]`, `"C"]`); s.Authors = []string{"A <a@example.org>", "C"} },
		"source":      func(s *bundle.Source) { says(s, "{\n", "{\n  source = \"x\"\n"); s.Source = "x" },
		"requires":    func(s *bundle.Source) { says(s, `">= 0.1"`, `">= 0.2"`); s.Requires = []string{">= 0.2"} },
		"readme": func(s *bundle.Source) {
			s.Readme = []byte("# x\n")
			s.FS.(fstest.MapFS)["README.md"] = &fstest.MapFile{Data: s.Readme}
		},
		"page": func(s *bundle.Source) { s.Page = []byte("x") },
		"time": func(s *bundle.Source) { s.Created = time.Unix(1, 0) },
	} {
		s := aSource(aTree())
		change(&s)
		l := pack(t, s)
		d := l.Digest()
		if same, ok := seen[d]; ok {
			t.Errorf("%s: the package is that of %s", name, same)
		}
		seen[d] = name
		if _, err := l.Open(bundle.Policy{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

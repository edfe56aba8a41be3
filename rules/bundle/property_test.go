package bundle_test

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/rules/bundle"
	"pgregory.net/rapid"
)

// TestWhatIsPackedOpens packs trees of strange names. What Pack takes, Open
// must take, and every file system must be able to hold it.
func TestWhatIsPackedOpens(t *testing.T) {
	above := t.TempDir()
	word := rapid.StringOfN(rapid.SampledFrom([]rune("aAbéÅ\u212bſsß .-_~#%日ﬁ*\\")), 1, 8, -1)
	long := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(word.Draw(t, "word"), rapid.IntRange(1, 30).Draw(t, "times"))
	})
	part := rapid.OneOf(word, word, word, long, rapid.SampledFrom([]string{"NUL", "aux.hcl", ".runbook.lock.hcl", ".git", "a"}))
	packed := 0
	rapid.Check(t, func(t *rapid.T) {
		tree := fstest.MapFS{"00-runbook.hcl": {Data: []byte(theBlock)}}
		for range rapid.IntRange(0, 6).Draw(t, "files") {
			name := path.Join(rapid.SliceOfN(part, 1, 4).Draw(t, "path")...)
			if fs.ValidPath(name) {
				tree[name] = &fstest.MapFile{Data: rapid.SliceOf(rapid.Byte()).Draw(t, "content")}
			}
		}
		l, err := bundle.Pack(bundle.Source{FS: tree, Name: "net", Version: "1.2.0"})
		if err != nil {
			if _, ok := errors.AsType[*bundle.Refusal](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		packed++
		p, err := read(t, write(t, l)).Open(bundle.Policy{Digest: l.Digest()})
		if err != nil {
			t.Fatalf("it was packed and can't be opened: %v", err)
		}
		dir := filepath.Join(above, "net")
		if err := p.Unpack(dir); err != nil {
			t.Fatalf("it can't be unpacked: %v", err)
		}
		defer os.RemoveAll(dir)
		if diff := cmp.Diff(contents(t, p.FS()), contents(t, os.DirFS(dir))); diff != "" {
			t.Fatalf("unpacked, it is another tree (-packed +unpacked):\n%s", diff)
		}
	})
	least := 10
	if testing.Short() {
		least = 1 // of 20 trees, of which about 7 can be packed
	}
	if packed < least {
		t.Errorf("only %d trees were packed", packed)
	}
}

//go:build unix

package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree makes files ("old" in them), links ("name -> target") and folders ("name/").
func tree(t *testing.T, names ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		hard, of, isHard := strings.Cut(name, " = ")
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, link)
		case isHard:
			err = os.Link(of, hard)
		case strings.HasSuffix(name, "/"):
			err = os.Mkdir(name, 0o700)
		case strings.HasSuffix(name, "|"):
			err = syscall.Mkfifo(strings.TrimSuffix(name, "|"), 0o600)
		default:
			err = os.WriteFile(name, []byte("old"), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// listed are the names below the current folder.
func listed(t *testing.T) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, _ fs.DirEntry, err error) error {
		all = append(all, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestProve(t *testing.T) {
	for name, test := range map[string]struct {
		tree  []string
		names []string
		says  string // "": nothing is wrong
	}{
		"two files":                   {[]string{"a", "b"}, []string{"a", "b"}, ""},
		"two new files":               {nil, []string{"a", "b"}, ""},
		"one name in two folders":     {[]string{"d/", "e/"}, []string{"d/a", "e/a", "a"}, ""},
		"names that look like it":     {nil, []string{"a", "a.b", ".a", "a "}, ""},
		"a device twice":              {nil, []string{os.DevNull, "/dev/../dev/null"}, ""},
		"a new file by a link":        {[]string{"l -> new"}, []string{"l"}, ""},
		"a name as long as it may be": {nil, []string{strings.Repeat("n", 255)}, ""},

		"one name twice":                {nil, []string{"a", "a"}, "a and a are the same file"},
		"spelled otherwise":             {[]string{"d/"}, []string{"d/a", "./d/../d//a"}, "the same file"},
		"a symbolic link":               {[]string{"a", "l -> a"}, []string{"a", "l"}, "a and l are the same file"},
		"two links to nothing yet":      {[]string{"l -> new", "m -> ./new"}, []string{"l", "m"}, "the same file"},
		"a link to a new file":          {[]string{"l -> new"}, []string{"new", "x", "l"}, "new and l are the same file"},
		"a link behind a link":          {[]string{"d/", "d/l -> ../m", "m -> d/new"}, []string{"d/l", "d/new"}, "the same file"},
		"a hard link":                   {[]string{"a", "b = a"}, []string{"b", "a"}, "the same file"},
		"a folder by a link, new file":  {[]string{"d/", "l -> d"}, []string{"l/a", "d/a"}, "the same file"},
		"the parent of a linked folder": {[]string{"d/", "d/e/", "l -> d/e"}, []string{"l/../a", "d/a"}, "the same file"},

		"a folder":             {[]string{"d/"}, []string{"d"}, "it is a folder"},
		"a folder by a link":   {[]string{"d/", "l -> d"}, []string{"l"}, "it is a folder"},
		"a folder that is not": {nil, []string{"d/a"}, "no such file"},
		"a file as a folder":   {[]string{"a"}, []string{"a/b"}, "not a directory"},
		"links in a circle":    {[]string{"l -> m", "m -> l"}, []string{"l"}, "too many levels"},
		"too long a name":      {nil, []string{strings.Repeat("n", 256)}, "too long"},
		"a link to nowhere":    {[]string{"l -> d/a"}, []string{"l"}, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, test.tree...)
			before := listed(t)
			err := Prove(test.names...)
			if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
			if diff := cmp.Diff(before, listed(t)); diff != "" {
				t.Errorf("the folder was changed (-before +after):\n%s", diff)
			}
		})
	}
}

func TestProveWhatMayNotBeWritten(t *testing.T) {
	asOrdinaryUser(t)
	dir := t.TempDir()
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
	locked, open := filepath.Join(dir, "locked"), filepath.Join(dir, "open")
	writeOld(t, locked, 0o400)
	writeOld(t, open, 0o600)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := Prove(open); err != nil {
		t.Errorf("a file that may be written, in a folder that may not: %v", err)
	}
	for _, name := range []string{locked, filepath.Join(dir, "new")} {
		if err := Prove(open, name); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

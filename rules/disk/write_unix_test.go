//go:build unix

package disk

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestRewriteKeepsTheOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files to others")
	}
	const uid, gid = 1234, 5678
	name := filepath.Join(t.TempDir(), "a.hcl")
	writeOld(t, name, 0o640)
	if err := os.Chown(name, uid, gid); err != nil {
		t.Fatal(err)
	}
	rewrite(t, name)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if sys := info.Sys().(*syscall.Stat_t); sys.Uid != uid || sys.Gid != gid {
		t.Errorf("owner is %d:%d", sys.Uid, sys.Gid)
	}
	if info.Mode() != 0o640 {
		t.Errorf("mode is %v", info.Mode())
	}
}

func TestRewriteInAFolderThatTakesNoFile(t *testing.T) {
	asOrdinaryUser(t)
	dir := t.TempDir()
	name := filepath.Join(dir, "a.hcl")
	writeOld(t, name, 0o600)
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	rewrite(t, name)
}

func TestRewriteRespectsAFileThatIsReadOnly(t *testing.T) {
	asOrdinaryUser(t)
	name := filepath.Join(t.TempDir(), "a.hcl")
	writeOld(t, name, 0o400)
	if err := Write(name, []byte("new")); err == nil {
		t.Error("a file that is read-only was replaced")
	}
}

func writeOld(t *testing.T, name string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte("old"), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

// rewrite rewrites a file and fails unless it alone is in its folder then.
func rewrite(t *testing.T, name string) {
	t.Helper()
	if err := Write(name, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if src, err := os.ReadFile(name); err != nil || string(src) != "new" {
		t.Errorf("holds %q, %v", src, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

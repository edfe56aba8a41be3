package hostfs

import (
	"io/fs"
	"os"
	"testing"

	"github.com/linecheck/linecheck/engine"
)

func TestOpenFileOfTheSystem(t *testing.T) {
	for _, name := range []string{t.TempDir(), os.DevNull} {
		f, err := Open(&engine.World{}, name)
		if err == nil {
			f.Close()
			t.Errorf("opened %s", name)
		}
	}
	if _, err := Open(&engine.World{}, t.TempDir()+"/none"); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v, want %v", err, fs.ErrNotExist)
	}
}

package probe

import (
	"io/fs"
	"os"
	"testing"

	"github.com/linecheck/linecheck/engine"
)

func TestOpenFileOfTheSystem(t *testing.T) {
	for _, name := range []string{t.TempDir(), os.DevNull} {
		f, err := openFile(&engine.World{}, name)
		if err == nil {
			f.Close()
			t.Errorf("opened %s", name)
		}
	}
	if _, err := openFile(&engine.World{}, t.TempDir()+"/none"); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v, want %v", err, fs.ErrNotExist)
	}
}

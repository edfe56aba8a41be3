package bundle

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/linecheck/linecheck/rules/disk"
)

// Unpack writes the runbook's folder to dir, which must not exist; the folder
// above it must. The files are written into a stage beside it, which is renamed
// at the end: dir is complete or not there.
func (pkg *Package) Unpack(dir string) (err error) {
	parent, name := filepath.Split(filepath.Clean(dir))
	if !filepath.IsLocal(name) || name == "." {
		return refuse(BadName, "%q is no name of a new folder.", dir)
	}
	root, err := os.OpenRoot(filepath.Clean(parent))
	if err != nil {
		return err
	}
	defer root.Close()
	if err := refuseExisting(root, name, dir); err != nil {
		return err
	}
	disk.Clear(root.Name())
	stage, err := disk.NewStage(root.Name())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stage.Remove()) }()
	work := filepath.Base(stage.Path(""))
	if err := pkg.writeInto(root, work); err != nil {
		return err
	}
	if err := refuseExisting(root, name, dir); err != nil {
		return err
	}
	// Renaming a folder never replaces a file or a folder that holds anything.
	if err := root.Rename(work, name); err != nil {
		return err
	}
	stage.Renamed()
	return nil
}

// refuseExisting refuses a name that is taken.
func refuseExisting(root *os.Root, name, shown string) error {
	_, err := root.Lstat(name)
	switch {
	case err == nil:
		return refuse(AlreadyThere, "%s exists already and is left alone. Name a folder that does not, or remove it first.", shown)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return nil
}

// writeInto writes the files into a folder that is empty. Nothing in it can
// lead out of it: the root forbids it, and the paths were proved.
func (pkg *Package) writeInto(parent *os.Root, name string) error {
	root, err := parent.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	// Files of one folder mostly follow each other. Its own root spares the
	// walk down to it, which takes longer than writing a file.
	at, dir := root, "."
	defer func() { at.Close() }()
	for _, f := range pkg.files {
		if d := path.Dir(f.Name); d != dir {
			next, err := openFolder(root, d)
			if err != nil {
				return err
			}
			if at != root {
				at.Close()
			}
			at, dir = next, d
		}
		if err := writeNew(at, path.Base(f.Name), f.content); err != nil {
			return err
		}
	}
	return nil
}

// openFolder makes a folder if it is missing.
func openFolder(root *os.Root, name string) (*os.Root, error) {
	if err := root.MkdirAll(name, 0o777); err != nil {
		return nil, err
	}
	return root.OpenRoot(name)
}

func writeNew(root *os.Root, name string, content []byte) error {
	w, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, w.Close())
}

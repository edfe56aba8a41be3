package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A SameError says that two files to be written are one: the names, and where
// they stand among those that were proved.
type SameError struct {
	Names    [2]string
	Position [2]int
}

func (e *SameError) Error() string {
	return fmt.Sprintf("%s and %s are the same file", e.Names[0], e.Names[1])
}

// Prove finds out whether files can be written with [Write] and that no two of
// them are one, and changes nothing: a [SameError] or an [fs.PathError] if not.
// What discards all it gets (os.DevNull) may be named twice.
func Prove(names ...string) error {
	p := prover{}
	defer p.end()
	files := make([]fs.FileInfo, len(names))
	for i, name := range names {
		info, err := p.identity(name)
		if err != nil {
			return &fs.PathError{Op: "write", Path: name, Err: Cause(err)}
		}
		for k, other := range files[:i] {
			if os.SameFile(info, other) && !discards(info) {
				return &SameError{[2]string{names[k], name}, [2]int{k, i}}
			}
		}
		files[i] = info
	}
	return nil
}

// discards reports whether a file is the system's null device.
func discards(info fs.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

// A prover makes files that are not there yet in a stage in their folder: so two
// names of one are found out whatever the file system takes for the same (case,
// composed letters), and so is a name that it does not take.
type prover struct{ stages []provingStage }

type provingStage struct {
	*Stage
	dir fs.FileInfo
}

// identity is what the file of a name is known by. Who must not write there gets
// an error.
func (p *prover) identity(name string) (fs.FileInfo, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p.made(name)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder")
	case info.Mode()&fs.ModeSocket != 0:
		return nil, errors.New("it is a socket")
	case info.Mode().IsRegular():
		return info, writable(name)
	}
	return info, nil // opening a pipe or a device could change it
}

// made is the identity of a file that is not there.
func (p *prover) made(name string) (fs.FileInfo, error) {
	target, err := Target(name)
	if err != nil {
		return nil, err
	}
	stage, err := p.stageIn(filepath.Dir(target))
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(stage.Path(filepath.Base(target)), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// stageIn is the one stage in a folder, whatever that is called.
func (p *prover) stageIn(dir string) (*Stage, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	for _, s := range p.stages {
		if os.SameFile(s.dir, info) {
			return s.Stage, nil
		}
	}
	stage, err := NewStage(dir)
	if err != nil {
		return nil, err
	}
	p.stages = append(p.stages, provingStage{stage, info})
	return stage, nil
}

func (p *prover) end() {
	for _, s := range p.stages {
		s.Remove()
	}
}

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/spf13/pflag"
)

// outputOptions are the flags of commands that write the file of a package.
type outputOptions struct {
	file  string
	force bool
}

func (o *outputOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.file, "output", "o", "", "write the package to this `FILE` (default NAME-VERSION"+packageSuffix+")")
	f.BoolVar(&o.force, "force", false, "overwrite another file of that name")
}

// name is the file that a package is written to.
func (o *outputOptions) name(runbook, version string) string {
	if o.file != "" {
		return o.file
	}
	return runbook + "-" + version + packageSuffix
}

// check proves the flags before the work.
func (o *outputOptions) check(c *console) error {
	if o.file == "" || isFolder(o.file) {
		return nil // which write tells of
	}
	if !strings.HasSuffix(o.file, archiveSuffix) {
		return mistake("No name of a package", fmt.Sprintf("-o %s: the name of a package's file ends in %s, by which it is known where a runbook is named.", o.file, packageSuffix))
	}
	return c.provable("", destination{o.file, "-o " + o.file})
}

// write writes the file of a package as a whole, or not at all. What is there
// already stays, unless it was forced or is the same.
func (o *outputOptions) write(c *console, name string, layout *bundle.Layout) error {
	var buf bytes.Buffer
	if _, err := layout.WriteTo(&buf); err != nil {
		return err
	}
	if err := c.refuseInputs(destination{name, cmp.Or(o.file, name)}); err != nil {
		return err
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return mistake("Can't write there", fmt.Sprintf("%v. Name another file with -o.", err))
	case info.IsDir():
		return mistake("Folder in place of a file", fmt.Sprintf("%s is a folder. Name a file in it: -o %[1]s/NAME%s.", name, packageSuffix))
	case info.Mode().IsRegular() && !o.force:
		same, err := holds(name, info.Size(), buf.Bytes())
		if same {
			return nil
		}
		if err != nil {
			return mistake("Can't write there", fmt.Sprintf("%v. Name another file with -o.", err))
		}
		return mistake("File that is there already", fmt.Sprintf("%s is there and holds something else. Name another file with -o, or overwrite it with --force.", name))
	}
	disk.Clear(filepath.Dir(name))
	err = heldBack(func() error { return c.writeFile(name, buf.Bytes()) })
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return mistake("Can't write there", fmt.Sprintf("%s: %v. Name a file with -o where there is room and you may write.", name, disk.Cause(err)))
	}
	return err
}

// holds reports whether a file of this size has this content.
func holds(name string, size int64, content []byte) (bool, error) {
	if size != int64(len(content)) {
		return false, nil
	}
	f, err := disk.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	have, err := disk.ReadAll(f, name, size)
	return bytes.Equal(have, content), err
}

const howToMakeAKey = `"openssl genpkey -algorithm ed25519 -out FILE" makes one.`

// maxPrivateKey is far more than the file of a key has, in bytes.
const maxPrivateKey = 64 << 10

// readSigningKey reads the private key in a file; nil without one.
func (c *console) readSigningKey(file string) (*signature.PrivateKey, error) {
	if file == "" {
		return nil, nil
	}
	const summary = "Unusable signing key"
	text, err := c.readFile(file, maxPrivateKey)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, mistake(summary, fmt.Sprintf("%s: %v. %s", file, disk.Cause(err), howToMakeAKey))
	case err != nil:
		return nil, mistake(summary, fmt.Sprintf("%s: %v. Name the file of a private key that you may read.", file, disk.Cause(err)))
	}
	key, err := signature.ReadPrivateKey(text)
	if err != nil {
		return nil, mistake(summary, fmt.Sprintf("%s: %v.", file, err))
	}
	return key, nil
}

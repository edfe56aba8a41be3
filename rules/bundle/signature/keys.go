package signature

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/linecheck/linecheck/rules/disk"
)

// Keys are the public keys that a site trusts: while a key is being replaced
// both the old and the new one, the old one with its last day.
type Keys []*PublicKey

// ReadKeys reads every *.pem and *.pub file of a folder, sorted by name. Names
// that begin with a dot, and other names, are left alone. One file that is no
// public key, and a folder without keys, are errors: a key that its owner
// believes to be in use and that is not would be found only when it is needed.
// The same key in two files is one too, since the two could expire differently.
func ReadKeys(fsys fs.FS) (Keys, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("reading the folder of trusted keys: %w", err)
	}
	var keys Keys
	names := map[string]string{} // file name by fingerprint
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") || path.Ext(name) != ".pem" && path.Ext(name) != ".pub" {
			continue
		}
		k, err := readKeyFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading the trusted key %s: %w", name, err)
		}
		if other, twice := names[k.Fingerprint()]; twice {
			return nil, fmt.Errorf("the trusted keys %s and %s are the same key; remove one of the files", other, name)
		}
		names[k.Fingerprint()] = name
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, errors.New("the folder of trusted keys holds no key, that is no file *.pem or *.pub; put the public keys of those there who may sign runbooks")
	}
	return keys, nil
}

func readKeyFile(fsys fs.FS, name string) (*PublicKey, error) {
	text, err := disk.ReadFile(fsys, name, maxKeyFile)
	if _, ok := errors.AsType[*disk.KindError](err); ok {
		return nil, fmt.Errorf("it is %w; keep only public keys under such names", disk.Cause(err))
	}
	if _, ok := errors.AsType[*disk.SizeError](err); ok {
		return nil, fmt.Errorf("it is %w; look whether it is the right file", disk.Cause(err))
	}
	if err != nil {
		return nil, err
	}
	k, err := ReadPublicKey(text)
	if err != nil {
		return nil, err
	}
	k.Name = name
	return k, nil
}

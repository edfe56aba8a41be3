package signature

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
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
	// Opening a FIFO would wait for its other end.
	switch info, err := fs.Stat(fsys, name); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file; keep only public keys under such names")
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var text bytes.Buffer
	if _, err := io.Copy(&text, io.LimitReader(f, maxKeyFile+1)); err != nil {
		return nil, err
	}
	k, err := ReadPublicKey(text.Bytes())
	if err != nil {
		return nil, err
	}
	k.Name = name
	return k, nil
}

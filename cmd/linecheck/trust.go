package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
)

// trustedKeysDir is the folder of the computer's own trusted keys, below etc.
const trustedKeysDir = "trusted-keys.d"

// trustedKeysFlag names a folder of keys on the command line.
const trustedKeysFlag = "--trusted-keys"

const trustHelp = `With --trusted-keys, packages must be signed with a key of that folder; else
with one of the site's trusted_keys (of profiles outside packages only); else
with one of /etc/linecheck/` + trustedKeysDir + `, if there are any there.`

// A trust is a folder of keys, with one of which a package must be signed.
type trust struct {
	dir  string
	by   string // who says so
	keys signature.Keys
}

// refused says why a package is not taken, and who demanded what it lacks.
func (t trust) refused(name string, err error) error {
	var refusal *bundle.Refusal
	about := []bundle.Code{bundle.Unsigned, bundle.Untrusted, bundle.Expired}
	if !errors.As(err, &refusal) || !slices.Contains(about, refusal.Code) {
		return refused(name, err)
	}
	return errors.Join(mistake("Package refused", fmt.Sprintf("%s: %s The trusted keys stand in the folder %s, which %s names.", name, refusal.Reason, t.dir, t.by)), refusal)
}

// trusts are the folders of keys that packages are held against: those of
// --trusted-keys; else those that the chosen sites name in profiles that lie
// outside packages; else the computer's own. None: no signature is needed.
func (o *packageOptions) trusts(c *console, sites *siteOptions, profiles []rules.Overlay) ([]trust, error) {
	if o.trustedKeys != "" {
		t, err := readTrust(c, o.trustedKeys, trustedKeysFlag)
		if err != nil {
			return nil, err
		}
		return []trust{t}, nil
	}
	demanding, err := sites.demanding(c, profiles)
	if err != nil {
		return nil, err
	}
	if len(demanding) == 0 {
		demanding = []*rules.Site{{}} // no site, and what holds for one that names no keys
	}
	var all []trust
	for _, s := range demanding {
		dir, by := keysOf(s)
		if dir == "" {
			if dir = c.ownKeys(); dir == "" {
				continue
			}
			by = "this computer's configuration"
		}
		if slices.ContainsFunc(all, func(t trust) bool { return t.dir == dir }) {
			continue
		}
		t, err := readTrust(c, dir, by)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// keysOf is the folder of keys that a site names, and where.
func keysOf(s *rules.Site) (dir, by string) {
	if s.TrustedKeys == "" {
		return "", ""
	}
	dir = filepath.FromSlash(s.TrustedKeys)
	at := s.TrustedKeysRange
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(filepath.Dir(filepath.FromSlash(at.Filename)), dir)
	}
	return dir, fmt.Sprintf("site %q (%s:%d)", s.Name, at.Filename, at.Start.Line)
}

// ownKeys is the folder of the computer's own trusted keys; "" where it holds
// nothing. One that can't be looked into counts, and one whose files are not
// called as keys are: reading it will say why, and nobody believes for long to
// be protected by corp.key.
func (c *console) ownKeys() string {
	dir := filepath.Join(c.etc, trustedKeysDir)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	isNote := func(e fs.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(strings.ToLower(e.Name()), "readme")
	}
	if err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !isNote(e) }) {
		return ""
	}
	return dir
}

// readTrust reads a folder of keys. Without them nothing is opened.
func readTrust(c *console, dir, by string) (trust, error) {
	const summary, remedy = "Trusted keys that can't be used", "Name a folder that holds the public keys (*.pem, *.pub) of those who may sign packages."
	switch info, err := os.Stat(dir); {
	case err != nil:
		return trust{}, mistake(summary, fmt.Sprintf("There is no folder %s, which %s names. %s", dir, by, remedy))
	case !info.IsDir():
		return trust{}, mistake(summary, fmt.Sprintf("%s, which %s names, is a file. %s", dir, by, remedy))
	}
	keys, err := signature.ReadKeys(c.folder(dir))
	if err != nil {
		return trust{}, mistake(summary, fmt.Sprintf("%s, which %s names: %v.", dir, by, err))
	}
	return trust{dir, by, keys}, nil
}

// demanding are the sites of profiles outside packages that are chosen. What is
// wrong with a profile is said where it is loaded for the runbook, which refuses
// it; only where nothing else is left it is said here.
func (o *siteOptions) demanding(c *console, folders []rules.Overlay) ([]*rules.Site, error) {
	if o == nil || len(o.names) == 0 && o.profiles == "" {
		return nil, nil
	}
	if o.profiles != "" {
		overlay, err := c.openOverlay(o.profiles)
		if err != nil {
			return nil, noProfiles(err)
		}
		folders = []rules.Overlay{overlay}
	}
	var chosen []*rules.Site
	var wrong hcl.Diagnostics
	for _, folder := range folders {
		read := rules.ReadProfiles(folder)
		wrong = append(wrong, read.Strays...)
		for _, s := range read.Sites {
			switch {
			case s.Abstract || !o.matches(s.Name):
			case s.Problems.HasErrors():
				wrong = append(wrong, s.Problems...)
			default:
				chosen = append(chosen, s)
			}
		}
	}
	if len(chosen) == 0 && wrong.HasErrors() {
		return nil, wrong
	}
	return chosen, nil
}

// matches reports whether --site names a site, or nothing at all.
func (o *siteOptions) matches(name string) bool {
	return len(o.names) == 0 || slices.ContainsFunc(o.names, func(pattern string) bool {
		ok, err := path.Match(pattern, name)
		return ok && err == nil || pattern == name || pattern == everySite
	})
}

package bundle

import (
	"errors"
	"path"
	"strings"

	"github.com/linecheck/linecheck/rules/language"
	"golang.org/x/mod/module"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A pathSet is the paths of a tree, which must be those of different files on
// every file system.
type pathSet struct {
	seen map[string]spelling // by folded path, of folders too
}

// A spelling is how a path is written, and what it is.
type spelling struct {
	path   string
	folder bool
}

// add refuses a path that can't be, or can't be beside the others.
func (s *pathSet) add(name string) *Refusal {
	if r := checkPath(name); r != nil {
		return r
	}
	if s.seen == nil {
		s.seen = map[string]spelling{}
	}
	folder := false
	for p := name; p != "."; p, folder = path.Dir(p), true {
		key := fold(p)
		old, ok := s.seen[key]
		switch {
		case !ok:
			s.seen[key] = spelling{p, folder}
		case old.path != p:
			return refuse(BadName, "%q and %q differ only in case or in how a letter is encoded, so that some file systems hold only one of them. Rename one.", old.path, p)
		case folder != old.folder:
			return refuse(BadName, "%q is both a file and a folder. A path is that of one thing.", p)
		case !folder:
			return refuse(BadName, "%q stands twice in the tree. A path is that of one file.", p)
		default:
			return nil // the folders above were seen with this one
		}
	}
	return nil
}

// checkPath refuses a path that some file system can't have or takes for
// another.
func checkPath(name string) *Refusal {
	if len(name) > MaxPathBytes {
		return refuse(BadName, "The path %q… is longer than %d bytes. Shorten it.", name[:60], MaxPathBytes)
	}
	if strings.Count(name, "/") >= MaxPathDepth {
		return refuse(BadName, "The path %q is nested more than %d deep. Move the file up.", name, MaxPathDepth)
	}
	if err := module.CheckFilePath(name); err != nil {
		if invalid, ok := errors.AsType[*module.InvalidPathError](err); ok {
			err = invalid.Err
		}
		return refuse(BadName, "%q can't be a path in a package: %s. It must be one on every system: letters, digits, spaces and !#$%%&()+,-.=@[]^_{}~, with / between folders.", name, err)
	}
	if strings.HasSuffix(name, " ") || strings.Contains(name, " /") {
		return refuse(BadName, "%q has a name in it that ends with a space, which Windows leaves off. Rename it.", name)
	}
	hidden := strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
	if dir, base := path.Split(name); hidden && (base != language.LockName || strings.HasPrefix(dir, ".") || strings.Contains(dir, "/.")) {
		return refuse(BadName, "%q has a name in it that begins with a dot, and those stay out of packages, but for %s.", name, language.LockName)
	}
	return nil
}

// fold maps words that differ only in case, and paths that some file system
// takes for the same, to one string.
func fold(p string) string {
	for i := range len(p) {
		if p[i] >= 0x80 {
			return cases.Fold().String(norm.NFC.String(p))
		}
	}
	return strings.ToLower(p)
}

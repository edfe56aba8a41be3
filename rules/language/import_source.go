package language

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// IsFolder reports whether a source is a folder of the runbook.
func IsFolder(source string) bool { return strings.HasPrefix(source, FolderScheme) }

// isImportSource checks the source of an import.
func isImportSource(v cty.Value) error {
	source := v.AsString()
	if !IsFolder(source) {
		if strings.HasPrefix(source, registryScheme) {
			return isRegistrySource(v)
		}
		const place = `place it below this folder and write "./NAME", or import it from a registry`
		switch {
		case strings.HasPrefix(source, "../"), source == "..", strings.HasPrefix(source, "/"):
			return fmt.Errorf("must lie in the folder of the runbook, or the runbook could not be packed and carried elsewhere: %s", place)
		case holdsCredentials(source):
			return ErrCredentials
		}
		return fmt.Errorf(`must be a folder below this one, such as "./net", or a package, such as "oci://registry.example/runbooks/net", not %q`, source)
	}
	folder := strings.TrimPrefix(source, FolderScheme)
	parts := strings.Split(strings.TrimSuffix(folder, "/"), "/")
	switch {
	case slices.Contains(parts, ".."):
		return fmt.Errorf("must lie in the folder of the runbook, or the runbook could not be packed and carried elsewhere: write the way to it without \"..\"")
	case folder == "" || slices.Contains(parts, "") || slices.Contains(parts, ".") || strings.Contains(folder, "\\") || !fs.ValidPath(path.Clean(folder)):
		return fmt.Errorf(`must name a folder below this one, such as "./net", not %q`, source)
	case slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(p, ".") }):
		return fmt.Errorf("must not lead through a folder whose name begins with a dot: such folders do not belong to a runbook and are not packed")
	case parts[0] == VendorFolder:
		return fmt.Errorf(`must not lie in the folder %s, which "linecheck vendor" keeps: import the package by its oci:// address`, VendorFolder)
	}
	return nil
}

// registryScheme begins the source of an import that is a package.
const registryScheme = "oci://"

// isRegistrySource checks the source of a package. Which of its versions is
// meant is the business of version and of the lock.
func isRegistrySource(v cty.Value) error {
	rest, ok := strings.CutPrefix(v.AsString(), registryScheme)
	parts := strings.Split(rest, "/")
	switch {
	case holdsCredentials(rest):
		return ErrCredentials
	case !ok || len(parts) < 2 || slices.Contains(parts, "") || strings.ContainsAny(rest, " \t\r\n?#\\"):
		return fmt.Errorf(`must be a package such as "oci://registry.example/runbooks/net", not %q`, v.AsString())
	case strings.ContainsAny(parts[len(parts)-1], ":@"):
		return fmt.Errorf("names the package without a tag or digest: which version is meant stands in version, such as \"~> 2.1\"")
	}
	return nil
}

// holdsCredentials reports whether a source, without its scheme, names a user as
// URLs do. No name of a package has an "@"; behind one there may be a digest.
func holdsCredentials(rest string) bool {
	before, _, _ := strings.Cut(rest, "@"+digestScheme)
	return strings.Contains(before, "@")
}

// ErrCredentials is about a value that must not be quoted.
var ErrCredentials = errors.New("must hold no credentials, which everybody would have who gets the runbook: write the registry's host without them, and store them with \"docker login\"")

// digestScheme begins a digest.
const digestScheme = "sha256:"

// VendorFolder is where the packages lie that a runbook imports, each in a
// folder of the import's name.
const VendorFolder = "vendor"

// FolderScheme begins the source of an import that is a folder.
const FolderScheme = "./"

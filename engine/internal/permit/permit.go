// Package permit says which files a permission covers, for plans and far ends
// alike.
package permit

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// AnyFile is the entry that covers every file. It is for whoever answers in place
// of the probes, so that none is read, and for far ends of which a plan decides.
const AnyFile = "*"

// Reads reports whether one of the entries, which are as those of
// engine.Settings.AllowRead, covers a file.
func Reads(entries []string, file string) bool {
	return slices.ContainsFunc(entries, func(entry string) bool {
		switch {
		case entry == AnyFile:
			return true
		case entry == "" || !os.IsPathSeparator(entry[len(entry)-1]):
			return entry != "" && filepath.Clean(entry) == filepath.Clean(file)
		}
		below, err := filepath.Rel(entry, file)
		// On Windows, which may be the system of a far end, a backslash separates too.
		return err == nil && below != "." && filepath.IsLocal(below) && (filepath.Separator == '\\' || !strings.Contains(below, `\`))
	})
}

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/linecheck/linecheck/rules/disk"
)

// readable are the entries of engine.Settings.AllowRead that stand for the paths
// of --allow-read: a folder means everything below it. A relative path is that
// of this computer and, as it is written, of whichever is looked from.
func readable(paths []string) ([]string, error) {
	var entries []string
	for _, path := range paths {
		if path == "" {
			return nil, mistake("Wrong value of a flag", "--allow-read names no file. Write the path of one, or of a folder: --allow-read /var/log/mail.log.")
		}
		whole, err := filepath.Abs(path)
		if err != nil {
			return nil, mistake("Wrong value of a flag", fmt.Sprintf("--allow-read %s: %v. Write the whole path.", path, disk.Cause(err)))
		}
		below := ""
		if isFolder(path) || os.IsPathSeparator(path[len(path)-1]) {
			below = string(filepath.Separator)
		}
		entries = append(entries, whole+below)
		if !filepath.IsAbs(path) {
			entries = append(entries, "."+string(filepath.Separator)+filepath.Clean(path)+below)
		}
	}
	return entries, nil
}

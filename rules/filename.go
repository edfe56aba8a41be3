package rules

import "strings"

// isJSON reports whether a file is written in the JSON form.
func isJSON(name string) bool { return strings.HasSuffix(name, ".hcl.json") }

// IsCheckFile reports whether a name in a folder is that of a file which Load
// reads.
func IsCheckFile(name string) bool {
	base := strings.TrimSuffix(name, ".json")
	return !strings.HasPrefix(name, ".") &&
		strings.HasSuffix(base, ".hcl") &&
		!strings.HasSuffix(base, ".test.hcl") &&
		!strings.HasSuffix(base, ".mock.hcl")
}

// isOverride reports whether a check file changes blocks of other files.
func isOverride(name string) bool {
	base := strings.TrimSuffix(strings.TrimSuffix(name, ".json"), ".hcl")
	return base == "override" || strings.HasSuffix(base, "_override")
}

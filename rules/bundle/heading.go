package bundle

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// checkTree holds a config, its manifest and the README against the tree.
func checkTree(tree fs.FS, c *Config, annotations map[string]string, readme []byte) *Refusal {
	if r := checkHeading(tree, c, annotations); r != nil {
		return r
	}
	if r := checkImports(tree, c.Imports); r != nil {
		return r
	}
	return checkReadme(tree, readme)
}

// checkReadme refuses a README that tells another story than that of the tree,
// which is the one that is unpacked.
func checkReadme(tree fs.FS, readme []byte) *Refusal {
	inTree, err := fs.ReadFile(tree, ReadmeTitle)
	switch {
	case err != nil && len(readme) > 0: // there is none
		return refuse(Contradiction, "The package has a %s beside its tree, and there is none in the tree. Have the package made again.", ReadmeTitle)
	case !bytes.Equal(inTree, readme):
		return refuse(Contradiction, "The %s in the tree is not the one that the package has beside its tree. Have the package made again.", ReadmeTitle)
	}
	return nil
}

// checkHeading holds what a config and its manifest say of a runbook against
// the runbook block of its tree, which is what is run.
func checkHeading(tree fs.FS, c *Config, annotations map[string]string) *Refusal {
	rb, diags := rules.Heading(tree)
	if diags.HasErrors() {
		return refuse(BadTree, "The runbook block in the tree can't be read. %s", firstError(diags))
	}
	if rb.Name == "" {
		return refuse(BadName, "There is no runbook block in the tree. Write runbook \"NAME\" { version = \"1.0.0\" } into one of its files.")
	}
	for _, field := range []struct{ what, inTree, said string }{
		{"name", rb.Name, c.Name},
		{"version", rb.Version, c.Version},
		{"title", rb.Title, c.Title},
		{"description", rb.Description, annotations[ocispec.AnnotationDescription]},
		{"license", rb.License, annotations[ocispec.AnnotationLicenses]},
		{"authors", strings.Join(rb.Authors, ", "), annotations[ocispec.AnnotationAuthors]},
		{"source", rb.Source, annotations[ocispec.AnnotationSource]},
	} {
		if field.inTree != field.said {
			return refuse(Contradiction, "The package says %.100q for the runbook's %s, and the runbook block in its tree says %.100q. Have the package made again.", field.said, field.what, field.inTree)
		}
	}
	var requires []string
	for _, r := range rb.Requires {
		requires = append(requires, r.Constraint)
	}
	if !slices.Equal(requires, c.Requires) {
		return refuse(Contradiction, "The package says %.100q for the versions of linecheck that the runbook requires, and the runbook block in its tree says %.100q. Have the package made again.", c.Requires, requires)
	}
	return nil
}

func firstError(diags hcl.Diagnostics) string {
	i := slices.IndexFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity == hcl.DiagError })
	if at := diags[i].Subject; at != nil {
		return fmt.Sprintf("%s, line %d: %s: %s", at.Filename, at.Start.Line, diags[i].Summary, diags[i].Detail)
	}
	return diags[i].Detail
}

package language

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// LockFile is the grammar of a lock file, [LockName].
var LockFile = &BlockType{
	Doc:    "A lock file, " + LockName + " beside the check files.",
	Blocks: []*BlockType{LockBlock},
}

// LockBlock is the grammar of an import block of a lock file.
var LockBlock = &BlockType{
	Name:   "import",
	Labels: blockName,
	Doc:    "The package that an import stands for. The label is the import's name.",
	Attrs: []AttrType{
		required(checked(literal("source", cty.String, "Source of the import."), Judged(isRegistrySource))),
		required(checked(literal("version", cty.String, "Version that was chosen."), Judged(isVersion))),
		checked(literal("constraints", cty.String, "Constraint under which it was chosen."), Judged(isVersionConstraint)),
		required(checked(literal("digest", cty.String, "Digest of the package's manifest."), Judged(isDigest))),
		required(checked(literal("hashes", cty.List(cty.String), "Hashes of the package's files."), Judged(areHashes))),
		checked(literal("signer", cty.String, "Fingerprint of the key that signed the package."), Judged(notEmpty)),
	},
}

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func isDigest(v cty.Value) error {
	if !digestForm.MatchString(v.AsString()) {
		return fmt.Errorf(`must be "sha256:" and 64 hexadecimal digits, not %q`, v.AsString())
	}
	return nil
}

// treeHashScheme begins the hash of a tree: see package tree.
const treeHashScheme = "h1:"

// areHashes checks hashes of a tree.
func areHashes(v cty.Value) error {
	for _, el := range v.AsValueSlice() {
		if el.IsNull() {
			continue // said by the reader
		}
		hash, ok := strings.CutPrefix(el.AsString(), treeHashScheme)
		if sum, err := base64.StdEncoding.DecodeString(hash); !ok || err != nil || len(sum) != 32 {
			return fmt.Errorf(`must be hashes such as "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", not %q`, el.AsString())
		}
	}
	if v.LengthInt() == 0 {
		return errors.New("must hold a hash")
	}
	return nil
}

// LockName is the file beside the check files that says which packages a
// runbook's imports were resolved to.
const LockName = ".runbook.lock.hcl"

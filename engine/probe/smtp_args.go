package probe

import (
	"errors"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// maxEHLOName keeps the command within the 512 octets of RFC 5321, 4.5.3.1.4.
const maxEHLOName = 255

// ehloName is an argument check: one word of printable ASCII, which can't
// smuggle a second command into the dialogue.
func ehloName(v cty.Value) error {
	name := v.AsString()
	if name == "" || len(name) > maxEHLOName || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("must be a host name or an address literal such as [192.0.2.1]")
	}
	return nil
}

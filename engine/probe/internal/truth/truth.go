// Package truth has the bool that may be unknown: "not looked at" is not "no".
package truth

// A Value is a bool that may be unknown, which is its zero.
type Value int

// Unknown is what was not looked at, or could not be.
const (
	Unknown Value = iota
	No
	Yes
)

// Of is a bool that is known.
func Of(b bool) Value {
	if b {
		return Yes
	}
	return No
}

package truth

// A truth is a bool that may be unknown, which is its zero.
type Value int

const (
	Unknown Value = iota
	No
	Yes
)

func Of(b bool) Value {
	if b {
		return Yes
	}
	return No
}

package probe

// A truth is a bool that may be unknown, which is its zero.
type truth int

const (
	unknowable truth = iota
	no
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

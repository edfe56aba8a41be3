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

// set states a truth; an unknown one it leaves so.
func (t truth) set(r *result, name string) {
	if t != unknowable {
		r.set(name, t == yes)
	}
}

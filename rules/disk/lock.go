package disk

// A lockState is what came of an attempt to lock a file.
type lockState int

const (
	lockedByUs lockState = iota + 1
	lockedByOther
	notLockable // as on some network file systems
)

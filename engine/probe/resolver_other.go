//go:build !linux

package probe

// nameSwitchPath: the system's own resolver is asked, however it is set up.
const nameSwitchPath = ""

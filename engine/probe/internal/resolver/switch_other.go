//go:build !linux

package resolver

// nameSwitchPath: the system's own resolver is asked, however it is set up.
const nameSwitchPath = ""

//go:build !linux

package probe

// reversePathDrops are not counted: only Linux shows them to everybody.
func reversePathDrops() (count uint64, ok bool) { return 0, false }

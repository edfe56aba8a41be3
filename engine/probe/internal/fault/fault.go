// Package fault words what is wrong with a probe itself.
package fault

import "fmt"

// Broken is the error of a probe part of which panicked in a goroutine of its
// own.
func Broken(panicked error) error {
	return fmt.Errorf("the probe broke, which is a fault of its kind: %w", panicked)
}

//go:build race

package bundle_test

func init() { racing = true }

package typecheck

import (
	"math"
	"math/big"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// TestDecideIsNeverWrong holds what is decided of all numbers between two bounds
// against each of them.
func TestDecideIsNeverWrong(t *testing.T) {
	ops := map[*hclsyntax.Operation]func(a, b float64) bool{
		hclsyntax.OpLessThan:           func(a, b float64) bool { return a < b },
		hclsyntax.OpLessThanOrEqual:    func(a, b float64) bool { return a <= b },
		hclsyntax.OpGreaterThan:        func(a, b float64) bool { return a > b },
		hclsyntax.OpGreaterThanOrEqual: func(a, b float64) bool { return a >= b },
	}
	ends := []float64{math.Inf(-1), -1, 0, 1, 2, math.Inf(1)}
	for op, holds := range ops {
		for i, least := range ends {
			for _, most := range ends[i:] {
				for _, number := range []float64{-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3} {
					always, never := true, true
					for _, n := range []float64{-1e9, -1, -0.5, 0, 0.5, 1, 1.5, 2, 1e9} {
						if least <= n && n <= most {
							always, never = always && holds(n, number), never && !holds(n, number)
						}
					}
					want := cty.NilVal
					switch {
					case always && never: // nothing lies between
						continue
					case always:
						want = cty.True
					case never:
						want = cty.False
					}
					if got := decide(op, big.NewFloat(least), big.NewFloat(most), big.NewFloat(number)); got != want {
						t.Errorf("from %v to %v, compared with %v: %#v, want %#v", least, most, number, got, want)
					}
				}
			}
		}
	}
}

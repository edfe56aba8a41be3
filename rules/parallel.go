package rules

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
)

// sideBySide does n pieces of work on all processors and gives what is wrong
// in their order.
func sideBySide(n int, work func(i int) hcl.Diagnostics) hcl.Diagnostics {
	results := make([]hcl.Diagnostics, n)
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		for i := range n {
			results[i] = work(i)
		}
	} else {
		var next atomic.Int64
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for {
					i := int(next.Add(1)) - 1
					if i >= n {
						return
					}
					results[i] = work(i)
				}
			})
		}
		wg.Wait()
	}
	var diags hcl.Diagnostics
	for _, r := range results {
		diags = append(diags, r...)
	}
	return diags
}

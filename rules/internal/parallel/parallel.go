// Package parallel does pieces of work on all processors and collects what is wrong in
// their order.
package parallel

import (
	"runtime"
	"sync/atomic"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/panics"
)

// Run does n pieces of work on all processors and gives what is wrong
// in their order. Each processor has a worker of its own.
func Run(n int, newWorker func() func(i int) hcl.Diagnostics) hcl.Diagnostics {
	results := make([]hcl.Diagnostics, n)
	workers := min(runtime.GOMAXPROCS(0), n)
	var next atomic.Int64
	loop := func() {
		work := newWorker()
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			results[i] = work(i)
		}
	}
	if workers <= 1 {
		loop()
	} else {
		var wg panics.Group
		for range workers {
			wg.Go(loop)
		}
		wg.Wait()
	}
	var diags hcl.Diagnostics
	for _, r := range results {
		diags = append(diags, r...)
	}
	return diags
}

// Each is a worker without a state of its own.
func Each(work func(i int) hcl.Diagnostics) func() func(i int) hcl.Diagnostics {
	return func() func(i int) hcl.Diagnostics { return work }
}

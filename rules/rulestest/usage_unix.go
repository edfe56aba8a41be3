//go:build unix

package rulestest

import (
	"runtime/metrics"
	"syscall"
	"time"
)

// A Usage is the time that some work took: by the wall, and of processors.
type Usage struct{ Wall, CPU time.Duration }

// Add adds what more work took.
func (u *Usage) Add(more Usage) {
	u.Wall += more.Wall
	u.CPU += more.CPU
}

// Measure does some work in this process and says what it took (getrusage(2),
// so that nothing else should go on at the same time).
func Measure(work func()) Usage {
	start, cpu := time.Now(), cpuTime()
	work()
	return Usage{time.Since(start), cpuTime() - cpu}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Heap is how many bytes of the heap are in use now.
func Heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

package netnstest

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
	"time"
)

// insideVariable names, in a process that Inside started, the test to go on.
const insideVariable = "LINECHECK_TEST_INSIDE"

// insideGrace is left to tell of an inner test that hung.
const insideGrace = 5 * time.Second

// Inside puts a whole test into a namespace, with every goroutine that it
// starts: build makes the network and returns the computer to be on, and the
// test runs there once more as a process of its own. Inside returns false to
// the first run, which has nothing left to do, and true to the second, for
// which build is not called.
//
//	if !netnstest.Inside(t, build) {
//		return
//	}
func Inside(t *testing.T, build func() *Namespace) bool {
	t.Helper()
	if os.Getenv(insideVariable) == t.Name() {
		return true
	}
	cmd := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v")
	if deadline, ok := t.Deadline(); ok { // it says itself where it hangs
		cmd.Args = append(cmd.Args, "-test.timeout="+max(time.Until(deadline)-insideGrace, insideGrace).String())
	}
	cmd.Env = append(os.Environ(), insideVariable+"="+t.Name())
	var err error
	var output []byte
	build().Do(func() { output, err = cmd.CombinedOutput() })
	if err != nil || !bytes.Contains(output, []byte("--- PASS: "+t.Name())) {
		t.Errorf("inside of the namespace: %v\n%s", err, output)
	}
	return false
}

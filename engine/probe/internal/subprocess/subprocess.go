// Package subprocess runs a command for its output, and ends all that it started.
package subprocess

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/linecheck/linecheck/engine/process"
	"github.com/linecheck/linecheck/rules/panics"
)

// Run runs a command and copies what it writes, until grace after its end
// where something that it left behind goes on writing. That is ended then, as
// all is when the command's context is. It is how long the command ran, and its
// error that of Start, in which case there is no process, or of Wait.
func Run(cmd *exec.Cmd, stdout, stderr io.Writer, grace time.Duration) (time.Duration, error) {
	var written outputs
	started := time.Now()
	tree, err := written.start(cmd, stdout, stderr)
	if err != nil {
		return 0, err
	}
	<-tree.Exited()
	elapsed := time.Since(started)
	written.wait(grace)
	err = tree.End()
	written.close()
	return elapsed, err
}

// outputs are the two that a command writes to, as pipes whose ends are copied.
// Not the command's own copying: that waits for the writers only once the
// command's number may be another's, whom killing them would hit.
type outputs struct {
	pipes  []*os.File   // to read from
	copies panics.Group // that go on
}

// start starts a command with such outputs.
func (o *outputs) start(cmd *exec.Cmd, stdout, stderr io.Writer) (*process.Tree, error) {
	for _, to := range []struct {
		file *io.Writer
		copy io.Writer
	}{{&cmd.Stdout, stdout}, {&cmd.Stderr, stderr}} {
		read, write, err := os.Pipe()
		if err != nil {
			o.close()
			return nil, err
		}
		defer write.Close()
		*to.file = write
		o.pipes = append(o.pipes, read)
		o.copies.Go(func() { io.Copy(to.copy, read) })
	}
	tree, err := process.Start(cmd)
	if err != nil {
		o.close()
	}
	return tree, err
}

// wait waits until nobody writes any more, for d at most.
func (o *outputs) wait(d time.Duration) {
	ended := panics.Start(func() struct{} { o.copies.Wait(); return struct{}{} })
	select {
	case <-ended:
	case <-time.After(d):
	}
}

// close ends the copying.
func (o *outputs) close() {
	for _, p := range o.pipes {
		p.Close()
	}
	o.copies.Wait()
}

// An Output keeps the beginning of what is written to it.
type Output struct {
	Most    int // bytes
	Kept    bytes.Buffer
	Dropped bool
}

// Write keeps of p what there is room for, and never fails.
func (o *Output) Write(p []byte) (int, error) {
	n := min(len(p), o.Most-o.Kept.Len())
	o.Kept.Write(p[:n])
	o.Dropped = o.Dropped || n < len(p)
	return len(p), nil
}

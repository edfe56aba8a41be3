package process

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Adopt has the kernel hand orphans below this program to it and not to init, so
// that End finds what left its command's session and lost its parents. It holds
// for the whole program, and so is for a main function to call, of a program that
// starts nothing else in a session of its own. As init itself, of a container,
// the program needs none: all others end with it.
func Adopt() error {
	if os.Getpid() == 1 {
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("have orphans handed to this process: %w", err)
	}
	running.mu.Lock()
	defer running.mu.Unlock()
	running.adopts = true
	return nil
}

// A mark is what tells a tree's processes from those that were there before.
type mark struct {
	started uint64 // when the command was started, in ticks since the system was
}

// running are the trees of this program that have not ended. The kernel knows
// one set of children for a program, and so there is one list of what they come
// from.
var running struct {
	mu     sync.Mutex
	trees  map[*Tree]bool
	adopts bool
}

const (
	// orphansTimeout is how long orphans are waited for that are handed to us as
	// their parents die.
	orphansTimeout = 2 * time.Second
	orphansPoll    = 2 * time.Millisecond
)

func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// start starts the command, which nobody takes for an orphan meanwhile.
func (t *Tree) start() error {
	running.mu.Lock()
	defer running.mu.Unlock()
	if err := t.cmd.Start(); err != nil {
		return err
	}
	if p, ok := readProcess(t.cmd.Process.Pid); ok {
		t.mark.started = p.started
	}
	if running.trees == nil {
		running.trees = map[*Tree]bool{}
	}
	running.trees[t] = true
	return nil
}

// await waits for the command's end and leaves it to be waited for: until then
// nobody else gets its number.
func (t *Tree) await() {
	defer close(t.exited)
	for {
		err := unix.Waitid(unix.P_PID, t.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != syscall.EINTR {
			return
		}
	}
}

// killAll kills the command, its group, and what is below it or in its session,
// until nothing is found that was not killed.
func (t *Tree) killAll() {
	pid := t.cmd.Process.Pid
	killed := map[int]bool{}
	for fresh := true; fresh; {
		fresh = false
		for _, p := range below(pid, processes()) {
			if !killed[p.pid] && !p.dead {
				killed[p.pid], fresh = true, true
				p.kill()
			}
		}
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL) // where there is no /proc; ESRCH: it has ended
}

// reap waits for the command, and ends the orphans that it leaves us.
func (t *Tree) reap() {
	t.err = t.cmd.Wait()
	running.mu.Lock()
	delete(running.trees, t)
	running.mu.Unlock()
	deadline := time.Now().Add(orphansTimeout)
	for t.endOrphans() && time.Now().Before(deadline) {
		time.Sleep(orphansPoll)
	}
}

// endOrphans kills the orphans that were handed to us and that none but this
// tree, or one that has ended, can have started. It reports whether any was left
// to be killed, since those that it had started are handed to us next.
func (t *Tree) endOrphans() (more bool) {
	running.mu.Lock()
	defer running.mu.Unlock()
	if !running.adopts || t.mark.started == 0 {
		return false
	}
	own, _ := unix.Getsid(0)
	for _, p := range processes() {
		// What else this program started is in its own session, or older.
		if p.parent != os.Getpid() || p.session == own || p.started < t.mark.started || ofAnother(p) {
			continue
		}
		if p.dead {
			_, _ = syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
			continue
		}
		p.kill()
		more = true
	}
	return more
}

// ofAnother reports whether a tree that goes on may have started a process, or is
// its. The lock on running is held.
func ofAnother(p process) bool {
	for t := range running.trees {
		if t.cmd.Process.Pid == p.pid || t.mark.started <= p.started {
			return true
		}
	}
	return false
}

package process

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A process is what proc_pid_stat(5) says of one.
type process struct {
	pid, parent, session int
	started              uint64 // in ticks since the system was, field 22
	dead                 bool   // and not yet waited for
}

// processes are all that can be seen; none where /proc is not there, or is that
// of other numbers than ours.
func processes() []process {
	if self, err := os.Readlink("/proc/self"); err != nil || self != strconv.Itoa(os.Getpid()) {
		return nil
	}
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var all []process
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := readProcess(pid); ok {
				all = append(all, p)
			}
		}
	}
	return all
}

func readProcess(pid int) (process, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return process{}, false
	}
	// The name in parentheses may hold anything. Behind it stand the state, the
	// parent, the group and the session, and the start as the 20th.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 20 {
		return process{}, false
	}
	p := process{pid: pid, dead: fields[0] == "Z" || fields[0] == "X"}
	for field, to := range map[int]*int{1: &p.parent, 3: &p.session} {
		if *to, err = strconv.Atoi(fields[field]); err != nil {
			return process{}, false
		}
	}
	p.started, err = strconv.ParseUint(fields[19], 10, 64)
	return p, err == nil
}

// below are those of all processes that a session's leader has started, as far
// as their parents live, and the others of its session, with the leader.
func below(leader int, all []process) []process {
	in := map[int]bool{}
	var found []process
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if !in[p.pid] && (p.pid == leader || p.session == leader || in[p.parent]) {
				in[p.pid], grown = true, true
				found = append(found, p)
			}
		}
	}
	return found
}

// kill kills the process, and no other that has its number by now: where the
// kernel can't hold on to it (before Linux 5.3) nobody.
func (p process) kill() {
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if now, ok := readProcess(p.pid); ok && now.started == p.started {
		_ = unix.PidfdSendSignal(fd, syscall.SIGKILL, nil, 0) // EPERM: sudo's, which ends with what it waits for
	}
}

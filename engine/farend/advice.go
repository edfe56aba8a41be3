package farend

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Exit statuses of a shell for a command that it does not find, or may not run
// (POSIX.1-2017, XCU 2.8.2). ssh, docker exec, env, nice and timeout hand them on.
const (
	exitNotRunnable = 126
	exitNotFound    = 127
)

// advise says what to do about a far side that ended before it greeted: text is
// what was found out, said are the words on standard error, and code is how the
// command ended, -1 where it had to be killed. Words differ by shell and
// language, so that they only decide where the status says nothing: that of ip
// netns exec is 255, that of sudo, kubectl and csh 1.
func advise(via []string, said string, code int, text string) string {
	low := strings.ToLower(said)
	names := strings.Contains(low, program)
	denied := strings.Contains(low, "permission denied")
	missing := strings.Contains(low, "not found") || strings.Contains(low, "no such file")
	switch {
	case filepath.Base(via[len(via)-1]) == program:
		return text + `. "via" itself does not name linecheck, which is put behind it: leave its last word out.`
	case strings.Contains(low, "exec format error"):
		return text + ". The linecheck over there is made for another kind of processor or system: put one there that is made for it (uname -sm)."
	case code == exitNotRunnable && !missing, names && denied: // dash says 127 to it
		return text + ". linecheck is over there but may not be run: give it the right to (chmod 755), and look whether its file system is mounted noexec."
	case code == exitNotFound && (names || said == ""), names && missing:
		if said == "" {
			said = fmt.Sprintf("exit status %d", code)
		}
		return fmt.Sprintf("there is no linecheck on the other computer (%s), or not in the PATH that a command gets there. %s", said, copyHint(via))
	case code == exitNotFound:
		return text + ". A command is not found over there. If it is linecheck: " + lowerFirst(copyHint(via))
	case code == 1 && names:
		return text + ". If this says that linecheck is not found over there: " + lowerFirst(copyHint(via))
	}
	return text
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// copyHint is the command that would bring linecheck to the other computer.
func copyHint(via []string) string {
	const local, folder = `"$(command -v linecheck)"`, ":/usr/local/bin/"
	switch filepath.Base(via[0]) {
	case "ssh":
		if options, host := sshArgs(via[1:]); host != "" {
			return "Copy this one there: " + strings.Join(append(append([]string{"scp"}, options...), local, words(host)+folder), " ")
		}
	case "docker", "podman":
		return fmt.Sprintf("Copy this one there: %s cp %s %s%s", filepath.Base(via[0]), local, words(via[len(via)-1]), folder)
	}
	return "Copy this one there (" + local + "), into a folder of its PATH."
}

// sshValued are the options of ssh(1) that take a value, sshOnly those that
// scp(1) does not know in the same sense.
const (
	sshValued = "BbcDEeFIiJLlmOoPpQRSWw"
	sshOnly   = "fGgKkMNnsTtVvXxYy"
)

// sshArgs is the host that arguments of ssh name, and the options before it as
// scp takes them.
func sshArgs(args []string) (options []string, host string) {
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case len(a) < 2 || a[0] != '-':
			return options, a
		case a == "--":
		case strings.IndexByte(sshValued, a[1]) >= 0:
			value := a[2:]
			if value == "" && i+1 < len(args) {
				i++
				value = args[i]
			}
			switch a[1] {
			case 'p':
				options = append(options, "-P", words(value))
			case 'l':
				options = append(options, "-o", "User="+words(value))
			case 'F', 'i', 'J', 'o', 'c':
				options = append(options, a[:2], words(value))
			}
		case strings.IndexByte(sshOnly, a[1]) < 0:
			options = append(options, words(a))
		}
	}
	return options, ""
}

package farend

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
)

// Exit statuses of a shell for a command that it does not find, or may not run
// (POSIX.1-2017, XCU 2.8.2). ssh, docker exec, env, nice and timeout hand them on.
const (
	exitNotRunnable = 126
	exitNotFound    = 127
)

// A finding is what is the matter with linecheck over there.
type finding int

const (
	nothing     finding = iota // that anybody reports
	missing                    // it is not found
	missingWin                 // it is not found on Windows, where files go elsewhere
	notAllowed                 // it may not be run
	wrongSystem                // it is made for another processor or system
	inWords                    // something, in a language that is not known here
)

// An ending is how a command ended that did not greet.
type ending struct {
	code  int      // exit status, -1 where it had to be killed
	lines []string // what it said on standard error, and in place of a greeting
}

// advise says what to do about a far side that ended before it greeted: text is
// what was found out, said the words on standard error. Nothing is advised but
// where somebody reports of linecheck itself: ssh, docker and kubectl have words
// like "not found" of keys, hosts and containers.
func advise(via []string, said string, e ending, text string) string {
	t, understood := parseVia(via)
	copying := ""
	if understood && t.copier != nil && len(t.command) == 0 {
		copying = " Copy this one there: " + t.copyCommand()
	}
	const put = "Put one there, into a folder of that PATH."
	if t.namesProgram() {
		return text + `. "via" itself does not name linecheck, which is put behind it: leave its last word out.`
	}
	switch reported(via, e) {
	case wrongSystem:
		return text + ". The linecheck over there is made for another kind of processor or system: put one there that is made for it (uname -sm)."
	case notAllowed:
		return text + ". linecheck is over there but may not be run: give it the right to (chmod 755), and look whether its file system is mounted noexec."
	case missing:
		if copying == "" {
			copying = " " + put
		}
		return fmt.Sprintf("there is no linecheck on the other computer (%s), or not in the PATH that a command gets there.%s", said, copying)
	case missingWin:
		return fmt.Sprintf("there is no linecheck on the other computer (%s), or not in the PATH that a command gets there. %s", said, put)
	case inWords:
		return text + ". If this says that linecheck is not found over there, put one into a folder of the PATH that a command gets there." + copying
	}
	if len(e.lines) == 0 && e.code == exitNotFound {
		return text + ". It is that of a command that is not found. If that is linecheck, put one into a folder of the PATH that a command gets there." + copying
	}
	return text
}

// reported is what shells, and programs that run others, report of linecheck.
func reported(via []string, e ending) finding {
	found := nothing
	for _, line := range e.lines {
		line = words(line)
		for _, f := range forms {
			if m := f.pattern.FindStringSubmatch(line); m != nil {
				if f.found != nothing {
					found = f.found
				} else if of := meaning(m[len(m)-1], e.code); of != nothing {
					found = of
				}
			}
		}
		if name := filepath.Base(via[0]); (name == "lxc" || name == "incus") && via[len(via)-1] == "--" && line == "Error: Command not found" {
			found = missing // they don't say which, and run no other
		}
	}
	return found
}

// A form is how somebody reports of a program that can't be run. What the
// pattern's last group holds decides, where found does not.
type form struct {
	pattern *regexp.Regexp
	found   finding
}

// forms are those of the shells and programs that are named beside them. "P" is
// linecheck, with or without its folder; "Q" is a quotation mark of some language;
// "SHELL" is a shell's name, or its script's, and the line; "OTHER" is the name
// of a program that runs others. All of a line must be so, but for what
// container engines put around their runtime's words.
var forms = []form{
	// dash, bash, ksh, mksh, ash, and without a name in front FreeBSD's sh, csh
	// and tcsh.
	{line(`(?:SHELL ?(?:exec: ?)?)?P ?[:：] ?(.+)`), nothing},
	{line(`(?:SHELL ?)?(command not found|permission denied|exec format error|bad cpu type in executable|no such file or directory): QPQ`), nothing}, // zsh, xonsh
	{line(`fish: Unknown command:? QPQ`), missing},
	{line(`(?:.*: )?(?:fish: Unknown command\. )?QPQ exists but is not an executable file\.?`), notAllowed},
	{line(`OTHER: (?:(?:failed to (?:run command|execute)|can't execute|cannot (?:run|execute)|unable to execute|execvp?):? )?QPQ: (.+)`), nothing},
	{line(`P ?: The term QPQ is not recognized as (?:the|a) name of a cmdlet.*`), missingWin}, // PowerShell
	{line(`QPQ is not recognized as an internal or external command.*`), missingWin},          // cmd.exe
	{line(`exec QPQ: (.+)`), nothing},                                                                   // of a container's init
	{line(`exec of QPQ failed: (.+)`), nothing},                                                         // ip netns exec
	{line(`Failed to find executable QPQ: No such file or directory`), missing},                         // systemd-run
	{line(`(?:lxc-attach: .*)?No such file or directory - Failed to exec QPQ`), missing},                // lxc-attach
	{line(`(?:.*[: "])?exec: QPQ: (executable file not found in \$PATH|.+?)(?:: unknown)?"?`), nothing}, // runc: docker, podman, kubectl
	{line(`(?:.*[: ])?executable file QPQ not found in \$PATH(?:[: ].*)?`), missing},                    // crun: podman
}

// line compiles the pattern of a whole line.
func line(pattern string) *regexp.Regexp {
	const (
		p     = `(?:/[^\s:'"]*/)?linecheck`
		q     = "(?:\\\\?[\"'`‘’‚“”„«»] ?| [»”])?"
		at    = ` ?[:：] ?(?:\pL+ ?)?\d+ ?[:：]`
		shell = `(?:-?(?:/[^\s:]*/)?(?:ba|rba|da|a|z|k|rk|mk|pdk|lk|ya|c|tc|fi|xon)?sh\d*(?:\[\d+\])?(?: ?[:：]|` + at + `)|[^\s:]+` + at + `)`
		other = `(?:/[^\s:]*/)?(?:sudo|doas|g?env|nice|nohup|g?timeout|setsid|stdbuf|chroot|nsenter|unshare|ionice|chrt|taskset|setpriv|jexec|g?time|exec)`
	)
	pattern = strings.NewReplacer("SHELL", shell, "OTHER", other, "QPQ", q+p+q, "P ?", p+" ?").Replace(pattern)
	return regexp.MustCompile(`(?i)^` + pattern + `$`)
}

var (
	isMissing     = regexp.MustCompile(`(?i)^(?:(?:command |executable file )?not found(?: in \$PATH)?\.?(?: \[.*\])?|inaccessible or not found|no such file or directory\.?)$`)
	isNotAllowed  = regexp.MustCompile(`(?i)^(?:cannot execute: )?permission denied\.?$`)
	isWrongSystem = regexp.MustCompile(`(?i)^(?:cannot execute(?: binary file)?(?:: )?)?(?:exec format error.*|bad cpu type in executable)$|^cannot execute binary file$`)
	// ofOneClause is a report in another language: those that say more, such as
	// "cannot execute: required file not found", are of something else.
	ofOneClause = regexp.MustCompile(`^[^:：]+$`)
)

// meaning is what a report says of the program that it is about.
func meaning(report string, code int) finding {
	switch {
	case isMissing.MatchString(report):
		return missing
	case isNotAllowed.MatchString(report):
		return notAllowed
	case isWrongSystem.MatchString(report):
		return wrongSystem
	case !ofOneClause.MatchString(report):
		return nothing
	case code == exitNotFound:
		return missing
	case code == exitNotRunnable:
		return notAllowed
	case code == 1: // csh says no more
		return inWords
	}
	return nothing
}

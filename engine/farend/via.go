package farend

import (
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/rules"
)

// A transport is what a "via" says, where every word of it is understood.
type transport struct {
	before  []string // what copying needs in front of it as well: sudo, env
	copier  []string // scp or docker cp with its options; nil where none does it
	target  string   // the computer or container, as the copier takes it
	command []string // what runs there and is neither linecheck nor runs it alone
}

// namesProgram reports whether a "via" goes as far as linecheck itself, and not
// to a container, say, that is called so.
func (t transport) namesProgram() bool {
	n := len(t.command)
	if n == 0 || filepath.Base(t.command[n-1]) != program {
		return false
	}
	return t.copier != nil || n == 1 || t.command[n-1] != program || t.command[n-2] == "--"
}

// copyCommand is the command for a shell that brings linecheck to the other
// computer.
func (t transport) copyCommand() string {
	const local, folder = `"$(command -v linecheck)"`, ":/usr/local/bin/"
	var command []string
	for _, word := range append(slices.Clone(t.before), t.copier...) {
		command = append(command, rules.ShellQuote(word))
	}
	return strings.Join(append(command, local, rules.ShellQuote(t.target+folder)), " ")
}

// parseVia reads the command line of a transport. A command to copy with that
// went elsewhere would be worse than none, so that one unknown word is enough
// not to understand it.
func parseVia(via []string) (t transport, ok bool) {
	if slices.ContainsFunc(via, func(word string) bool { return word != words(word) }) {
		return t, false
	}
	before, rest, ok := runners(via)
	if !ok || len(rest) == 0 {
		return t, false
	}
	switch name := filepath.Base(rest[0]); name {
	case "ssh":
		t, ok = ofSSH(rest[1:])
	case "docker", "podman":
		t, ok = ofContainer(rest[0], rest[1:])
	default:
		t.command, ok = overThere(rest)
	}
	t.before = before
	return t, ok
}

// A syntax is which options a program takes before its operands (XBD 12.2, and
// the long ones of GNU and of Go's programs).
type syntax struct {
	flags  string          // short options without a value
	valued string          // short options with one
	long   map[string]bool // long options, and whether a value follows
}

// An option is one that was given.
type option struct{ name, value string }

// split takes the options off the words; ok is false where one is not known.
func (s syntax) split(words []string) (options []option, rest []string, ok bool) {
	for len(words) > 0 {
		word := words[0]
		if len(word) < 2 || word[0] != '-' {
			return options, words, true
		}
		words = words[1:]
		if word == "--" {
			return options, words, true
		}
		if name, value, with := strings.Cut(word, "="); strings.HasPrefix(word, "--") {
			valued, known := s.long[name[2:]]
			if valued && !with && len(words) > 0 {
				value, words, with = words[0], words[1:], true
			}
			if !known || valued && !with {
				return nil, nil, false
			}
			options = append(options, option{name, value})
			continue
		}
		for i := 1; i < len(word); i++ {
			name, value := "-"+word[i:i+1], word[i+1:]
			switch {
			case strings.Contains(s.flags, name[1:]):
				options = append(options, option{name: name})
				continue
			case !strings.Contains(s.valued, name[1:]), value == "" && len(words) == 0:
				return nil, nil, false
			case value == "":
				value, words = words[0], words[1:]
			}
			options = append(options, option{name, value})
			break
		}
	}
	return options, words, true
}

// runner is a program that runs the command behind its own options, variables
// and operands.
type runner struct {
	syntax
	variables bool // NAME=VALUE may stand before the command
	operands  int
	copies    bool // copying needs it as well
}

var runnerSyntax = map[string]runner{
	"env":     {syntax{"i", "u", map[string]bool{"ignore-environment": false, "unset": true}}, true, 0, true},
	"sudo":    {syntax{"nEHS", "ugpC", map[string]bool{"non-interactive": false, "preserve-env": false, "set-home": false, "user": true, "group": true}}, true, 0, true},
	"doas":    {syntax{"n", "u", nil}, false, 0, true},
	"timeout": {syntax{"v", "ks", map[string]bool{"foreground": false, "preserve-status": false, "verbose": false, "kill-after": true, "signal": true}}, false, 1, false},
	"nice":    {syntax{"", "n", map[string]bool{"adjustment": true}}, false, 0, false},
	"nohup":   {},
	"setsid":  {syntax{"cfw", "", map[string]bool{"ctty": false, "fork": false, "wait": false}}, false, 0, false},
	"stdbuf":  {syntax{"", "ioe", map[string]bool{"input": true, "output": true, "error": true}}, false, 0, false},
	"exec":    {}, // of a shell over there
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

// runners takes the programs that run others off a command: before are the words
// of those that copying needs as well.
func runners(command []string) (before, rest []string, ok bool) {
	for len(command) > 0 {
		r, known := runnerSyntax[filepath.Base(command[0])]
		if !known {
			break
		}
		_, rest, ok := r.split(command[1:])
		if !ok {
			return nil, nil, false
		}
		for r.variables && len(rest) > 0 && variable.MatchString(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) < r.operands {
			return nil, nil, false
		}
		rest = rest[r.operands:]
		if r.copies {
			before = append(before, command[:len(command)-len(rest)]...)
		}
		command = rest
	}
	return before, command, true
}

// sshSyntax is that of ssh(1) from OpenSSH 5 to 10, without what runs no command
// there: -f, -G, -N, -O, -Q, -s, -V, -W.
var sshSyntax = syntax{flags: "46AaCgKkMnqTtvXxYy", valued: "BbcDEeFIiJLlmopRSw"}

// scpOptions are the options of ssh that scp(1) takes as well, and those that it
// takes under another name. The others are of no use to it.
var scpOptions = map[string]string{
	"-4": "-4", "-6": "-6", "-A": "-A", "-C": "-C", "-q": "-q", "-v": "-v",
	"-c": "-c", "-F": "-F", "-i": "-i", "-J": "-J", "-o": "-o", "-p": "-P",
	"-B": "-o BindInterface", "-b": "-o BindAddress", "-I": "-o PKCS11Provider", "-l": "-o User",
	"-m": "-o MACs", "-S": "-o ControlPath", "-K": "-o GSSAPIAuthentication=yes",
}

func ofSSH(args []string) (t transport, ok bool) {
	options, rest, ok := sshSyntax.split(args)
	if !ok || len(rest) == 0 {
		return t, false
	}
	host := rest[0]
	more, command, ok := sshSyntax.split(rest[1:]) // it takes options behind the host as well
	if !ok {
		return t, false
	}
	options = append(options, more...)
	t.copier = []string{"scp"}
	for _, o := range options {
		name, as, _ := strings.Cut(scpOptions[o.name], " ")
		switch {
		case name == "":
		case as == "" && o.value == "":
			t.copier = append(t.copier, name)
		case as == "":
			t.copier = append(t.copier, name, o.value)
		case o.value == "":
			t.copier = append(t.copier, name, as)
		default:
			t.copier = append(t.copier, name, as+"="+o.value)
		}
	}
	times := map[string]int{}
	for _, o := range options {
		times[o.name]++
	}
	user, host, port, ok := sshHost(host)
	if user != "" {
		times["-l"]++
	}
	if port != "" {
		times["-p"]++
	}
	if !ok || times["-l"] > 1 || times["-p"] > 1 { // ssh takes the first, scp the last
		return t, false
	}
	if port != "" {
		t.copier = append(t.copier, "-P", port)
	}
	if user != "" {
		host = user + "@" + host
	}
	t.target = host
	t.command, ok = inShell(command)
	return t, ok
}

var (
	userForm = regexp.MustCompile(`^[A-Za-z0-9_.+-]+$`)
	hostForm = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$`)
)

// sshHost takes apart what names the other computer: [user@]host, where the
// host may be an address, or ssh://[user@]host[:port].
func sshHost(text string) (user, host, port string, ok bool) {
	if strings.HasPrefix(text, "ssh://") {
		u, err := url.Parse(text)
		if err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return "", "", "", false
		}
		if _, secret := u.User.Password(); secret {
			return "", "", "", false
		}
		user, host, port = u.User.Username(), u.Hostname(), u.Port()
	} else if at := strings.LastIndex(text, "@"); at >= 0 {
		if user, host = text[:at], text[at+1:]; user == "" {
			return "", "", "", false
		}
	} else {
		host = text
	}
	if user != "" && !userForm.MatchString(user) {
		return "", "", "", false
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		return user, "[" + host + "]", port, true // else scp takes its colons for the path's
	}
	return user, host, port, hostForm.MatchString(host)
}

// shellForm is what a shell over there takes as it stands.
var shellForm = regexp.MustCompile(`^[A-Za-z0-9_./:=@%+,-]*$`)

// inShell is what is left of a command that a shell over there takes apart,
// without what runs linecheck alone. ip netns exec is such a program: it changes
// the network, and not the files.
func inShell(command []string) (rest []string, ok bool) {
	for _, word := range command {
		for _, part := range strings.Fields(word) {
			if !shellForm.MatchString(part) {
				return nil, false
			}
			rest = append(rest, part)
		}
	}
	return overThere(rest)
}

func overThere(command []string) (rest []string, ok bool) {
	for {
		if _, rest, ok = runners(command); !ok {
			return nil, false
		}
		if len(rest) < 4 || filepath.Base(rest[0]) != "ip" || rest[1] != "netns" || rest[2] != "exec" {
			return rest, true
		}
		command = rest[4:]
	}
}

// containerSyntax is that of docker and podman before their command, execSyntax
// that of their exec.
var (
	containerSyntax = syntax{"D", "Hc", map[string]bool{"host": true, "context": true, "connection": true, "url": true, "config": true, "log-level": true,
		"debug": false, "tls": false, "tlsverify": false, "tlscacert": true, "tlscert": true, "tlskey": true, "identity": true}}
	execSyntax = syntax{"itd", "euw", map[string]bool{"interactive": false, "tty": false, "detach": false, "privileged": false,
		"env": true, "env-file": true, "user": true, "workdir": true, "detach-keys": true}}
)

var containerForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

func ofContainer(name string, args []string) (t transport, ok bool) {
	_, rest, ok := containerSyntax.split(args)
	if !ok || len(rest) == 0 {
		return t, false
	}
	t.copier = append(append([]string{name}, args[:len(args)-len(rest)]...), "cp")
	if rest[0] == "container" {
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != "exec" {
		return t, false
	}
	_, rest, ok = execSyntax.split(rest[1:])
	if !ok || len(rest) == 0 || !containerForm.MatchString(rest[0]) {
		return t, false
	}
	t.target = rest[0]
	t.command, ok = overThere(rest[1:])
	return t, ok
}

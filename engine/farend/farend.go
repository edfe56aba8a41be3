// Package farend lets a plan that runs here observe from another computer,
// behind any command that carries standard input and output: ssh, docker exec,
// kubectl exec, ip netns exec.
//
// [Dial] starts linecheck over there and [Session.Probes] are probes that
// observe from there, for engine.Options.Probes; [Serve] is what runs over there.
// The plan itself never leaves this computer: the far side is asked for one
// observation at a time and answers with a result, so that the rules which
// judge are the ones here, whatever is installed there, and a value travels
// only when a probe needs it.
//
// What arrives is a stranger's: each message is bounded, each result is held
// against the declared type of its kind, and words are cut to size and freed of
// control characters. The far side runs kinds that need permission only if its
// own command line says so, which is the doing of the person at the keyboard.
//
// Both sides send one JSON document a line. The first of each is a greeting with
// the version of this protocol, which changes whenever an older side could
// misunderstand, and of linecheck.
package farend

import (
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/internal/permit"
	"github.com/linecheck/linecheck/rules/terminal"
)

// A Side is one of the two ends.
type Side struct {
	// Version is linecheck's own, as it stands in messages.
	Version string
	Probes  []*engine.Probe
	// AllowExec lets kinds run that run commands.
	AllowExec bool
	// AllowRead are the files that the far side lets kinds read whose target is
	// one, as engine.Settings.AllowRead has them. The near side decides of each
	// file before it asks, and where there is any here it has the far side allow
	// all.
	AllowRead []string
}

// ServeCommand and the flags are the command line of the far side, behind the
// command that reaches the computer.
const (
	ServeCommand  = "vantage"
	AllowExecFlag = "--allow-exec"
	AllowReadFlag = "--allow-read"
)

// everyFile is what the near side has the far side allow, on whatever system
// that is. No shell makes anything else of it, as it might of the paths meant.
const everyFile = "/"

// mayRead reports whether the far side lets a file be read.
func (s *Side) mayRead(file string) bool {
	if slices.Contains(s.AllowRead, everyFile) {
		return true
	}
	whole, err := filepath.Abs(file)
	return err == nil && permit.Reads(s.AllowRead, whole)
}

// program is what is started over there.
const program = "linecheck"

const (
	// greetTimeout is how long the other computer may take until it has
	// greeted. It covers a jump host or two, a slow login and a name server
	// that does not answer sshd, which alone is 10 s.
	greetTimeout = 20 * time.Second
	// aliveInterval is how often the far side says that it is there.
	aliveInterval = time.Second
	// silenceTimeout is how long nothing at all may arrive from the far side.
	// TCP repeats a lost segment after 1, 2 and 4 s (RFC 6298), and three losses
	// in a row are no rarity on a line that is being looked at; a far side that
	// stands still must not take a check's whole time.
	silenceTimeout = 10 * time.Second
	// deafAfter is the silence after which an answer that is overdue means that
	// the far side is gone, not that one probe is stuck.
	deafAfter = 3 * aliveInterval
	// answerGrace is how long an answer may be on its way after its probe's
	// time was up: a round trip of a bad line, and less than the engine gives
	// to a probe.
	answerGrace = 1500 * time.Millisecond
	// cancelAfter is how long the far side may find out by itself that the time
	// is up: a question may have been as long on its way.
	cancelAfter = answerGrace / 2
	// stopGrace is how long the far side gives a probe to stop, and answers in
	// its place then.
	stopGrace = 300 * time.Millisecond
	// leaveTimeout is how long the command may take to end by itself when it is
	// no longer needed. ssh waits for the other side to confirm.
	leaveTimeout = time.Second
)

const (
	// maxLine bounds a message, in bytes. A log's tail is the largest thing
	// that a result holds.
	maxLine = 4 << 20
	// maxNoise bounds what is passed over before the far side greets, in bytes: a
	// message of the day, what a start-up file prints.
	maxNoise = 64 << 10
	// maxAsked bounds the queries that the far side works on at the same time.
	maxAsked = 4096
	// maxTail bounds what is kept of the command's standard error, in bytes.
	maxTail = 4 << 10
	// maxWords bounds what is shown of the other side's words, in bytes.
	maxWords = 1 << 10
)

// within reports whether ch is closed within d.
func within(ch <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ch:
		return true
	case <-timer.C:
		select {
		case <-ch:
			return true
		default:
			return false
		}
	}
}

// words makes text of a stranger fit to be shown: on one line, without control
// characters, not endless. Of too long a text the end is left, where the reason
// usually stands.
func words(text string) string {
	if len(text) > maxWords {
		text = text[len(text)-maxWords:]
		for len(text) > 0 && !utf8.RuneStart(text[0]) {
			text = text[1:]
		}
		text = "…" + text
	}
	return strings.Join(strings.Fields(terminal.Line(text)), " ")
}

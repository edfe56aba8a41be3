package registry

import (
	"fmt"

	"github.com/linecheck/linecheck/rules/terminal"
)

// A Code says in one word what kept a package from being moved.
type Code string

// The codes.
const (
	BadReference Code = "bad_reference" // the reference can't be one
	BadSetting   Code = "bad_setting"   // a file of authorities or of credentials can't be used
	Unreachable  Code = "unreachable"   // no connection to the host
	Untrusted    Code = "untrusted"     // its certificate does not prove that it is the host
	NotTLS       Code = "not_tls"       // it does not speak TLS
	Unauthorized Code = "unauthorized"  // it wants credentials, or others
	Forbidden    Code = "forbidden"     // the credentials don't suffice
	NotFound     Code = "not_found"     // no such repository, version or digest
	NotARunbook  Code = "not_a_runbook" // an image or something else
	Exists       Code = "exists"        // the version is there with other content
	WrongContent Code = "wrong_content" // what came is not what was announced
	Incomplete   Code = "incomplete"    // less came than was announced
	TooBig       Code = "too_big"       // more came than was announced or may be
	Stalled      Code = "stalled"       // next to nothing comes any more
	Unavailable  Code = "unavailable"   // the registry has a fault or is busy
	Unexpected   Code = "unexpected"    // an answer that no registry should give
	Lost         Code = "lost"          // what was pushed was overwritten by somebody else
)

// An Error is why something could not be done at a registry.
type Error struct {
	Op        string // such as "pull"
	Reference string // what it was done with, fit to be shown
	Code      Code
	Detail    string // whole sentences: what is wrong, and what to do
	// Err is the cause as the network's libraries tell it. Its text may be a
	// stranger's and hold anything; Detail holds what may be shown of it.
	Err error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s %s: %s", e.Op, e.Reference, e.Detail)
}

func (e *Error) Unwrap() error { return e.Err }

// maxShown bounds what a message quotes of a stranger's text, in bytes.
const maxShown = 240

// excerpt makes a stranger's text fit to be part of a message: on one line, not
// long, and without anything that a terminal would obey.
func excerpt(text string) string { return terminal.Line(terminal.Shorten(text, maxShown)) }

// quoted is shown between quotation marks.
func quoted(text string) string { return terminal.Quote(excerpt(text)) }

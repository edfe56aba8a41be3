package probe

import (
	"bytes"
	"regexp"
	"strings"
)

// Some firewalls rewrite the dialogue: Cisco's "fixup protocol smtp" makes
// asterisks of a greeting but for the characters 2 and 0, "inspect esmtp" makes
// X of the extensions that it does not let through.
var (
	// maskedLine is a line of a greeting of which only its code, or a part of
	// it, is left.
	maskedLine = regexp.MustCompile(`^([2-5*][0-9*]{2}[ *-]?)?[0-9* .-]*\*{4}[0-9* .-]*$`)
	// maskedStart is how such a greeting must begin, to tell it from a banner
	// that is adorned with asterisks.
	maskedStart = regexp.MustCompile(`^[2-5][0-9*]{2}`)
	// replyStart is how a line of a reply begins that nobody has touched.
	replyStart = regexp.MustCompile(`^[2-5][0-9]{2}([ -]|$)`)
	// maskedCommand is an EHLO that arrived as XXXX, in the reply that quotes it.
	maskedCommand = regexp.MustCompile(`\bX{4}\b`)
	// maskedExtension is a keyword of X only, perhaps with one letter of the
	// original behind.
	maskedExtension = regexp.MustCompile(`^X{4,}[A-Z]?$`)
)

// maskedWords are the parts of a dialogue that may be masked.
var maskedWords = []string{"greeting", "command", "extensions"}

// masked is the part of the dialogue that was made illegible on the way; "" for
// none.
func (d *smtpDialogue) masked() string {
	if maskedGreeting(d.greeting.raw) {
		return "greeting"
	}
	if maskedCommand.Match(d.unknown.raw) {
		return "command"
	}
	for _, extension := range append([]string{d.ehloName}, d.extensions...) {
		keyword, _, _ := strings.Cut(extension, " ")
		if maskedExtension.MatchString(keyword) {
			return "extensions"
		}
	}
	return ""
}

// maskedGreeting reports whether a greeting is asterisks, or has a line of them
// that has lost its code. Lines of asterisks among others are ornaments.
func maskedGreeting(raw []byte) bool {
	if !maskedStart.Match(raw) {
		return false
	}
	all := true
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		masked := maskedLine.Match(line)
		if masked && !replyStart.Match(line) {
			return true
		}
		all = all && masked
	}
	return all
}

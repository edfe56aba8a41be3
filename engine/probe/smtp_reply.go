package probe

import (
	"bufio"
	"bytes"
	"errors"
)

const (
	// maxReplyLine is four times what RFC 5321, 4.5.3.1.5 allows a reply
	// line: room for sloppy servers, an end for endless lines.
	maxReplyLine = 4 * 512
	// maxReplyLines bounds a reply; the longest seen list some 40 extensions.
	maxReplyLines = 128
)

// errNotSMTP is the end of a reply that no mail server sends.
var errNotSMTP = errors.New("not an SMTP reply")

// A smtpReply is one reply of a server (RFC 5321, 4.2).
type smtpReply struct {
	code int      // 0 unless the reply is complete and well-formed
	text []string // the lines behind the code, at least one of a complete reply
	raw  []byte   // as received, complete or not
}

// readSMTPReply reads one reply, in however many pieces it arrives; lines end
// in CRLF or, sloppily, in a bare LF. An error leaves in raw what came before
// it: errNotSMTP as soon as that can't be or become a reply (the rest of the
// line is not waited for), else the reader's own.
func readSMTPReply(r *bufio.Reader) (smtpReply, error) {
	var reply smtpReply
	for range maxReplyLines {
		start := len(reply.raw)
		for !bytes.HasSuffix(reply.raw[start:], newline) {
			b, err := r.ReadByte()
			if err != nil {
				return reply, err
			}
			reply.raw = append(reply.raw, b)
			if line := reply.raw[start:]; len(line) > maxReplyLine || !beginsReply(line) {
				return reply, errNotSMTP
			}
		}
		line := bytes.TrimSuffix(bytes.TrimSuffix(reply.raw[start:], newline), []byte("\r"))
		code, more, ok := splitReplyLine(line)
		if !ok || start > 0 && !bytes.Equal(line[:3], reply.raw[:3]) {
			return reply, errNotSMTP
		}
		reply.text = append(reply.text, string(line[min(4, len(line)):]))
		if !more {
			reply.code = code
			return reply, nil
		}
	}
	return reply, errNotSMTP
}

// beginsReply reports whether line is the beginning of a reply line: a code,
// then a space, a hyphen or the line's end.
func beginsReply(line []byte) bool {
	for i, b := range line[:min(4, len(line))] {
		switch {
		case i == 0 && (b < '2' || b > '5'),
			(i == 1 || i == 2) && (b < '0' || b > '9'),
			i == 3 && b != ' ' && b != '-' && b != '\r' && b != '\n':
			return false
		}
	}
	return true
}

// splitReplyLine takes apart a line for which beginsReply holds; more says
// that another line of the same reply follows.
func splitReplyLine(line []byte) (code int, more, ok bool) {
	if len(line) < 3 || bytes.ContainsAny(line, "\x00\r") {
		return 0, false, false
	}
	for _, digit := range line[:3] {
		code = 10*code + int(digit-'0')
	}
	return code, len(line) > 3 && line[3] == '-', true
}

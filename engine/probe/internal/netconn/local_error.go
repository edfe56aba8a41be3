package netconn

import (
	"errors"
	"fmt"
	"syscall"
)

// LocalError is the word for err, which opening a socket, binding it or
// sending with it returned; "" where err says nothing about the network.
func LocalError(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return ""
	}
	return localErrorWords[errno]
}

// IsRefused reports whether err says that the peer refused the connection.
func IsRefused(err error) bool { return errors.Is(err, errnoRefused) }

// Refusal says in a word why this computer did not send, where err is that.
func Refusal(err error) error {
	if word := LocalError(err); word != "" {
		return NotSent(word)
	}
	return err
}

// NotSent is an error with the words for a person of a word of LocalErrors.
func NotSent(word string) error {
	if word == "filtered" {
		return errors.New("this computer's own firewall keeps packets to it in (filtered; see nft list ruleset)")
	}
	return fmt.Errorf("this computer does not send to it (%s)", word)
}

// LocalErrors are the words of LocalError, on whatever system.
var LocalErrors = []string{"no_route", "prohibited", "blackhole", "filtered", "address_unavailable"}

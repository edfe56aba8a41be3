package netconn

import (
	"errors"
	"fmt"
	"syscall"
)

// localError is the word for err, which opening a socket, binding it or
// sending with it returned; "" where err says nothing about the network.
func LocalError(err error) string {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return ""
	}
	return localErrorWords[errno]
}

// isRefused reports whether err says that the peer refused the connection.
func IsRefused(err error) bool { return errors.Is(err, errnoRefused) }

// refusal says in a word why this computer did not send, where err is that.
func Refusal(err error) error {
	if word := LocalError(err); word != "" {
		return NotSent(word)
	}
	return err
}

func NotSent(word string) error {
	if word == "filtered" {
		return errors.New("this computer's own firewall keeps packets to it in (filtered; see nft list ruleset)")
	}
	return fmt.Errorf("this computer does not send to it (%s)", word)
}

// localErrors are the words of localError, on whatever system.
var LocalErrors = []string{"no_route", "prohibited", "blackhole", "filtered", "address_unavailable"}

//go:build linux

package lab

import (
	"os/user"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	s := time.Now()
	user.Lookup("postfix")
	t.Log(time.Since(s))
	user.LookupGroup("postdrop")
	t.Log(time.Since(s))
	n := Bare(t, Standard)
	h := n.Host("mail")
	s = time.Now()
	h.StartMail(Mail{})
	t.Log(time.Since(s))
	s = time.Now()
	h.stop("mail")
	t.Log("stop", time.Since(s))
}

//go:build !linux

package netconn

import "syscall"

// A socketWatch notes that a socket was opened. No other system keeps the ICMP
// errors of a connection where a program could read them.
type socketWatch struct {
	ttl    int // not set here, nor the device: only Linux traces
	device string
	opened bool
}

func (s *socketWatch) control(network, address string, c syscall.RawConn) error {
	s.opened = true
	return nil
}

func (s *socketWatch) finish(c *Connection) {}
func (s *socketWatch) close()               {}

//go:build linux

package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Handler is what a TCP stub does with one connection, which is closed when
// it returns. Ctx ends with the network.
type Handler func(ctx context.Context, conn net.Conn)

// Serve answers on a TCP port of the host, both families, instead of the daemon
// that listens there.
func (h *Host) Serve(port int, handle Handler) {
	h.net.t.Helper()
	h.ServeAt("tcp", "", port, handle)
}

// ServeAt is [Host.Serve] at one address, or of one family: "tcp4", "tcp6".
func (h *Host) ServeAt(network, address string, port int, handle Handler) {
	h.net.t.Helper()
	name := fmt.Sprintf("tcp %d", port)
	if port == 25 {
		name = "mail"
	}
	h.stop(name)
	var listener net.Listener
	err := h.inside(func() (err error) {
		listener, err = net.Listen(network, net.JoinHostPort(os.Expand(address, h.net.Getenv), strconv.Itoa(port)))
		return err
	})
	if err != nil {
		h.net.t.Fatalf("lab: port %d on %s: %v", port, h.Name, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				if !errors.Is(err, net.ErrClosed) {
					h.net.t.Errorf("lab: port %d on %s: %v", port, h.Name, err)
				}
				return
			}
			running.Go(func() {
				stop := context.AfterFunc(ctx, func() { conn.Close() })
				defer stop()
				defer conn.Close()
				handle(ctx, conn)
			})
		}
	})
	h.run(name, func() {
		cancel()
		listener.Close()
		running.Wait()
	})
}

// Silent accepts and says nothing.
func Silent(ctx context.Context, conn net.Conn) { io.Copy(io.Discard, conn) }

// Close ends the connection at once.
func Close(context.Context, net.Conn) {}

// Says sends a text and then goes on as a mail server would that knows EHLO and
// QUIT.
func Says(text string) Handler {
	return func(ctx context.Context, conn net.Conn) {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
		lines := bufio.NewReader(conn)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
			reply := "502 5.5.1 Not here\r\n"
			switch verb {
			case "EHLO", "HELO":
				reply = "250 stub\r\n"
			case "QUIT":
				io.WriteString(conn, "221 2.0.0 Bye\r\n")
				return
			}
			if _, err := io.WriteString(conn, reply); err != nil {
				return
			}
		}
	}
}

// Late is a handler that begins after a delay.
func Late(delay time.Duration, then Handler) Handler {
	return func(ctx context.Context, conn net.Conn) {
		if wait(ctx, delay) {
			then(ctx, conn)
		}
	}
}

// Dribbles sends the text byte by byte, each in a segment of its own, and then
// goes on as [Says] does.
func Dribbles(text string, gap time.Duration) Handler {
	return func(ctx context.Context, conn net.Conn) {
		for i := range len(text) {
			if i > 0 && !wait(ctx, gap) {
				return
			}
			if _, err := conn.Write([]byte{text[i]}); err != nil {
				return
			}
		}
		Says("")(ctx, conn)
	}
}

// endlessLimit bounds what an endless line sends, in bytes: far beyond what any
// client should read, and nothing for the machine.
const endlessLimit = 8 << 20

// EndlessLine sends the text and then one letter for ever, without a line's end.
func EndlessLine(text string) Handler {
	return func(ctx context.Context, conn net.Conn) {
		io.WriteString(conn, text)
		chunk := []byte(strings.Repeat("x", 4096))
		for range endlessLimit / len(chunk) {
			if _, err := conn.Write(chunk); err != nil {
				return
			}
		}
		Silent(ctx, conn)
	}
}

// HTTP is a web server: it answers what is not HTTP with an error, or says that
// it waited too long.
func HTTP(patience time.Duration) Handler {
	return func(ctx context.Context, conn net.Conn) {
		status := "400 Bad Request"
		conn.SetReadDeadline(time.Now().Add(patience))
		if _, err := conn.Read(make([]byte, 1024)); err != nil {
			status = "408 Request Timeout"
		}
		fmt.Fprintf(conn, "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n%s", status, status)
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

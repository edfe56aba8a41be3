//go:build linux

package lab

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"strings"
	"time"
)

// Answers sends a greeting and then answers each command line with the reply
// that stands under its verb, or under "" for all others; "-" closes the
// connection instead. Without either it stays silent.
func Answers(greeting string, replies map[string]string) Handler {
	return func(ctx context.Context, conn net.Conn) {
		if _, err := io.WriteString(conn, greeting); err != nil {
			return
		}
		lines := bufio.NewReader(conn)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
			reply, ok := replies[verb]
			if !ok {
				reply = replies[""]
			}
			if reply == "-" {
				return
			}
			if _, err := io.WriteString(conn, reply); err != nil {
				return
			}
		}
	}
}

// SpeaksWhenSpokenTo is silent until the client has sent something, which it
// answers with a text, and leaves.
func SpeaksWhenSpokenTo(text string) Handler {
	return func(ctx context.Context, conn net.Conn) {
		if _, err := conn.Read(make([]byte, 4096)); err == nil {
			io.WriteString(conn, text)
		}
	}
}

// TLS speaks TLS from the first byte on, and behind it as a handler does.
func (n *Network) TLS(then Handler) Handler {
	t := n.t
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"mail.example"}}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}
	return func(ctx context.Context, conn net.Conn) {
		session := tls.Server(conn, config)
		if session.HandshakeContext(ctx) == nil {
			then(ctx, session)
		}
	}
}

// Redirect makes the host answer TCP connections to a port, whoever they are
// for, on another port of its own: those that it forwards, or (hook output)
// those that it makes itself.
func (h *Host) Redirect(hook string, port, to int) {
	h.net.t.Helper()
	h.Sh(fmt.Sprintf(`nft "add table inet labnat; add chain inet labnat %[1]s { type nat hook %[1]s priority -100; }; add rule inet labnat %[1]s tcp dport %[2]d redirect to :%[3]d"`, hook, port, to))
}

// Exhaust leaves the host no local port for another connection to an address
// and port: its range is made small, and all of it is used.
func (h *Host) Exhaust(to *Host, port int) {
	t := h.net.t
	t.Helper()
	// Wide enough for what else needs ports, one for each socket.
	const first, ports = 40000, 48
	if err := h.sysctl("net/ipv4/ip_local_port_range", fmt.Sprintf("%d %d", first, first+ports-1)); err != nil {
		t.Fatalf("lab: %v", err)
	}
	for i := range ports {
		var conn net.Conn
		err := h.inside(func() (err error) {
			dialer := net.Dialer{Timeout: readyTimeout}
			conn, err = dialer.Dial("tcp", net.JoinHostPort(to.Addr().String(), fmt.Sprint(port)))
			return err
		})
		if err != nil {
			t.Fatalf("lab: connection %d from %s: %v", i, h.Name, err)
		}
		h.run(fmt.Sprintf("connection %d", i), func() { conn.Close() })
	}
}

// Expand fills in $NAME, $MAIL … as [Host.Sh] has them.
func (n *Network) Expand(text string) string { return os.Expand(text, n.Getenv) }

package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTLS holds what is said of each way in which TLS does not come about.
func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(simple())
	server.Config.ErrorLog = quiet
	server.StartTLS()
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "https://")
	port := host[strings.LastIndex(host, ":"):]
	client := func(change func(*Client)) *Client {
		c := plain()
		c.PlainHTTP = false
		change(c)
		return c
	}
	own := func(c *Client) { c.CAFile = authority(t, server) }

	wants(t, pullOf(t, client(func(*Client) {}), host), Untrusted, "not signed by an authority that this computer trusts", "--ca-file")
	// httptest's certificate is for 127.0.0.1, ::1 and example.com.
	wants(t, pullOf(t, client(own), "localhost"+port), Untrusted, "is for another host")
	wants(t, pullOf(t, client(func(*Client) {}), serve(t, simple())), NotTLS, "does not speak TLS", "--plain-http")
	wants(t, pullOf(t, plain(), host), Unexpected, "leave --plain-http out")

	noFile := client(func(c *Client) { c.CAFile = filepath.Join(t.TempDir(), "none.pem") })
	wants(t, pullOf(t, noFile, host), BadSetting, "none.pem", "no such file")
	noPEM := client(func(c *Client) { c.CAFile = filepath.Join(t.TempDir(), "empty.pem") })
	if err := os.WriteFile(noPEM.CAFile, []byte("\x1b[31m"), 0o600); err != nil {
		t.Fatal(err)
	}
	wants(t, pullOf(t, noPEM, host), BadSetting, "empty.pem", "BEGIN CERTIFICATE")

	// Something else listens there.
	ssh, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ssh.Close() })
	go func() {
		for {
			conn, err := ssh.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1))
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.9\r\n")
			conn.Close()
		}
	}()
	wants(t, pullOf(t, client(func(*Client) {}), ssh.Addr().String()), NotTLS, "does not speak TLS", "that of something else")
	wants(t, pullOf(t, plain(), ssh.Addr().String()), Unexpected, "the manifest", "failed")

	strict := httptest.NewUnstartedServer(simple())
	strict.Config.ErrorLog = quiet
	strict.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
	strict.StartTLS()
	t.Cleanup(strict.Close)
	needsOne := client(func(c *Client) { c.CAFile = authority(t, strict) })
	wants(t, pullOf(t, needsOne, strings.TrimPrefix(strict.URL, "https://")), Untrusted, "ended the TLS handshake", "client's certificate")
}

// TestExpired has the certificate's day pass: the client's clock is not ours
// to change, so the certificate is an old one.
func TestExpired(t *testing.T) {
	cert, pool := expired(t)
	server := httptest.NewUnstartedServer(simple())
	server.Config.ErrorLog = quiet
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)
	c := plain()
	c.PlainHTTP, c.CAFile = false, pool
	wants(t, pullOf(t, c, strings.TrimPrefix(server.URL, "https://")), Untrusted, "not valid now", "clock")
}

// expired is a certificate for 127.0.0.1 whose time is over, and the file of
// its authority.
func expired(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "old.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

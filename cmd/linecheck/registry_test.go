package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/rogpeppe/go-internal/testscript"
)

// startRegistries gives a script two registries of its own on loopback:
// $REGISTRY speaks plain HTTP, $TLS_REGISTRY TLS with a certificate that only
// the authority in the file $REGISTRY_CA vouches for.
func startRegistries(e *testscript.Env) error {
	quiet := registry.Logger(log.New(io.Discard, "", 0))
	plain := httptest.NewServer(registry.New(quiet))
	secure := httptest.NewUnstartedServer(registry.New(quiet))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that do not trust it
	secure.StartTLS()
	e.Defer(func() {
		plain.Close()
		secure.Close()
	})
	e.Setenv("REGISTRY", strings.TrimPrefix(plain.URL, "http://"))
	e.Setenv("TLS_REGISTRY", strings.TrimPrefix(secure.URL, "https://"))
	authority := filepath.Join(e.WorkDir, ".tmp", "registry-ca.pem")
	e.Setenv("REGISTRY_CA", authority)
	return writePEM(authority, "CERTIFICATE", secure.Certificate().Raw)
}

func writePEM(name, kind string, der []byte) error {
	return os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}

// keypair PRIVATE PUBLIC [expires] writes the two halves of a new key, the
// second with a last day of use if one is given.
func keyPair(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: keypair PRIVATE PUBLIC [expires]")
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	ts.Check(err)
	ts.Check(writePEM(ts.MkAbs(args[0]), "PRIVATE KEY", der))
	der, err = x509.MarshalPKIXPublicKey(public)
	ts.Check(err)
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	if len(args) == 3 {
		_, err := time.Parse(time.DateOnly, args[2])
		ts.Check(err)
		text = append([]byte("expires: "+args[2]+"\n"), text...)
	}
	name := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o777))
	ts.Check(os.WriteFile(name, text, 0o666))
}

// changed PACKAGE FILE copies a package and changes one letter of a check file
// in it, so that nothing but a digest tells.
func changed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: changed PACKAGE FILE")
	}
	const from, to = "does not take connections.\"\n", "does not take connections!\"\n"
	text := ts.ReadFile(args[0])
	if strings.Count(text, from) != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], from, strings.Count(text, from))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Replace(text, from, to, 1)), 0o666))
}

// located FILE FILE copies a file and puts the address of the plain registry
// into it.
func located(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: located FILE FILE")
	}
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "$REGISTRY", ts.Getenv("REGISTRY"))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

// rehash FOLDER LOCK writes the hash of a folder over those of a lock file.
func rehash(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rehash FOLDER LOCK")
	}
	hash, err := tree.Hash(os.DirFS(ts.MkAbs(args[0])))
	ts.Check(err)
	text := regexp.MustCompile(`"h1:[^"]*"`).ReplaceAllString(ts.ReadFile(args[1]), `"`+hash+`"`)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
}

package registry

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	ggcr "github.com/google/go-containerregistry/pkg/registry"
	"go.uber.org/goleak"
	"oras.land/oras-go/v2/registry/remote/retry"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// impatient is patience for tests: as often, at once.
var impatient = &retry.GenericPolicy{
	Retryable: worthRetrying,
	Backoff:   func(int, *http.Response) time.Duration { return time.Millisecond },
	MaxRetry:  patience.MaxRetry,
}

// testIdle is long for a loopback and short for a person who waits for tests.
const testIdle = 10 * time.Second

func plain() *Client {
	return &Client{PlainHTTP: true, Idle: testIdle, retry: impatient, settle: 10 * time.Millisecond}
}

// A tamper answers a request in a registry's place, and returns false to leave
// it to the registry.
type tamper func(w http.ResponseWriter, r *http.Request) bool

// honest is a registry in memory that keeps lists of referrers itself.
func honest() http.Handler { return inMemory(ggcr.WithReferrersSupport(true)) }

// simple is a registry in memory without such lists.
func simple() http.Handler { return inMemory() }

func inMemory(options ...ggcr.Option) http.Handler {
	return ggcr.New(append(options, ggcr.Logger(log.New(io.Discard, "", 0)))...)
}

// serve serves a registry, each request first to those who tamper with it, and
// returns its host and port.
func serve(t testing.TB, registry http.Handler, tampers ...tamper) string {
	t.Helper()
	server := httptest.NewServer(tampered(registry, tampers))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func tampered(registry http.Handler, tampers []tamper) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, tamper := range tampers {
			if tamper(w, r) {
				return
			}
		}
		registry.ServeHTTP(w, r)
	})
}

// A record is what a registry was asked, in order.
type record struct {
	mu       sync.Mutex
	requests []string // method and path
}

func (r *record) tamper(_ http.ResponseWriter, req *http.Request) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, req.Method+" "+req.URL.Path)
	return false
}

// matching are the requests that contain a text.
func (r *record) matching(text string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []string
	for _, request := range r.requests {
		if strings.Contains(request, text) {
			found = append(found, request)
		}
	}
	return found
}

func (r *record) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = nil
}

func reference(t testing.TB, text string) Reference {
	t.Helper()
	ref, err := ParseReference(text)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// netAt is the reference of the runbook "net" at a host.
func netAt(t testing.TB, host, version string) Reference {
	t.Helper()
	return reference(t, "oci://"+host+"/runbooks/net").At(version)
}

// packed is a package of the runbook "net"; the note makes its content its own.
func packed(t testing.TB, version, note string) *bundle.Layout {
	t.Helper()
	l, err := bundle.Pack(bundle.Source{
		FS: fstest.MapFS{
			"net.hcl":       {Data: []byte("runbook \"net\" {\n  version = \"" + version + "\"\n}\n")},
			"docs/note.txt": {Data: []byte(note)},
			"README.md":     {Data: []byte("# net\n")},
		},
		Name: "net", Version: version,
		Readme: []byte("# net\n"), Page: []byte("<!doctype html><title>net</title>"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newKey(t testing.TB) *signature.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	k, err := signature.ReadPrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// signed is a package with so many signatures.
func signed(t testing.TB, version, note string, signatures int) *bundle.Layout {
	t.Helper()
	l := packed(t, version, note)
	for range signatures {
		if err := l.Sign(newKey(t)); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func mustPush(t testing.TB, c *Client, ref Reference, l *bundle.Layout) {
	t.Helper()
	got, err := c.Push(t.Context(), ref, l)
	if err != nil {
		t.Fatal(err)
	}
	if got != l.Digest() {
		t.Fatalf("pushed %s, and the package is %s", got, l.Digest())
	}
}

func mustPull(t testing.TB, c *Client, ref Reference) *bundle.Layout {
	t.Helper()
	l, err := c.Pull(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// same demands that two layouts write the same bytes.
func same(t testing.TB, want, got *bundle.Layout) {
	t.Helper()
	var a, b bytes.Buffer
	if _, err := want.WriteTo(&a); err != nil {
		t.Fatal(err)
	}
	if _, err := got.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("the layout with %d blobs and %d signatures came as another one, with %d and %d", len(want.Blobs), len(want.Signatures), len(got.Blobs), len(got.Signatures))
	}
}

// wants demands an error of ours with that code and those words, which a
// terminal may show.
func wants(t testing.TB, err error, code Code, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("want an error with the code %s, not %v", code, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the message lacks the words %q: %s", w, err)
		}
	}
	fitForTerminal(t, err.Error())
	if command := regexp.MustCompile(`[Rr]un: docker login \S+$`); !strings.HasSuffix(e.Detail, ".") && !command.MatchString(e.Detail) {
		t.Errorf("the message is no whole sentence: %s", e.Detail)
	}
}

func fitForTerminal(t testing.TB, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		t.Errorf("the message has a control character at %d: %q", i, text)
	}
	if len(text) > 2000 {
		t.Errorf("the message has %d bytes", len(text))
	}
}

package registry

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/linecheck/linecheck/rules/bundle"
)

// A place is a registry and a client for it.
type place struct {
	host   string
	client *Client
}

// places are registries of every kind that is met: with and without a list of
// referrers, with TLS, and the one that Debian ships, which wants a password.
var places = []struct {
	name string
	open func(t *testing.T) place
}{
	{"in memory", func(t *testing.T) place { return place{serve(t, honest()), plain()} }},
	{"in memory without referrers", func(t *testing.T) place { return place{serve(t, simple()), plain()} }},
	{"TLS with an authority of its own", func(t *testing.T) place { return secure(t, false) }},
	{"HTTP/2", func(t *testing.T) place { return secure(t, true) }},
	{"docker-registry", func(t *testing.T) place {
		host := daemon(t, true)
		loggedIn(t, host, daemonUser, daemonPassword)
		return place{host, plain()}
	}},
}

// secure is a registry behind TLS.
func secure(t *testing.T, http2 bool, tampers ...tamper) place {
	server := httptest.NewUnstartedServer(tampered(honest(), tampers))
	server.EnableHTTP2 = http2
	server.StartTLS()
	t.Cleanup(server.Close)
	client := plain()
	client.PlainHTTP, client.CAFile = false, authority(t, server)
	return place{strings.TrimPrefix(server.URL, "https://"), client}
}

// authority writes the certificate of a TLS server to a file.
func authority(t testing.TB, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, cert, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPushPull(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			at := p.open(t)
			l := signed(t, "1.4.0+eu", "first", 2)
			ref := netAt(t, at.host, "1.4.0+eu")
			mustPush(t, at.client, ref, l)
			same(t, l, mustPull(t, at.client, ref))

			byDigest := ref
			byDigest.Tag, byDigest.Digest = "", l.Digest()
			same(t, l, mustPull(t, at.client, byDigest))

			// Somebody signs what is there; whoever pulls has all signatures.
			another := mustPull(t, at.client, ref)
			if err := another.Sign(newKey(t)); err != nil {
				t.Fatal(err)
			}
			if err := at.client.PushSignature(t.Context(), ref, another); err != nil {
				t.Fatal(err)
			}
			if err := at.client.PushSignature(t.Context(), byDigest, another); err != nil {
				t.Fatal(err)
			}
			same(t, another, mustPull(t, at.client, ref))
			if versions, err := at.client.Versions(t.Context(), ref); err != nil || !slices.Equal(versions, []string{"1.4.0+eu"}) {
				t.Errorf("the versions are %q, %v", versions, err)
			}
		})
	}
}

// TestPushTwice holds that a push of what is there writes nothing, that one
// with a new signature writes only that, and that other content is refused.
func TestPushTwice(t *testing.T) {
	for name, registry := range map[string]http.Handler{"with referrers": honest(), "without": simple()} {
		t.Run(name, func(t *testing.T) {
			var asked record
			host := serve(t, registry, asked.tamper)
			l, ref := signed(t, "1.4.0", "first", 1), netAt(t, host, "1.4.0")
			mustPush(t, plain(), ref, l)

			asked.reset()
			mustPush(t, plain(), ref, l)
			if written := slices.Concat(asked.matching("PUT "), asked.matching("POST ")); len(written) > 0 {
				t.Errorf("the second push wrote: %q", written)
			}
			if all := asked.matching(""); len(all) > 4 {
				t.Errorf("the second push asked %d times: %q", len(all), all)
			}

			if err := l.Sign(newKey(t)); err != nil {
				t.Fatal(err)
			}
			asked.reset()
			mustPush(t, plain(), ref, l)
			if written := asked.matching("PUT /v2/runbooks/net/manifests/1.4.0"); len(written) > 0 {
				t.Errorf("the push of a signature wrote the tag again")
			}
			same(t, l, mustPull(t, plain(), ref))

			other := packed(t, "1.4.0", "second")
			_, err := plain().Push(t.Context(), ref, other)
			wants(t, err, Exists, "Version 1.4.0 of net is there already", l.Digest().String(), other.Digest().String(), "raise the version")
			same(t, l, mustPull(t, plain(), ref))
		})
	}
}

// TestHalfPush lets the registry fail at every single write in turn: the
// version must be visible only after the whole push, and the next push must
// mend what is missing.
func TestHalfPush(t *testing.T) {
	for name, registry := range map[string]func() http.Handler{"with referrers": honest, "without": simple} {
		t.Run(name, func(t *testing.T) {
			for fatal := 1; ; fatal++ {
				writes := 0
				broken := func(w http.ResponseWriter, r *http.Request) bool {
					if r.Method == http.MethodPut || r.Method == http.MethodPost {
						if writes++; writes == fatal {
							http.Error(w, `{"errors":[{"code":"DENIED","message":"disk full"}]}`, http.StatusInsufficientStorage)
							return true
						}
						if writes > fatal && writes <= fatal+impatient.MaxRetry {
							w.WriteHeader(http.StatusInsufficientStorage) // nor when asked again
							return true
						}
					}
					return false
				}
				host := serve(t, registry(), broken)
				l, ref := signed(t, "1.4.0", "first", 1), netAt(t, host, "1.4.0")
				_, err := plain().Push(t.Context(), ref, l)
				if err == nil {
					if writes < 9 {
						t.Errorf("a whole push is %d writes", writes)
					}
					same(t, l, mustPull(t, plain(), ref))
					break
				}
				wants(t, err, Unavailable, "507")
				if _, err := plain().Pull(t.Context(), ref); err == nil {
					t.Fatalf("after a push that broke at write %d the version is visible", fatal)
				}
				mustPush(t, plain(), ref, l)
				same(t, l, mustPull(t, plain(), ref))
			}
		})
	}
}

func TestPushRefuses(t *testing.T) {
	host := serve(t, honest())
	l := packed(t, "1.4.0", "first")
	_, err := plain().Push(t.Context(), reference(t, "oci://"+host+"/net"), l)
	wants(t, err, BadReference, "oci://"+host+"/net:VERSION")

	for text, ref := range map[string]Reference{
		"another version": netAt(t, host, "1.4.1"),
		"another name":    reference(t, "oci://"+host+"/runbooks/mail:1.4.0"),
		"another digest":  reference(t, "oci://"+host+"/runbooks/net:1.4.0@"+someDigest),
	} {
		_, err := plain().Push(t.Context(), ref, l)
		refused(t, err, text)
	}
	damaged := packed(t, "1.4.0", "first")
	for d, blob := range damaged.Blobs {
		if len(blob) > 1000 {
			damaged.Blobs[d] = append([]byte("x"), blob[1:]...)
		}
	}
	_, err = plain().Push(t.Context(), netAt(t, host, "1.4.0"), damaged)
	refused(t, err, "a damaged tree")
	if _, err := plain().Versions(t.Context(), netAt(t, host, "1.4.0")); err == nil {
		t.Error("something of it was pushed")
	}
}

// refused demands a refusal of rules/bundle.
func refused(t *testing.T, err error, what string) {
	t.Helper()
	var refusal *bundle.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("%s gives %v, which is no refusal", what, err)
	}
}

// TestPushAtTheSameTime lets somebody else tag another content during the
// upload.
func TestPushAtTheSameTime(t *testing.T) {
	registry := simple()
	theirs := packed(t, "1.4.0", "theirs")
	elsewhere := serve(t, registry)
	done := false
	host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && !done {
			done = true
			mustPush(t, plain(), netAt(t, elsewhere, "1.4.0"), theirs)
		}
		return false
	})
	_, err := plain().Push(t.Context(), netAt(t, host, "1.4.0"), packed(t, "1.4.0", "ours"))
	wants(t, err, Exists, "raise the version")
	same(t, theirs, mustPull(t, plain(), netAt(t, host, "1.4.0")))
}

// TestTagOverwritten has somebody else's tag come right behind ours, or ours
// not last.
func TestTagOverwritten(t *testing.T) {
	theirs := packed(t, "1.4.0", "theirs")
	for code, behind := range map[Code]func(host string){
		Exists: func(host string) { put(t, host, "1.4.0", ocispec.MediaTypeImageManifest, theirs.Manifest) },
		Lost:   func(string) {},
	} {
		registry := simple()
		elsewhere := serve(t, registry)
		host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, "/manifests/1.4.0") {
				return false
			}
			_, _ = io.Copy(io.Discard, r.Body)
			behind(elsewhere)
			w.WriteHeader(http.StatusCreated)
			return true
		})
		_, err := plain().Push(t.Context(), netAt(t, host, "1.4.0"), packed(t, "1.4.0", "ours"))
		wants(t, err, code)
	}
}

// TestPushShares holds that blobs which another version brought are not sent
// again.
func TestPushShares(t *testing.T) {
	var asked record
	host := serve(t, honest(), asked.tamper)
	mustPush(t, plain(), netAt(t, host, "1.4.0"), packed(t, "1.4.0", ""))
	asked.reset()
	c := plain()
	var seen []Event
	c.Progress = func(e Event) { seen = append(seen, e) }
	mustPush(t, c, netAt(t, host, "1.5.0"), packed(t, "1.5.0", ""))
	if uploads := asked.matching("POST "); len(uploads) != 2 { // config and files; README and page are there
		t.Errorf("the uploads are %q", uploads)
	}
	if last := seen[len(seen)-1]; last.What != bundle.PageTitle || last.Done != last.Total || last.Total == 0 {
		t.Errorf("the last that was told is %v", last)
	}
}

func TestProgress(t *testing.T) {
	for name, registry := range map[string]http.Handler{"with referrers": honest(), "without": simple()} {
		t.Run(name, func(t *testing.T) {
			host := serve(t, registry)
			l, ref := signed(t, "1.4.0", strings.Repeat("long ", 100_000), 1), netAt(t, host, "1.4.0")
			client := plain()
			var seen []Event
			client.Progress = func(e Event) { seen = append(seen, e) }
			mustPush(t, client, ref, l)
			progressed(t, "push", seen)
			seen = nil
			mustPull(t, client, ref)
			progressed(t, "pull", seen)
		})
	}
}

// progressed demands that every blob was told of in order, from its first byte
// to its last.
func progressed(t *testing.T, op string, seen []Event) {
	t.Helper()
	var order []string
	last := map[string]Event{}
	for _, e := range seen {
		before, known := last[e.What]
		if !known {
			order = append(order, e.What)
		}
		if e.Done < before.Done || known && e.Total != before.Total || e.Done > e.Total {
			t.Errorf("%s: %v after %v", op, e, before)
		}
		last[e.What] = e
	}
	want := []string{"config", "files", "README.md", "runbook.html", "signature"}
	if op == "push" {
		want = slices.Insert(want, 4, "signature's config") // who pulls knows what it is
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("%s told of (-want +got):\n%s", op, diff)
	}
	for what, e := range last {
		if e.Done != e.Total || e.Total == 0 {
			t.Errorf("%s: the last of %s is %d of %d bytes", op, what, e.Done, e.Total)
		}
	}
	if files := last["files"]; files.Total < 500_000 {
		t.Errorf("%s: the files have %d bytes", op, files.Total)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	host := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		cancel(enough)
		<-r.Context().Done()
		return true
	})
	ref := netAt(t, host, "1.4.0")
	for op, do := range map[string]func() error{
		"pull":     func() error { _, err := plain().Pull(ctx, ref); return err },
		"push":     func() error { _, err := plain().Push(ctx, ref, packed(t, "1.4.0", "")); return err },
		"list":     func() error { _, err := plain().Versions(ctx, ref); return err },
		"sign":     func() error { return plain().PushSignature(ctx, ref, signed(t, "1.4.0", "", 1)) },
		"resolve ": func() error { _, err := plain().Resolve(ctx, reference(t, "oci://"+host+"/net")); return err },
	} {
		if err := do(); err == nil || !strings.HasSuffix(err.Error(), "enough") {
			t.Errorf("%s: %v", op, err)
		}
	}
}

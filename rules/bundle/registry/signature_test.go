package registry

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/linecheck/linecheck/rules/bundle"
)

// TestSignAtTheSameTime has several people sign one package at once, at
// registries where the last one to write the list wins: none may be lost.
func TestSignAtTheSameTime(t *testing.T) {
	const people = 4
	for name, open := range map[string]func() string{
		"in memory":       func() string { return serve(t, simple()) },
		"docker-registry": func() string { return daemon(t, false) },
	} {
		t.Run(name, func(t *testing.T) {
			host := open()
			l, ref := packed(t, "1.4.0", ""), netAt(t, host, "1.4.0")
			mustPush(t, plain(), ref, l)
			var all sync.WaitGroup
			ready := make(chan struct{})
			for range people {
				mine := packed(t, "1.4.0", "")
				if err := mine.Sign(newKey(t)); err != nil {
					t.Fatal(err)
				}
				all.Go(func() {
					c := plain()
					c.settle = 0 // as people have it
					<-ready
					if err := c.PushSignature(context.Background(), ref, mine); err != nil {
						t.Error(err)
					}
				})
			}
			close(ready)
			all.Wait()
			if got := mustPull(t, plain(), ref); len(got.Signatures) != people {
				t.Errorf("of %d signatures %d are there", people, len(got.Signatures))
			}
		})
	}
}

// TestLostSignature lets others' writes drive the signature out of the list a
// few times, and then always.
func TestLostSignature(t *testing.T) {
	l := signed(t, "1.4.0", "", 1)
	list := "/manifests/" + strings.Replace(l.Digest().String(), ":", "-", 1)
	for _, times := range []int{1, maxRounds - 1, maxRounds} {
		lost := 0
		host := serve(t, simple(), func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPut || !strings.HasSuffix(r.URL.Path, list) || lost == times {
				return false
			}
			lost++
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusCreated)
			return true
		})
		ref := netAt(t, host, "1.4.0")
		_, err := plain().Push(t.Context(), ref, l)
		if times == maxRounds {
			wants(t, err, Lost, "does not list the signature")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		same(t, l, mustPull(t, plain(), ref))
	}
}

// TestLateWriter has somebody who read the list before write it after ours had
// been seen in it.
func TestLateWriter(t *testing.T) {
	l := signed(t, "1.4.0", "", 1)
	list := "/manifests/" + strings.Replace(l.Digest().String(), ":", "-", 1)
	registry := simple()
	behind := serve(t, registry)
	empty := []byte(`{"schemaVersion":2,"mediaType":"` + ocispec.MediaTypeImageIndex + `","manifests":[]}`)
	var late sync.WaitGroup
	t.Cleanup(late.Wait)
	written := false
	host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, list) && !written {
			written = true
			late.Go(func() {
				// The write is answered before this one gets through.
				for deadline := time.Now().Add(testIdle); time.Now().Before(deadline); {
					if listed(behind, list) {
						break
					}
				}
				put(t, behind, list[len("/manifests/"):], ocispec.MediaTypeImageIndex, empty)
			})
		}
		return false
	})
	ref := netAt(t, host, "1.4.0")
	c := plain()
	c.settle = 3 * time.Second // longer than that one takes on a busy computer
	mustPush(t, c, ref, l)
	late.Wait()
	same(t, l, mustPull(t, plain(), ref))
}

// listed reports whether a list of referrers names anything.
func listed(host, list string) bool {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + host + "/v2/runbooks/net" + list)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode == http.StatusOK && bytes.Contains(body, []byte("digest"))
}

// TestNoReferrers holds that registries which refuse the question for
// referrers in one way or another are taken for such that keep no list.
func TestNoReferrers(t *testing.T) {
	html := func(w http.ResponseWriter, r *http.Request) bool {
		_, _ = io.WriteString(w, "<html>Where do you want to go?</html>")
		return true
	}
	refuse := func(status int) tamper {
		return func(w http.ResponseWriter, r *http.Request) bool { w.WriteHeader(status); return true }
	}
	for name, answer := range map[string]tamper{
		"400": refuse(400), "404": refuse(404), "405": refuse(405), "406": refuse(406), "501": refuse(501),
		"an unknown repository": answer("", 404, `{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}`), "a page for people": html,
	} {
		t.Run(name, func(t *testing.T) {
			host := serve(t, simple(), func(w http.ResponseWriter, r *http.Request) bool {
				return strings.Contains(r.URL.Path, "/referrers/") && answer(w, r)
			})
			l, ref := signed(t, "1.4.0", "", 2), netAt(t, host, "1.4.0")
			mustPush(t, plain(), ref, l)
			same(t, l, mustPull(t, plain(), ref))
		})
	}
	// What is no answer about referrers at all does not mean that there are
	// none: a signature would be missing, and nobody would know why.
	for status, code := range map[int]Code{401: Unauthorized, 403: Forbidden, 500: Unavailable} {
		registry := simple()
		l := signed(t, "1.4.0", "", 1)
		mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
		host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/referrers/") && refuse(status)(w, r)
		})
		wants(t, pullOf(t, plain(), host), code)
	}
}

// TestForeignTag has the tag of a list name something else.
func TestForeignTag(t *testing.T) {
	host := serve(t, simple())
	l, ref := packed(t, "1.4.0", ""), netAt(t, host, "1.4.0")
	mustPush(t, plain(), ref, l)
	put(t, host, strings.Replace(l.Digest().String(), ":", "-", 1), ocispec.MediaTypeImageManifest, l.Manifest)
	same(t, l, mustPull(t, plain(), ref))
}

// TestBadSignature holds that what is no signature of the package is not
// pushed as one.
func TestBadSignature(t *testing.T) {
	host := serve(t, honest())
	ref := netAt(t, host, "1.4.0")
	l, other := packed(t, "1.4.0", ""), signed(t, "1.4.0", "other", 1)
	mustPush(t, plain(), ref, l)
	l.Signatures = other.Signatures
	refused(t, plain().PushSignature(t.Context(), ref, l), "another package's signature")
	foreign := referrer(t, "application/spdx+json", l.Digest(), 3, "abc")
	l.Signatures = []bundle.Signature{{Manifest: foreign, Blobs: map[digest.Digest][]byte{digest.FromString("abc"): []byte("abc")}}}
	wants(t, plain().PushSignature(t.Context(), ref, l), WrongContent, "is none")
}

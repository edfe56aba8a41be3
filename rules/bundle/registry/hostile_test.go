package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/linecheck/linecheck/rules/bundle"
)

// flow writes a body with or without its length, and counts what got out.
func flow(w http.ResponseWriter, length int64, body io.Reader, sent *atomic.Int64) bool {
	w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
	if length >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(length, 10))
	}
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush()
	n, _ := io.Copy(w, body)
	sent.Add(n)
	if length >= 0 && n < length {
		panic(http.ErrAbortHandler) // cuts the connection
	}
	return true
}

// endless is a body without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// mostSent is how much of an endless body may get out before the client has
// gone: what it may read, and what the sockets' buffers hold.
const mostSent = 32 << 20

// TestHostileBlob has a registry send something else for the tree.
func TestHostileBlob(t *testing.T) {
	l := packed(t, "1.4.0", "")
	tree := treeOf(t, l)
	good := l.Blobs[tree.Digest]
	bad := bytes.Clone(good)
	bad[len(bad)/2] ^= 1
	of := func(b []byte) func() io.Reader { return func() io.Reader { return bytes.NewReader(b) } }
	unending := func() io.Reader { return endless{} }
	for _, c := range []struct {
		name   string
		length int64 // -1: not announced
		body   func() io.Reader
		code   Code
		words  string
	}{
		{"other bytes", tree.Size, of(bad), WrongContent, "another digest"},
		{"other bytes, length unsaid", -1, of(bad), WrongContent, "another digest"},
		{"longer", tree.Size + 1, of(append(good, 0)), TooBig, "cut off"},
		{"longer, length unsaid", -1, of(append(good, 0)), TooBig, "cut off"},
		{"shorter", tree.Size - 1, of(good[:len(good)-1]), WrongContent, "announces"},
		{"shorter, length unsaid", -1, of(nil), Incomplete, "ended"},
		{"endless", -1, unending, TooBig, "cut off"},
		{"1 TiB", 1 << 40, unending, TooBig, "cut off"},
		{"cut", tree.Size, of(nil), Incomplete, "ended"},
		{"empty", 0, of(nil), WrongContent, "announces 0 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var sent atomic.Int64
			registry := honest()
			mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
			host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
				return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, tree.Digest.String()) && flow(w, c.length, c.body(), &sent)
			})
			wants(t, pullOf(t, plain(), host), c.code, c.words, "the blob files", host)
			if n := sent.Load(); n > mostSent {
				t.Errorf("the client took %d bytes", n)
			}
		})
	}
}

// TestCut holds that a blob whose connection ends midway is fetched again, and
// what is said if that happens every time.
func TestCut(t *testing.T) {
	l := packed(t, "1.4.0", "")
	tree := treeOf(t, l)
	for _, http2 := range []bool{false, true} {
		for _, times := range []int64{maxAttempts - 1, maxAttempts} {
			var sent, cuts atomic.Int64
			at := secure(t, http2, func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, tree.Digest.String()) || cuts.Load() == times {
					return false
				}
				cuts.Add(1)
				return flow(w, tree.Size, bytes.NewReader(l.Blobs[tree.Digest][:1000]), &sent)
			})
			ref := netAt(t, at.host, "1.4.0")
			mustPush(t, at.client, ref, l)
			var seen []Event
			at.client.Progress = func(e Event) { seen = append(seen, e) }
			got, err := at.client.Pull(t.Context(), ref)
			if times == maxAttempts {
				wants(t, err, Incomplete, "ended in the course of the blob files")
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			same(t, l, got)
			if last := seen[len(seen)-1]; last.Done != last.Total {
				t.Errorf("the last that was told is %v", last)
			}
			if cuts.Load() != times {
				t.Errorf("the registry cut %d times", cuts.Load())
			}
		}
	}
}

// TestHostileManifest has a registry send something else for the manifest.
func TestHostileManifest(t *testing.T) {
	l := packed(t, "1.4.0", "")
	changed := bytes.Replace(l.Manifest, []byte("1.4.0"), []byte("1.4.1"), 1)
	for _, c := range []struct {
		name     string
		length   int64
		body     func() io.Reader
		byDigest bool
		code     Code // "": it arrives
		words    string
	}{
		{"length unsaid", -1, func() io.Reader { return bytes.NewReader(l.Manifest) }, true, "", ""},
		{"other content for a digest", int64(len(changed)), func() io.Reader { return bytes.NewReader(changed) }, true, WrongContent, "another digest"},
		{"other content for a digest, length unsaid", -1, func() io.Reader { return bytes.NewReader(changed) }, true, WrongContent, "another digest"},
		{"endless", -1, func() io.Reader { return endless{} }, false, TooBig, "1048576 bytes"},
		{"endless for a digest", -1, func() io.Reader { return endless{} }, true, TooBig, "1048576 bytes"},
		{"1 TiB", 1 << 40, func() io.Reader { return endless{} }, false, TooBig, "1048576 bytes"},
		{"cut", int64(len(l.Manifest)), func() io.Reader { return bytes.NewReader(l.Manifest[:10]) }, false, Incomplete, "ended"},
		{"half, length unsaid", -1, func() io.Reader { return bytes.NewReader(l.Manifest[:100]) }, false, NotARunbook, "is no manifest"},
		{"nested", -1, func() io.Reader { return strings.NewReader(strings.Repeat(`{"config":`, 50_000)) }, false, NotARunbook, "is no manifest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var sent atomic.Int64
			registry := honest()
			mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
			host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/manifests/") {
					return false
				}
				// What the header says is not what the content is.
				w.Header().Set("Docker-Content-Digest", someDigest)
				return flow(w, c.length, c.body(), &sent)
			})
			ref := netAt(t, host, "1.4.0")
			if c.byDigest {
				ref.Digest = l.Digest()
			}
			got, err := plain().Pull(t.Context(), ref)
			if n := sent.Load(); n > mostSent {
				t.Errorf("the client took %d bytes", n)
			}
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				same(t, l, got)
				return
			}
			wants(t, err, c.code, c.words)
		})
	}
}

// put stores a manifest in a registry.
func put(t testing.TB, host, name, mediaType string, manifest []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://"+host+"/v2/runbooks/net/manifests/"+name, bytes.NewReader(manifest))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", mediaType)
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s: %s", resp.Status, body)
	}
}

// TestOtherKinds holds that what is no runbook is called by its name.
func TestOtherKinds(t *testing.T) {
	blob := `{"mediaType":"%s","digest":"` + someDigest + `","size":0}`
	image := func(mediaType, config string) string {
		return `{"schemaVersion":2,"mediaType":"` + mediaType + `","config":` + fmt.Sprintf(blob, config) + `,"layers":[]}`
	}
	const dockerImage = "application/vnd.docker.distribution.manifest.v2+json"
	const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"
	for _, c := range []struct{ mediaType, manifest, words string }{
		{ocispec.MediaTypeImageManifest, image(ocispec.MediaTypeImageManifest, ocispec.MediaTypeImageConfig), "but a container image"},
		{dockerImage, image(dockerImage, "application/vnd.docker.container.image.v1+json"), "but a container image"},
		{ocispec.MediaTypeImageIndex, `{"schemaVersion":2,"mediaType":"` + ocispec.MediaTypeImageIndex + `","manifests":[]}`, "but an index of 0 manifests"},
		{dockerList, `{"schemaVersion":2,"mediaType":"` + dockerList + `","manifests":[]}`, "but an index of 0 manifests"},
		{ocispec.MediaTypeImageManifest, image(ocispec.MediaTypeImageManifest, "application/vnd.cncf.helm.config.v1+json"), `"application/vnd.cncf.helm.config.v1+json"`},
		{ocispec.MediaTypeImageManifest, `{"schemaVersion":2,"artifactType":"application/\u001b[2J"}`, `"application/\x1b[2J"`},
		{"application/vnd.docker.distribution.manifest.v1+prettyjws", `{"schemaVersion":1,"fsLayers":[]}`, "but a manifest of the type"},
	} {
		host := serve(t, simple())
		put(t, host, "1.4.0", c.mediaType, []byte(c.manifest))
		wants(t, pullOf(t, plain(), host), NotARunbook, "This is no runbook", c.words)
		// A version that is something else is not overwritten either.
		_, err := plain().Push(t.Context(), netAt(t, host, "1.4.0"), packed(t, "1.4.0", ""))
		wants(t, err, Exists, "raise the version")
	}
}

// FuzzManifest holds that of whatever stands where a manifest should be, either
// rules/bundle judges it, or a message that a terminal may show says what it is.
func FuzzManifest(f *testing.F) {
	for _, seed := range []string{
		`{"schemaVersion":2,"artifactType":"application/vnd.linecheck.runbook.v1"}`, `{"manifests":[{}]}`, `{"config":{"mediaType":"\u001b"}}`, "<html>\x1b", `{"mediaType":7}`, "\xff\xfe",
	} {
		f.Add([]byte(seed))
	}
	s := &session{client: plain(), op: "pull", ref: Reference{Host: "registry.example", Repository: "net", Tag: "1.4.0"}}
	f.Fuzz(func(t *testing.T, manifest []byte) {
		if err := s.isRunbook(manifest); err != nil {
			wants(t, err, NotARunbook)
			return
		}
		var refusal *bundle.Refusal
		if named, err := bundle.Describe(manifest); err != nil && !errors.As(err, &refusal) || err == nil && len(named) == 0 {
			t.Errorf("%d blobs, %v", len(named), err)
		}
	})
}

// TestHostileDescription holds that what a manifest names is judged before any
// of it is fetched.
func TestHostileDescription(t *testing.T) {
	l := packed(t, "1.4.0", "")
	for name, change := range map[string]func(*ocispec.Manifest){
		"a tree of 1 TiB":         func(m *ocispec.Manifest) { m.Layers[0].Size = 1 << 40 },
		"a tree of negative size": func(m *ocispec.Manifest) { m.Layers[0].Size = -1 },
		"a compressed tree":       func(m *ocispec.Manifest) { m.Layers[0].MediaType += "+gzip" },
		"a digest that is a path": func(m *ocispec.Manifest) { m.Layers[0].Digest = "sha256:../../../etc/passwd" },
		"a URL elsewhere":         func(m *ocispec.Manifest) { m.Layers[0].URLs = []string{"http://169.254.169.254/"} },
		"a thousand layers": func(m *ocispec.Manifest) {
			for range 1000 {
				m.Layers = append(m.Layers, m.Layers[0])
			}
		},
	} {
		var m ocispec.Manifest
		if err := json.Unmarshal(l.Manifest, &m); err != nil {
			t.Fatal(err)
		}
		change(&m)
		manifest, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var asked record
		host := serve(t, simple(), asked.tamper)
		put(t, host, "1.4.0", ocispec.MediaTypeImageManifest, manifest)
		refused(t, pullOf(t, plain(), host), name)
		if blobs := asked.matching("/blobs/"); len(blobs) > 0 {
			t.Errorf("%s: asked for %q", name, blobs)
		}
	}
}

// TestHostileTags has a registry send lists that are too long in one way or
// another.
func TestHostileTags(t *testing.T) {
	list := func(tags func(yield func(string))) tamper {
		return func(w http.ResponseWriter, r *http.Request) bool {
			_, _ = io.WriteString(w, `{"tags":["0.0.0"`)
			tags(func(tag string) { _, _ = io.WriteString(w, `,"`+tag+`"`) })
			_, _ = io.WriteString(w, `]}`)
			return true
		}
	}
	var pages atomic.Int64
	for name, tamper := range map[string]tamper{
		"many versions": list(func(yield func(string)) {
			for i := range maxVersions + 1 {
				yield("1.0." + strconv.Itoa(i))
			}
		}),
		"endless": list(func(yield func(string)) {
			for range 1 << 20 {
				yield("latest")
			}
		}),
		"pages without an end": func(w http.ResponseWriter, r *http.Request) bool {
			pages.Add(1)
			w.Header().Set("Link", "<"+r.URL.Path+`?n=1>; rel="next"`)
			_, _ = io.WriteString(w, `{"tags":["1.0.0"]}`)
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := plain().Versions(t.Context(), netAt(t, serve(t, simple(), tamper), "1.4.0"))
			wants(t, err, TooBig)
		})
	}
	if n := pages.Load(); n != maxPages {
		t.Errorf("%d pages were asked for", n)
	}
}

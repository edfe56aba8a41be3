package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
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

// TestCutOnce holds that a blob whose connection ends midway is fetched again.
func TestCutOnce(t *testing.T) {
	l := packed(t, "1.4.0", "")
	tree := treeOf(t, l)
	registry, cuts := honest(), 0
	mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
	var sent atomic.Int64
	host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, tree.Digest.String()) || cuts == maxAttempts-1 {
			return false
		}
		cuts++
		return flow(w, tree.Size, bytes.NewReader(l.Blobs[tree.Digest][:1000]), &sent)
	})
	c := plain()
	var seen []Event
	c.Progress = func(e Event) { seen = append(seen, e) }
	same(t, l, mustPull(t, c, netAt(t, host, "1.4.0")))
	if cuts != maxAttempts-1 {
		t.Errorf("the registry cut %d times", cuts)
	}
	if last := seen[len(seen)-1]; last.Done != last.Total {
		t.Errorf("the last that was told is %v", last)
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
		{ocispec.MediaTypeImageManifest, `{"schemaVersion":2,"artifactType":"application/\u001b[2J"}`, `"application/?[2J"`},
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

// TestRedirect holds that a store of blobs elsewhere works, and that it sees no
// credentials.
func TestRedirect(t *testing.T) {
	host := daemon(t, true)
	loggedIn(t, host, daemonUser, daemonPassword)
	// Bigger than anything that is no blob may be.
	l := signed(t, "1.4.0", strings.Repeat("long ", maxAnswer/4), 1)
	mustPush(t, plain(), netAt(t, host, "1.4.0"), l)

	var got []http.Header
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Clone())
		d := digest.Digest(r.URL.Query().Get("d"))
		blob, ok := l.Blobs[d]
		if !ok {
			blob = l.Signatures[0].Blobs[d]
		}
		_, _ = w.Write(blob)
	}))
	t.Cleanup(store.Close)
	for name, target := range map[string]string{
		"another port": store.URL,
		"another name": strings.Replace(store.URL, "127.0.0.1", "localhost", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got = nil
			front := serve(t, proxyTo(t, host), func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/blobs/") || r.Header.Get("Authorization") == "" {
					return false
				}
				http.Redirect(w, r, target+"/?d="+r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], http.StatusTemporaryRedirect)
				return true
			})
			loggedIn(t, front, daemonUser, daemonPassword)
			same(t, l, mustPull(t, plain(), netAt(t, front, "1.4.0")))
			if len(got) != 5 { // config, files, README, page, signature
				t.Errorf("the store was asked %d times", len(got))
			}
			for _, header := range got {
				if header.Get("Authorization") != "" || header.Get("Cookie") != "" {
					t.Errorf("the store was told %v", header)
				}
			}
		})
	}
}

// proxyTo hands requests on to a host.
func proxyTo(t testing.TB, host string) http.Handler {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := r.Clone(r.Context())
		out.URL.Scheme, out.URL.Host, out.RequestURI = "http", host, ""
		resp, err := transport.RoundTrip(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		for key, values := range resp.Header {
			w.Header()[key] = values
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	})
}

// TestHostileRedirect holds that credentials go nowhere but to their host, and
// that redirects end.
func TestHostileRedirect(t *testing.T) {
	var stolen []string
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if auth := r.Header.Get("Authorization"); auth != "" {
			stolen = append(stolen, r.Method+" "+auth)
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="give"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(thief.Close)
	demand := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != "" {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	toThief := func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, thief.URL+r.URL.Path, http.StatusTemporaryRedirect)
		return true
	}
	host := serve(t, simple(), demand, toThief)
	loggedIn(t, host, daemonUser, daemonPassword)
	wants(t, pullOf(t, plain(), host), Unauthorized)
	_, err := plain().Versions(t.Context(), netAt(t, host, "1.4.0"))
	wants(t, err, Unauthorized)

	upload := serve(t, simple(), demand, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		w.Header().Set("Location", thief.URL+"/v2/runbooks/net/blobs/uploads/1")
		w.WriteHeader(http.StatusAccepted)
		return true
	})
	loggedIn(t, upload, daemonUser, daemonPassword)
	_, err = plain().Push(t.Context(), netAt(t, upload, "1.4.0"), packed(t, "1.4.0", ""))
	wants(t, err, Unexpected, "different host")

	page := serve(t, simple(), demand, func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Link", "<"+thief.URL+`/v2/runbooks/net/tags/list>; rel="next"`)
		_, _ = io.WriteString(w, `{"tags":["1.0.0"]}`)
		return true
	})
	loggedIn(t, page, daemonUser, daemonPassword)
	_, err = plain().Versions(t.Context(), netAt(t, page, "1.4.0"))
	wants(t, err, Unexpected, "the list of versions")

	if len(stolen) > 0 {
		t.Errorf("another host was told: %q", stolen)
	}

	round := serve(t, simple(), func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusTemporaryRedirect)
		return true
	})
	wants(t, pullOf(t, plain(), round), Unexpected, "redirects 10 times")

	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { toThief(w, r) }))
	t.Cleanup(secure.Close)
	c := plain()
	c.PlainHTTP, c.CAFile = false, authority(t, secure)
	wants(t, pullOf(t, c, strings.TrimPrefix(secure.URL, "https://")), NotTLS, "redirects from TLS to plain HTTP")
}

// TestToken is the way of big registries: a token is asked for with the
// credentials, and shown to the registry.
func TestToken(t *testing.T) {
	const token = "a-token"
	var scopes []string
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scopes = append(scopes, r.URL.Query()["scope"]...)
		if user, password, _ := r.BasicAuth(); user != daemonUser || password != daemonPassword {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"errors":[{"code":"UNAUTHORIZED","message":"not you"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"token":"`+token+`"}`)
	}))
	t.Cleanup(issuer.Close)
	host := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "Bearer "+token {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+issuer.URL+`/token",service="test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	loggedIn(t, host, daemonUser, daemonPassword)
	l, ref := signed(t, "1.4.0", "", 1), netAt(t, host, "1.4.0")
	mustPush(t, plain(), ref, l)
	same(t, l, mustPull(t, plain(), ref))
	if all := strings.Join(scopes, " "); !strings.Contains(all, "repository:runbooks/net:pull,push") {
		t.Errorf("the scopes asked for are %q", all)
	}
	loggedIn(t, host, daemonUser, "wrong")
	wants(t, pullOf(t, plain(), host), Unauthorized, "does not take the credentials", "not you")
	dockerConfig(t, "{}")
	wants(t, pullOf(t, plain(), host), Unauthorized, "holds none for "+host)

	// A registry must not have requests sent to services of this computer.
	greedy := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("WWW-Authenticate", `Bearer realm="http://169.254.169.254/latest"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	wants(t, pullOf(t, plain(), greedy), Unexpected, "169.254.169.254")
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

// referrer is the manifest of something that refers to a package.
func referrer(t testing.TB, artifactType string, subject digest.Digest, size int64, note string) []byte {
	t.Helper()
	manifest, err := json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: artifactType,
		Config:      ocispec.DescriptorEmptyJSON,
		Layers:      []ocispec.Descriptor{{MediaType: artifactType, Digest: digest.FromString(note), Size: size}},
		Subject:     &ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: subject, Size: 1},
		Annotations: map[string]string{"note": note},
	})
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

// TestOtherReferrers hangs what scanners and strangers would on a package: all
// of it is passed over, and no content of it is fetched.
func TestOtherReferrers(t *testing.T) {
	var asked record
	host := serve(t, honest(), asked.tamper)
	l, ref := signed(t, "1.4.0", "", 1), netAt(t, host, "1.4.0")
	mustPush(t, plain(), ref, l)
	for _, manifest := range [][]byte{
		referrer(t, "application/spdx+json", l.Digest(), 1<<40, "a list of parts of 1 TiB"),
		referrer(t, "application/vnd.example", l.Digest(), 10, strings.Repeat("a big manifest ", 30_000)),
		referrer(t, bundleType, l.Digest(), 1<<40, "a signature of 1 TiB"),
		referrer(t, bundleType, l.Digest(), -1, "a signature of negative size"),
		[]byte(`{"schemaVersion":2,"subject":{"digest":"` + l.Digest().String() + `"},"layers":7}`),
	} {
		put(t, host, digest.FromBytes(manifest).String(), ocispec.MediaTypeImageManifest, manifest)
	}
	index := []byte(`{"schemaVersion":2,"mediaType":"` + ocispec.MediaTypeImageIndex + `","manifests":[],"subject":{"mediaType":"` + ocispec.MediaTypeImageManifest + `","digest":"` + l.Digest().String() + `","size":1}}`)
	put(t, host, digest.FromBytes(index).String(), ocispec.MediaTypeImageIndex, index)

	asked.reset()
	same(t, l, mustPull(t, plain(), ref))
	if blobs := asked.matching("/blobs/"); len(blobs) != 5 {
		t.Errorf("the blobs asked for are %q", blobs)
	}
	if lists := asked.matching("/referrers/"); len(lists) != 1 {
		t.Errorf("the lists asked for are %q", lists)
	}
}

// bundleType is what a signature of ours is.
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// TestHostileReferrers has a registry list what it should not.
func TestHostileReferrers(t *testing.T) {
	l, other := signed(t, "1.4.0", "", 1), signed(t, "1.4.0", "other", 1)
	registry := honest()
	mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
	mustPush(t, plain(), reference(t, "oci://"+serve(t, registry)+"/runbooks/net:1.5.0"), signed(t, "1.5.0", "", 1))
	theirs := other.Signatures[0].Manifest
	put(t, serve(t, registry), digest.FromBytes(theirs).String(), ocispec.MediaTypeImageManifest, theirs)

	listing := func(link string, all ...ocispec.Descriptor) tamper {
		page, err := json.Marshal(ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: all})
		if err != nil {
			t.Fatal(err)
		}
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/referrers/") {
				return false
			}
			w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
			if link != "" {
				w.Header().Set("Link", "<"+r.URL.Path+link+`>; rel="next"`)
			}
			_, _ = w.Write(page)
			return true
		}
	}
	ours := manifestDescriptor(l.Signatures[0].Manifest)
	gone := manifestDescriptor([]byte("deleted since"))
	many := make([]ocispec.Descriptor, 10_000)
	for i := range many {
		many[i] = manifestDescriptor([]byte(strconv.Itoa(i)))
		many[i].ArtifactType = bundleType
	}
	big, lying := ours, manifestDescriptor(theirs)
	big.Size, lying.Size = bundle.MaxManifestBytes+1, 1
	path := ours
	path.Digest = "sha256:../../blobs"

	t.Run("passed over", func(t *testing.T) {
		host := serve(t, registry, listing("", gone, ours, ours, manifestDescriptor(theirs), path, ocispec.Descriptor{}))
		got := mustPull(t, plain(), netAt(t, host, "1.4.0"))
		if same(t, l, got); len(got.Signatures) != 1 {
			t.Errorf("%d signatures came", len(got.Signatures))
		}
		host = serve(t, registry, listing("", lying, ours))
		same(t, l, mustPull(t, plain(), netAt(t, host, "1.4.0")))
	})
	t.Run("too big to be one", func(t *testing.T) {
		got := mustPull(t, plain(), netAt(t, serve(t, registry, listing("", big)), "1.4.0"))
		if len(got.Signatures) > 0 {
			t.Error("it was fetched")
		}
	})
	for name, tamper := range map[string]tamper{
		"10,000 in one page": listing("", many...),
		"10,000 in pages":    listing("?n=1000", many[:1000]...),
		"a few more":         listing("", many[:maxReferrers+1]...),
		"endless pages":      listing("?n=1", ocispec.Descriptor{}),
	} {
		t.Run(name, func(t *testing.T) {
			var asked record
			wants(t, pullOf(t, plain(), serve(t, registry, asked.tamper, tamper)), TooBig)
			if manifests := asked.matching("/manifests/"); len(manifests) != 1 {
				t.Errorf("%d manifests were asked for", len(manifests))
			}
		})
	}
	t.Run("another manifest for the digest", func(t *testing.T) {
		host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
			var sent atomic.Int64
			return strings.HasSuffix(r.URL.Path, ours.Digest.String()) && flow(w, int64(len(theirs)), bytes.NewReader(theirs), &sent)
		})
		wants(t, pullOf(t, plain(), host), WrongContent, "another digest", ours.Digest.String())
	})
	t.Run("too many signatures", func(t *testing.T) {
		host := serve(t, honest())
		many := signed(t, "1.4.0", "", bundle.MaxSignatures)
		mustPush(t, plain(), netAt(t, host, "1.4.0"), many)
		same(t, many, mustPull(t, plain(), netAt(t, host, "1.4.0")))
		one := packed(t, "1.4.0", "")
		if err := one.Sign(newKey(t)); err != nil {
			t.Fatal(err)
		}
		if err := plain().PushSignature(t.Context(), netAt(t, host, "1.4.0"), one); err != nil {
			t.Fatal(err)
		}
		wants(t, pullOf(t, plain(), host), TooBig, "more than 32 signatures")
	})
}

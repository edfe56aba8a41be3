package registry

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/linecheck/linecheck/rules/bundle"
)

// pullOf pulls version 1.4.0 and wants no success.
func pullOf(t *testing.T, c *Client, host string) error {
	t.Helper()
	_, err := c.Pull(t.Context(), netAt(t, host, "1.4.0"))
	return err
}

func TestUnreachable(t *testing.T) {
	nobody := freeAddress(t)
	err := pullOf(t, plain(), nobody)
	wants(t, err, Unreachable, "Nothing listens at "+nobody+": the connection was refused")
}

// TestExplain takes errors that can't be had on loopback, shaped as net/http
// gives them.
func TestExplain(t *testing.T) {
	s := &session{client: plain(), op: "pull", ref: netAt(t, "registry.example", "1.4.0"), login: &login{}}
	dial := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://registry.example/v2/", Err: &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: err}}
	}
	for _, c := range []struct {
		err   error
		code  Code
		words string
	}{
		{dial(&net.DNSError{Err: "no such host", Name: "registry.example", IsNotFound: true}), Unreachable, `no host "registry.example" in the DNS`},
		{dial(&net.DNSError{Err: "server misbehaving", Name: "registry.example", IsTemporary: true}), Unreachable, "could not be looked up: server misbehaving"},
		{dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)), Unreachable, "There is no way to registry.example"},
		{dial(context.DeadlineExceeded), Unreachable, "registry.example (192.0.2.1:443) does not answer"},
		{&url.Error{URL: "https://store.example\x1b[2J/x", Err: errors.New("odd\x1b[2J")}, Unexpected, `odd\x1b[2J`},
		{&url.Error{URL: "https://store.example/x", Err: io.EOF}, Incomplete, "The connection to store.example ended"},
	} {
		wants(t, s.fail(t.Context(), "the manifest", c.err), c.code, c.words)
	}
}

// quiet is for servers that would tell of what a test does on purpose.
var quiet = log.New(io.Discard, "", 0)

// answer answers every request, or those whose path contains a text, the same.
func answer(path string, status int, body string) tamper {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, path) {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func TestAnswers(t *testing.T) {
	tell := func(text string) string {
		return `{"errors":[{"code":"DENIED","message":"` + text + `","detail":"\u001b]0;title\u0007"}]}`
	}
	for _, c := range []struct {
		status int
		body   string
		code   Code
		words  []string
	}{
		{401, tell("who\\u001b[2J are you"), Unauthorized, []string{`who\x1b[2J are you`, "docker login"}},
		{403, tell("not you\\u202e"), Forbidden, []string{`not you\u202e`, `"runbooks/net"`, "there is no such repository"}},
		{403, "<html>nginx</html>", Forbidden, []string{"(403)"}},
		{429, tell("slow down"), Unavailable, []string{"429", "slow down", "later"}},
		{500, tell("boom"), Unavailable, []string{"500 Internal Server Error", "boom"}},
		{503, strings.Repeat("x", 100_000), Unavailable, []string{"503"}},
		{418, tell(strings.Repeat("tea ", 1000)), Unexpected, []string{"418", "tea"}},
		{400, "", Unexpected, []string{"400", "--plain-http"}},
		{200, "<html><title>\x1b[2JHotel login</title>", NotARunbook, []string{"is no manifest", "Hotel login", "asks for a login"}},
		{200, "", NotARunbook, []string{"is no manifest"}},
		{200, "{}", NotARunbook, []string{"This is no runbook"}},
	} {
		host := serve(t, simple(), answer("", c.status, c.body))
		wants(t, pullOf(t, plain(), host), c.code, c.words...)
	}
	// Nothing may come of a stranger's answer to a question that it was not
	// asked.
	host := serve(t, simple(), answer("/tags/list", 200, `{"tags": "none"}`))
	_, err := plain().Versions(t.Context(), netAt(t, host, "1.4.0"))
	wants(t, err, Unexpected, "the list of versions")
	host = serve(t, simple(), answer("/tags/list", 200, `{"tags": ["1.0.0", "2.0.0`))
	_, err = plain().Versions(t.Context(), netAt(t, host, "1.4.0"))
	wants(t, err, Incomplete, "the list of versions")
}

func TestReadOnlyMirror(t *testing.T) {
	host := serve(t, simple(), func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
		return r.Method == http.MethodPost
	})
	_, err := plain().Push(t.Context(), netAt(t, host, "1.4.0"), packed(t, "1.4.0", ""))
	wants(t, err, Forbidden, "405", "mirror")
}

// TestRetries holds that faults that pass do no harm.
func TestRetries(t *testing.T) {
	for _, status := range []int{429, 500, 502, 503} {
		requests := map[string]int{}
		host := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
			key := r.Method + r.URL.Path
			if requests[key]++; requests[key] <= 2 {
				w.WriteHeader(status)
				return true
			}
			return false
		})
		l, ref := signed(t, "1.4.0", "", 1), netAt(t, host, "1.4.0")
		mustPush(t, plain(), ref, l)
		same(t, l, mustPull(t, plain(), ref))
	}
}

// TestWorthRetrying holds what is asked again: a fault that may pass, not a
// silence that was waited for.
func TestWorthRetrying(t *testing.T) {
	for status, want := range map[int]bool{200: false, 401: false, 404: false, 408: true, 429: true, 500: true, 501: false, 502: true, 503: true, 507: true} {
		if got, err := worthRetrying(&http.Response{StatusCode: status}, nil); got != want || err != nil {
			t.Errorf("%d: %v, %v", status, got, err)
		}
	}
	for _, c := range []struct {
		err  error
		want bool
	}{
		{io.ErrUnexpectedEOF, true},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, true},
		{&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, false},
		{&net.OpError{Op: "dial", Err: context.DeadlineExceeded}, false},
		{errStalled, false},
	} {
		if got, _ := worthRetrying(nil, c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

func TestVersions(t *testing.T) {
	var tags []string
	host := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/tags/list") {
			return false
		}
		_, _ = io.WriteString(w, `{"tags":["`+strings.Join(tags, `","`)+`"]}`)
		return true
	})
	any := reference(t, "oci://"+host+"/runbooks/net")
	tags = strings.Fields("latest 1.10.0 2.0.0-rc.1 1.9.0 v3.0.0 3.0 sha256-00 1.0.0_eu 1.10.0 \\u001b[2J 9.9.9_\\u001b")
	got, err := plain().Versions(t.Context(), any)
	if want := strings.Fields("1.0.0+eu 1.9.0 1.10.0 2.0.0-rc.1"); err != nil || !slices.Equal(got, want) {
		t.Errorf("the versions are %q, %v", got, err)
	}
	if ref, err := plain().Resolve(t.Context(), any); err != nil || ref.Tag != "1.10.0" {
		t.Errorf("the newest is %s, %v", ref, err)
	}
	for _, exact := range []Reference{any.At("1.9.0"), {Host: host, Repository: "net", Digest: someDigest}} {
		if ref, err := plain().Resolve(t.Context(), exact); err != nil || ref != exact {
			t.Errorf("%s becomes %s, %v", exact, ref, err)
		}
	}
	wants(t, pullOf(t, plain(), host), NotFound, "no version 1.4.0", "The newest there: 2.0.0-rc.1, 1.10.0, 1.9.0, 1.0.0+eu.")

	pages := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("last") == "" {
			w.Header().Set("Link", `</v2/runbooks/net/tags/list?last=1.10.0&n=2>; rel="next"`)
			return answer("", 200, `{"tags":["1.9.0","1.10.0"]}`)(w, r)
		}
		return answer("", 200, `{"tags":["1.2.0"]}`)(w, r)
	})
	got, err = plain().Versions(t.Context(), netAt(t, pages, "1.4.0"))
	if want := strings.Fields("1.2.0 1.9.0 1.10.0"); err != nil || !slices.Equal(got, want) {
		t.Errorf("the versions of two pages are %q, %v", got, err)
	}

	tags = strings.Fields("2.0.0-rc.1 2.0.0-rc.2")
	_, err = plain().Resolve(t.Context(), any)
	wants(t, err, NotFound, "prereleases only: 2.0.0-rc.2, 2.0.0-rc.1", any.String()+":2.0.0-rc.2")
	tags = strings.Fields("latest stable")
	_, err = plain().Resolve(t.Context(), any)
	wants(t, err, NotFound, "no version of a runbook")
	_, err = plain().Pull(t.Context(), any)
	wants(t, err, NotFound, "no version of a runbook")
}

func TestNotFound(t *testing.T) {
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			at := p.open(t)
			ref := netAt(t, at.host, "1.4.0")
			_, err := at.client.Pull(t.Context(), ref)
			wants(t, err, NotFound, `no repository "runbooks/net" at `+at.host)
			_, err = at.client.Versions(t.Context(), ref)
			wants(t, err, NotFound, `no repository "runbooks/net" at `+at.host)
			err = at.client.PushSignature(t.Context(), ref, signed(t, "1.4.0", "", 1))
			wants(t, err, NotFound, `no repository "runbooks/net"`)

			l := packed(t, "1.4.0", "")
			mustPush(t, at.client, ref, l)
			newer := packed(t, "1.10.0", "")
			mustPush(t, at.client, ref.At("1.10.0"), newer)
			_, err = at.client.Pull(t.Context(), ref.At("1.4.1"))
			wants(t, err, NotFound, "no version 1.4.1 of net", `Did you mean "1.4.0"?`, "The newest there: 1.10.0, 1.4.0.")
			_, err = at.client.Pull(t.Context(), Reference{Host: at.host, Repository: "runbooks/net", Digest: someDigest})
			wants(t, err, NotFound, "no manifest with the digest "+someDigest)
			same(t, newer, mustPull(t, at.client, Reference{Host: at.host, Repository: "runbooks/net"}))

			err = at.client.PushSignature(t.Context(), ref, signed(t, "1.4.0", "another", 1))
			wants(t, err, WrongContent, "another one", l.Digest().String())
		})
	}
}

func TestNoRegistry(t *testing.T) {
	host := serve(t, http.NotFoundHandler())
	wants(t, pullOf(t, plain(), host), NotFound, `no repository "runbooks/net"`, "perhaps "+host+" is none")
	_, err := plain().Versions(t.Context(), netAt(t, host, "1.4.0"))
	wants(t, err, NotFound, "perhaps "+host+" is none")
	err = pullOf(t, plain(), serve(t, honest()))
	if wants(t, err, NotFound, "no repository"); strings.Contains(err.Error(), "perhaps") {
		t.Errorf("a registry is doubted: %v", err)
	}
}

// TestStalled stands for a registry that goes silent: before it answers, in a
// blob, and while it should take one.
func TestStalled(t *testing.T) {
	over := make(chan struct{}) // a server does not see who leaves while their body is unread
	defer close(over)
	silent := func(http.ResponseWriter, *http.Request) bool { <-over; return true }
	at := func(method, path string, do tamper) tamper {
		return func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == method && strings.Contains(r.URL.Path, path) && do(w, r)
		}
	}
	dripping := func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
		for drop := time.NewTicker(20 * time.Millisecond); ; {
			select {
			case <-drop.C:
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				drop.Stop()
				return true
			}
		}
	}
	l := packed(t, "1.4.0", "")
	tree := treeOf(t, l)
	midway := func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", strconv.FormatInt(tree.Size, 10))
		_, _ = w.Write([]byte("begun"))
		_ = http.NewResponseController(w).Flush()
		return silent(w, r)
	}
	c := plain()
	c.Idle = 200 * time.Millisecond
	for _, tamper := range []tamper{
		at("GET", "/manifests/", silent),
		at("GET", "/manifests/", dripping),
		at("GET", "/blobs/", silent),
		at("GET", tree.Digest.String(), midway),
	} {
		registry := honest()
		mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
		err := pullOf(t, c, serve(t, registry, tamper))
		wants(t, err, Stalled, "next to nothing for 200ms")
	}
	_, err := c.Push(t.Context(), netAt(t, serve(t, honest(), at("PUT", "/blobs/", silent)), "1.4.0"), l)
	wants(t, err, Stalled, "next to nothing for 200ms")

	// One that takes the connection and says nothing, not even in TLS.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	c.PlainHTTP = false
	wants(t, pullOf(t, c, listener.Addr().String()), Stalled, "next to nothing for 200ms")
}

// treeOf is the descriptor of a package's tree.
func treeOf(t testing.TB, l *bundle.Layout) ocispec.Descriptor {
	t.Helper()
	named, err := bundle.Describe(l.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	return named[1]
}

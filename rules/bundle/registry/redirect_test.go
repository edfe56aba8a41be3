package registry

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
)

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
	issuer := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scopes = append(scopes, r.URL.Query()["scope"]...)
		if user, password, _ := r.BasicAuth(); user != daemonUser || password != daemonPassword {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"errors":[{"code":"UNAUTHORIZED","message":"not you"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"token":"`+token+`"}`)
	}))
	t.Cleanup(issuer.Close)
	at := secure(t, false, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "Bearer "+token {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="`+issuer.URL+`/token",service="test"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	host := at.host
	loggedIn(t, host, daemonUser, daemonPassword)
	l, ref := signed(t, "1.4.0", "", 1), netAt(t, host, "1.4.0")
	mustPush(t, at.client, ref, l)
	same(t, l, mustPull(t, at.client, ref))
	if all := strings.Join(scopes, " "); !strings.Contains(all, "repository:runbooks/net:pull,push") {
		t.Errorf("the scopes asked for are %q", all)
	}
	loggedIn(t, host, daemonUser, "wrong")
	wants(t, pullOf(t, at.client, host), Unauthorized, "does not take the credentials", "not you")
	dockerConfig(t, "{}")
	wants(t, pullOf(t, at.client, host), Unauthorized, "holds none for "+host)

	// A registry must not have requests sent to services of this computer.
	greedy := serve(t, honest(), func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("WWW-Authenticate", `Bearer realm="http://169.254.169.254/latest"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	wants(t, pullOf(t, plain(), greedy), Unexpected, "169.254.169.254")
}

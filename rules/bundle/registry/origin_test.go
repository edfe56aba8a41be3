package registry

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A fence is a server that wants credentials and notes whatever secret it is
// shown.
type fence struct {
	*httptest.Server
	mu    sync.Mutex
	shown []string
}

func newFence(t *testing.T, tls bool) *fence {
	f := &fence{}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if secret := r.Header.Get("Authorization") + string(body); secret != "" {
			f.mu.Lock()
			f.shown = append(f.shown, secret)
			f.mu.Unlock()
		}
		if strings.HasPrefix(r.URL.Path, "/token") {
			_, _ = io.WriteString(w, `{"token":"a-token","access_token":"a-token"}`)
			return
		}
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer realm="%s/token",service="x"`, f.URL))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	f.Config.ErrorLog = quiet
	if tls {
		f.StartTLS()
	} else {
		f.Start()
	}
	t.Cleanup(f.Close)
	return f
}

// take is what it was shown since it was last asked.
func (f *fence) take() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	shown := f.shown
	f.shown = nil
	return shown
}

// challenge is a registry's demand, and its answer at /token.
func challenge(header func(self string) string) tamper {
	return func(w http.ResponseWriter, r *http.Request) bool {
		self := "http://" + r.Host
		if r.TLS != nil {
			self = "https://" + r.Host
		}
		switch {
		case strings.HasPrefix(r.URL.Path, "/token"):
			_, _ = io.WriteString(w, `{"token":"a-token","access_token":"a-token"}`)
		case r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", header(self))
			w.WriteHeader(http.StatusUnauthorized)
		default:
			return false
		}
		return true
	}
}

// Credentials go to the registry's own host and port, and to a token service
// that it named over TLS, and nowhere else, whoever asks for them and however.
func TestCredentialsStay(t *testing.T) {
	thief, thiefTLS := newFence(t, false), newFence(t, true)
	named := func(format, to string) tamper {
		return challenge(func(self string) string {
			return fmt.Sprintf(format, strings.ReplaceAll(to, "SELF", self))
		})
	}
	const bearer = `Bearer realm="%s/token",service="x"`
	redirect := func(to string, status int) tamper {
		return func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, to, status)
			return true
		}
	}
	elsewhere := func(to string, status int) tamper { // where the token is asked for
		return func(w http.ResponseWriter, r *http.Request) bool {
			return strings.HasPrefix(r.URL.Path, "/token") && redirect(to, status)(w, r)
		}
	}
	for name, tc := range map[string]struct {
		tls     bool
		tampers []tamper
		code    Code // NotFound: the registry took the token
		words   string
		told    bool // a thief that the registry named over TLS
	}{
		"another port":               {false, []tamper{named(bearer, thief.URL)}, Unauthorized, "sent to " + thief.URL, false},
		"another port, TLS there":    {false, []tamper{named(bearer, thiefTLS.URL)}, Unauthorized, "sent to " + thiefTLS.URL, false},
		"in capitals":                {false, []tamper{named(`BEARER realm="%s/token"`, strings.ToUpper(thief.URL))}, Unauthorized, "sent to http://127.0.0.1", false},
		"unquoted":                   {false, []tamper{named(`Bearer realm=%s/token`, thief.URL)}, Unexpected, "unsupported scheme", false},
		"with a name before it":      {false, []tamper{named(bearer, strings.Replace(thief.URL, "//", "//registry.example@", 1))}, Unauthorized, "", false},
		"itself, but TLS":            {false, []tamper{named(bearer, "https://127.0.0.1:1")}, Unauthorized, "sent to https://127.0.0.1:1", false},
		"itself":                     {false, []tamper{named(bearer, "SELF")}, NotFound, "", false},
		"itself, Basic":              {false, []tamper{named(`Basic realm="%s"`, thief.URL)}, NotFound, "", false},
		"TLS, another port":          {true, []tamper{named(bearer, thiefTLS.URL)}, NotFound, "", true},
		"TLS, itself":                {true, []tamper{named(bearer, "SELF")}, NotFound, "", false},
		"TLS, another port without":  {true, []tamper{named(bearer, thief.URL)}, Unexpected, "uses http", false},
		"the demand is redirected":   {false, []tamper{redirect(thief.URL+"/v2/", http.StatusTemporaryRedirect)}, Unauthorized, "", false},
		"TLS, the demand is, too":    {true, []tamper{redirect(thiefTLS.URL+"/v2/", http.StatusTemporaryRedirect)}, Unauthorized, "", false},
		"the token's is, 307":        {false, []tamper{elsewhere(thief.URL+"/token", http.StatusTemporaryRedirect), named(bearer, "SELF")}, "", "", false},
		"TLS, the token's is, 302":   {true, []tamper{elsewhere(thiefTLS.URL+"/token", http.StatusFound), named(bearer, "SELF")}, "", "", false},
		"TLS, the token's is, 308":   {true, []tamper{elsewhere(thiefTLS.URL+"/token", http.StatusPermanentRedirect), named(bearer, "SELF")}, "", "", false},
		"TLS, the token's is, to 80": {true, []tamper{elsewhere(thief.URL+"/token", http.StatusTemporaryRedirect), named(bearer, "SELF")}, Unexpected, "", false},
		"TLS, named where it may not": {true, []tamper{func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("X-Realm", "realm="+thiefTLS.URL)
			return false
		}, elsewhere(thiefTLS.URL+"/token", http.StatusSeeOther), named(bearer, "SELF")}, "", "", false},
	} {
		for kind, entry := range map[string]map[string]any{
			"password": {"auth": []byte(daemonUser + ":" + daemonPassword)},
			"token":    {"auth": []byte(daemonUser + ":"), "identitytoken": daemonPassword},
		} {
			t.Run(name+", "+kind, func(t *testing.T) {
				at := place{client: plain()}
				if tc.tls {
					at = secure(t, false, tc.tampers...)
				} else {
					at.host = serve(t, honest(), tc.tampers...)
				}
				dockerConfig(t, map[string]any{"auths": map[string]any{at.host: entry}})
				err := pullOf(t, at.client, at.host)
				if tc.code == "" && err == nil {
					t.Error("a package that is not there was pulled")
				}
				if tc.code != "" && !(kind == "token" && strings.Contains(name, "Basic")) { // which has no password to show
					wants(t, err, tc.code, tc.words)
				}
				told := strings.Join(append(thief.take(), thiefTLS.take()...), "; ")
				// The token that a registry's token service gave out is no secret of ours.
				if (told != "") != tc.told {
					t.Errorf("others were told %q", told)
				}
			})
		}
	}
}

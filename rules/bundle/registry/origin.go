package registry

import (
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// A confined transport lets credentials go to the registry's own scheme, host
// and port, and to the token service that it named itself in an answer over TLS.
// oras-go also takes a token service that was named without TLS, by whoever
// stands between, if only its host is called as the registry's.
type confined struct {
	base     http.RoundTripper
	registry string // its origin

	mu     sync.Mutex
	realms map[string]bool // origins of token services that it named
}

// A wrongRealmError is credentials that were asked to go elsewhere.
type wrongRealmError struct{ to string }

func (e *wrongRealmError) Error() string { return "credentials may not go to " + e.to }

// RoundTrip implements http.RoundTripper.
func (c *confined) RoundTrip(req *http.Request) (*http.Response, error) {
	to := originOf(req.URL)
	if carriesSecret(req) && !c.trusts(to) {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, &wrongRealmError{to}
	}
	resp, err := c.base.RoundTrip(req)
	if err == nil && to == c.registry && resp.TLS != nil {
		c.note(resp)
	}
	return resp, err
}

func (c *confined) trusts(origin string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return origin == c.registry || c.realms[origin]
}

// realmForm finds the realm in a challenge (RFC 9110, section 11.6.1).
var realmForm = regexp.MustCompile(`(?i)\brealm\s*=\s*"?([^"\s,]+)`)

// note remembers the token services that the registry names.
func (c *confined) note(resp *http.Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, challenge := range resp.Header.Values("WWW-Authenticate") {
		for _, found := range realmForm.FindAllStringSubmatch(challenge, -1) {
			if realm, err := url.Parse(found[1]); err == nil && strings.EqualFold(realm.Scheme, "https") {
				c.realms[originOf(realm)] = true
			}
		}
	}
}

// carriesSecret reports whether a request shows who asks: in its header, or as
// the form that a refresh token is sent in (RFC 6749, section 6).
func carriesSecret(req *http.Request) bool {
	return req.Header.Get("Authorization") != "" || strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// originOf is a URL's scheme, host and port (RFC 6454, section 4).
func originOf(u *url.URL) string {
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return scheme + "://" + strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

// Package registry carries packages to and from OCI registries. It only
// transports: what it fetches has been measured and hashed, and nothing of it
// has been believed; rules/bundle judges it.
//
// [ParseReference] reads what names a package, oci://HOST/PATH/NAME:VERSION.
// A [Client] moves it: [Client.Push], [Client.Pull], [Client.Describe] without
// its files, [Client.Versions], [Client.Resolve] for the newest release and
// [Client.PushSignature]. What goes wrong is an [*Error] that says so in whole sentences, or a refusal of
// rules/bundle.
//
// Everything that a registry sends is a stranger's: bounded before it is read,
// hashed afterwards, and never shown as it came. Credentials are those of
// `docker login`, and go to the registry's own host and port, or to the token
// service that it names itself over TLS, and not to where either redirects. The environment's proxy is used (HTTPS_PROXY, HTTP_PROXY,
// NO_PROXY).
//
// References, codes of errors and fields keep their meaning within a major
// version; the text of messages does not.
package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/linecheck/linecheck/rules/disk"
	oras "oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/retry"
)

// A Client moves packages. Its zero value speaks TLS with whoever the system's
// authorities vouch for. It may be used by several goroutines.
type Client struct {
	// PlainHTTP speaks HTTP without TLS, and credentials go to no other host or
	// port.
	PlainHTTP bool
	// CAFile is a file of PEM certificates of authorities to be trusted beside
	// the system's; "": none.
	CAFile string
	// Progress is told how far each blob has come; nil: nobody. It is not
	// called twice at the same time within one operation, and must not block.
	Progress func(Event)
	// UserAgent is what registries read in their logs; "": linecheck.
	UserAgent string
	// Idle is how long next to nothing may come or go (16 KiB, or the rest)
	// before a request is given up; 0: one minute, for a registry that hashes a
	// big blob before it answers.
	Idle time.Duration

	retry  *retry.GenericPolicy // nil: patience
	settle time.Duration        // 0: defaultSettle
}

// An Event is how far one blob of a package has come.
type Event struct {
	What  string // such as "config", "files", "README.md" or "signature"
	Done  int64  // bytes; Total when it is over, also for what was there already
	Total int64  // bytes
}

const (
	defaultIdle = time.Minute
	// dialTimeout is per attempt to connect: a person waits for it.
	dialTimeout = 10 * time.Second
	// maxHeader bounds the headers of an answer; redirects to stores of blobs
	// carry signed URLs of a few KiB.
	maxHeader = 256 << 10
	// maxPages bounds how often a registry may say that there is more.
	maxPages = 100
	// pageSize is asked for where lists come in pages.
	pageSize = 1000
	// maxRedirects is net/http's own.
	maxRedirects = 10
)

// patience is oras-go's policy, but for what will be no better in a moment:
// a host that is silent was waited for already.
var patience = retry.GenericPolicy{
	Retryable: worthRetrying,
	Backoff:   retry.DefaultBackoff,
	MinWait:   200 * time.Millisecond,
	MaxWait:   3 * time.Second,
	MaxRetry:  5,
}

func worthRetrying(resp *http.Response, err error) (bool, error) {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return false, err
	}
	if err == nil && resp.StatusCode == http.StatusNotImplemented {
		return false, nil
	}
	return retry.DefaultPredicate(resp, err)
}

// A session is one operation at one repository.
type session struct {
	client *Client
	op     string
	ref    Reference
	login  *login
	repo   *remote.Repository
	http   *http.Transport
}

// open begins an operation; close must follow.
func (c *Client) open(op string, ref Reference) (*session, error) {
	s := &session{client: c, op: op, ref: ref, login: &login{}}
	if _, err := ParseReference(ref.String()); err != nil {
		return nil, err // a Reference that was put together by hand
	}
	var err error
	if s.http, err = c.transport(); err != nil {
		return nil, s.error(BadSetting, err, "The file of authorities %s can't be used: %s.", quoted(c.CAFile), excerpt(err.Error()))
	}
	policy := c.retry
	if policy == nil {
		policy = &patience
	}
	scheme := "https"
	if c.PlainHTTP {
		scheme = "http"
	}
	name := oras.Reference{Registry: ref.Host, Repository: ref.Repository}
	s.repo = &remote.Repository{
		Client: &auth.Client{
			Client: &http.Client{
				CheckRedirect: s.mayRedirect,
				Transport: &retry.Transport{
					Base: &confined{
						base:     &guard{base: s.http, idle: c.idle()},
						registry: originOf(&url.URL{Scheme: scheme, Host: name.Host()}), // docker.io is elsewhere
						realms:   map[string]bool{},
					},
					Policy: func() retry.Policy { return policy },
				},
			},
			Header:     http.Header{"User-Agent": {s.userAgent()}},
			Credential: s.login.get,
			Cache:      auth.NewCache(),
			ClientID:   s.userAgent(),
		},
		Reference:            name,
		PlainHTTP:            c.PlainHTTP,
		TagListPageSize:      pageSize,
		TagListMaxPages:      maxPages,
		ReferrerListMaxPages: maxPages,
		// Old indexes stay: deleting is often forbidden, and with several at
		// work it would be the wrong one.
		SkipReferrersGC: true,
	}
	return s, nil
}

// transport connects, without knowing of registries.
func (c *Client) transport() (*http.Transport, error) {
	roots, err := c.authorities()
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: connected,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // lengths are those that were announced
		MaxResponseHeaderBytes: maxHeader,
	}, nil
}

func (s *session) close() { s.http.CloseIdleConnections() }

func (c *Client) idle() time.Duration {
	if c.Idle <= 0 {
		return defaultIdle
	}
	return c.Idle
}

func (s *session) userAgent() string {
	if s.client.UserAgent == "" {
		return "linecheck"
	}
	return s.client.UserAgent
}

// errDowngrade is a redirect away from TLS.
var errDowngrade = errors.New("redirects from https to http")

func (s *session) mayRedirect(req *http.Request, via []*http.Request) error {
	switch last := via[len(via)-1]; {
	case len(via) >= maxRedirects:
		return fmt.Errorf("redirects %d times", maxRedirects)
	case last.URL.Scheme == "https" && req.URL.Scheme != "https":
		return errDowngrade
	}
	return nil
}

// A proxyRefusal is the answer of a proxy that does not connect.
type proxyRefusal struct{ status string }

func (e *proxyRefusal) Error() string { return "it answers " + e.status }

// connected implements http.Transport.OnProxyConnectResponse.
func connected(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyRefusal{resp.Status}
	}
	return nil
}

// authorities are the system's and those of CAFile, a regular file or a pipe
// that is open already.
func (c *Client) authorities() (*x509.CertPool, error) {
	if c.CAFile == "" {
		return nil, nil
	}
	f, err := disk.OpenArgument(c.CAFile)
	if err != nil {
		return nil, disk.Cause(err)
	}
	defer f.Close()
	pem, err := disk.ReadAll(f, c.CAFile, maxCAFile)
	if err != nil {
		return nil, disk.Cause(err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
	}
	return pool, nil
}

// maxCAFile is far more than all authorities that browsers trust take (some
// 230 KB), in bytes.
const maxCAFile = 16 << 20

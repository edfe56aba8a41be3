package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/linecheck/linecheck/rules/bundle"
)

// fail is the error for a person of what went wrong with the subject, such as
// "the manifest". What is one already stays.
func (s *session) fail(ctx context.Context, subject string, err error) error {
	var ours *Error
	var refusal *bundle.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ours), errors.As(err, &refusal):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%s %s: %w", s.op, s.ref, context.Cause(ctx))
	}
	a := asked{s: s, subject: subject, host: hostOf(err, s.ref.Host), err: err}
	for _, explain := range []func(asked) (Code, string){
		explainTLS, explainNetwork, explainCredentials, explainStatus, explainContent,
	} {
		if code, detail := explain(a); code != "" {
			return s.error(code, err, "%s", detail)
		}
	}
	return s.error(Unexpected, err, "Reading or writing %s at %s failed: %s.", subject, a.host, excerpt(err.Error()))
}

// error is an error of this operation.
func (s *session) error(code Code, err error, format string, args ...any) *Error {
	return &Error{Op: s.op, Reference: s.ref.String(), Code: code, Err: err, Detail: fmt.Sprintf(format, args...)}
}

// asked is a question to a host that got no good answer.
type asked struct {
	s       *session
	subject string // what it was about
	host    string // which may be one that the registry sent us to
	err     error
}

// at is the host, with the address that it was looked for at.
func (a asked) at(addr net.Addr) string {
	if addr == nil || addr.String() == a.host {
		return a.host
	}
	return fmt.Sprintf("%s (%s)", a.host, addr)
}

// hostOf is the host that an error is about.
func hostOf(err error, host string) string {
	var at *url.Error
	if errors.As(err, &at) {
		if u, err := url.Parse(at.URL); err == nil && u.Host != "" {
			return excerpt(u.Host)
		}
	}
	return host
}

// explainTLS is about the way of speaking and the proof of who speaks.
func explainTLS(a asked) (Code, string) {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.Is(a.err, http.ErrSchemeMismatch), errors.As(a.err, &record):
		return NotTLS, fmt.Sprintf("%s does not speak TLS. If that is meant, and the network between is trusted, say --plain-http; else the port is that of something else.", a.host)
	case errors.Is(a.err, errDowngrade):
		return NotTLS, fmt.Sprintf("The registry at %s redirects from TLS to plain HTTP, which is not followed. Its administrator must correct the address of its store.", a.s.ref.Host)
	case errors.As(a.err, &unknown):
		return Untrusted, fmt.Sprintf("The certificate of %s is not signed by an authority that this computer trusts. If it is your own registry, name its authority's certificate with --ca-file.", a.host)
	case errors.As(a.err, &name):
		return Untrusted, fmt.Sprintf("The certificate of %s is for another host: %s. Use the name that it is for, or have one made for this name.", a.host, excerpt(name.Error()))
	case errors.As(a.err, &invalid) && invalid.Reason == x509.Expired:
		return Untrusted, fmt.Sprintf("The certificate of %s is not valid now: %s. Compare this computer's clock; else the registry needs a new certificate.", a.host, excerpt(invalid.Detail))
	case errors.As(a.err, &verification):
		return Untrusted, fmt.Sprintf("The certificate of %s can't be verified: %s.", a.host, excerpt(verification.Err.Error()))
	case errors.As(a.err, &op) && op.Op == "remote error": // a TLS alert
		return Untrusted, fmt.Sprintf("%s ended the TLS handshake: %s. It may demand a version of TLS or a client's certificate that linecheck does not have.", a.host, excerpt(op.Err.Error()))
	}
	return "", ""
}

// explainNetwork is about the way to the host.
func explainNetwork(a asked) (Code, string) {
	var name *net.DNSError
	var op *net.OpError
	var refusal *proxyRefusal
	switch {
	case errors.Is(a.err, errStalled):
		return Stalled, fmt.Sprintf("%s has sent and taken next to nothing for %s in the course of %s. Try again; if it stays so, the fault is in the network between or in the registry.", a.host, a.s.client.idle(), a.subject)
	case errors.As(a.err, &refusal):
		return Unreachable, viaProxy(a.host, refusal)
	case errors.As(a.err, &op) && op.Op == "proxyconnect":
		return Unreachable, viaProxy(a.host, op.Err)
	case errors.As(a.err, &name) && name.IsNotFound:
		return Unreachable, fmt.Sprintf("There is no host %s in the DNS. Compare its spelling and this computer's DNS servers.", quoted(name.Name))
	case errors.As(a.err, &name):
		return Unreachable, fmt.Sprintf("The name %s could not be looked up: %s.", quoted(name.Name), excerpt(name.Err))
	case errors.As(a.err, &op) && op.Op == "dial" && errors.Is(op, syscall.ECONNREFUSED):
		return Unreachable, fmt.Sprintf("Nothing listens at %s: the connection was refused. Compare the port, and whether the registry is running.", a.at(op.Addr))
	case errors.As(a.err, &op) && op.Op == "dial" && op.Timeout():
		return Unreachable, fmt.Sprintf("%s does not answer. It is down, or a firewall drops what is sent to it.", a.at(op.Addr))
	case errors.As(a.err, &op) && op.Op == "dial":
		return Unreachable, fmt.Sprintf("There is no way to %s: %s.", a.host, excerpt(op.Err.Error()))
	}
	return "", ""
}

func viaProxy(host string, err error) string {
	return fmt.Sprintf("The proxy that the environment names (HTTPS_PROXY, HTTP_PROXY) does not lead to %s: %s. Correct the variable, or name the registry in NO_PROXY.", host, excerpt(err.Error()))
}

// explainCredentials is about who asks.
func explainCredentials(a asked) (Code, string) {
	var file *credentialsError
	var away *wrongRealmError
	host := a.s.ref.Host
	switch {
	case errors.As(a.err, &file):
		return BadSetting, fmt.Sprintf("The registry wants credentials, and %s can't be used. %s", file.file, file.what)
	case errors.As(a.err, &away):
		return Unauthorized, fmt.Sprintf("The registry at %s asks for credentials and has them sent to %s. They go to another host or port only where the registry names it itself over TLS, since else anybody between could name one. Leave --plain-http out if it speaks TLS; if not, its administrator must have it hand out tokens at its own host and port.", host, excerpt(away.to))
	case errors.Is(a.err, auth.ErrBasicCredentialNotFound):
		return Unauthorized, fmt.Sprintf("The registry wants credentials, and %s holds none for %s. Run: docker login %s", configName(), host, host)
	}
	return "", ""
}

// configName is configFile for a message.
func configName() string {
	if file := configFile(); file != "" {
		return excerpt(file)
	}
	return "Docker's config file (neither HOME nor DOCKER_CONFIG is set)"
}

// explainStatus is about an answer that is no.
func explainStatus(a asked) (Code, string) {
	var answer *errcode.ErrorResponse
	if !errors.As(a.err, &answer) {
		return "", ""
	}
	host := a.s.ref.Host
	said := ""
	if len(answer.Errors) > 0 {
		said = fmt.Sprintf(" It says: %s.", strings.TrimRight(excerpt(answer.Errors.Error()), "."))
	}
	switch code := answer.StatusCode; {
	case code == http.StatusUnauthorized && a.s.login.hasFound():
		return Unauthorized, fmt.Sprintf("The registry does not take the credentials that %s holds for %s.%s If they are out of date, run: docker login %s", configName(), host, said, host)
	case code == http.StatusUnauthorized:
		return Unauthorized, fmt.Sprintf("The registry wants credentials, and %s holds none for %s.%s Run: docker login %s", configName(), host, said, host)
	case code == http.StatusForbidden:
		return Forbidden, fmt.Sprintf("The registry refuses %s in %s (403).%s These credentials don't have the right, or there is no such repository.", a.subject, quoted(a.s.ref.Repository), said)
	case code == http.StatusNotFound:
		return NotFound, fmt.Sprintf("The registry does not know the repository %s, or not this part of it (404).%s", quoted(a.s.ref.Repository), said)
	case code == http.StatusTooManyRequests:
		return Unavailable, fmt.Sprintf("The registry wants fewer requests (429), also after several waits.%s Try again later.", said)
	case code >= 500:
		return Unavailable, fmt.Sprintf("The registry has a fault (%d %s), also after several tries.%s", code, http.StatusText(code), said)
	case code == http.StatusBadRequest && a.s.client.PlainHTTP:
		return Unexpected, fmt.Sprintf("%s refuses the question (400).%s If it speaks TLS, leave --plain-http out.", host, said)
	case code == http.StatusMethodNotAllowed:
		return Forbidden, fmt.Sprintf("The registry does not allow writing %s (405).%s It may be a mirror that is only read from.", a.subject, said)
	}
	return Unexpected, fmt.Sprintf("The registry answered %d %s for %s.%s", answer.StatusCode, http.StatusText(answer.StatusCode), a.subject, said)
}

// explainContent is about what came.
func explainContent(a asked) (Code, string) {
	var more *tooLongError
	var less *truncatedError
	switch {
	case errors.As(a.err, &more):
		return TooBig, fmt.Sprintf("%s sends more for %s than the %d bytes that it may have, and was cut off.", a.host, a.subject, more.limit)
	case errors.Is(a.err, content.ErrTrailingData):
		return TooBig, fmt.Sprintf("%s sends more for %s than it announced, and was cut off.", a.host, a.subject)
	case errors.As(a.err, &less):
		return WrongContent, fmt.Sprintf("%s announces %d bytes for %s, which has %d. The registry's store is damaged, or something between changes what it sends.", a.host, less.have, a.subject, less.want)
	case errors.Is(a.err, content.ErrMismatchedDigest):
		return WrongContent, fmt.Sprintf("What %s sends for %s has another digest than the one asked for. The registry's store is damaged, or something between changes what it sends.", a.host, a.subject)
	case wasCut(a.err), errors.Is(a.err, io.EOF), errors.Is(a.err, syscall.EPIPE):
		return Incomplete, fmt.Sprintf("The connection to %s ended in the course of %s. Try again; if it ends at the same place, the registry's store is damaged.", a.host, a.subject)
	case errors.Is(a.err, errdef.ErrTooManyPages):
		return TooBig, fmt.Sprintf("%s sends a list of more than %d pages, and was cut off.", a.host, maxPages)
	case errors.Is(a.err, errdef.ErrNotFound):
		return NotFound, fmt.Sprintf("The registry does not hold %s. What names it was pushed without it, or it was deleted since.", a.subject)
	}
	return "", ""
}

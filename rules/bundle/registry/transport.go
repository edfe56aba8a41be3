package registry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/opencontainers/go-digest"
)

// maxAnswer is how many bytes a registry may send for anything but a blob: a
// manifest, a page of a list, an error, a token.
const maxAnswer = 1 << 20

// leastMoved is how many bytes must come or go within the idle time, but for
// the last ones: some 270 a second. Whoever lets them drip would else hold a
// request for days.
const leastMoved = 16 << 10

// errStalled is the cause of a request that was given up since next to nothing
// came or went for the idle time.
var errStalled = errors.New("next to nothing came")

// A tooLongError is more bytes than may come.
type tooLongError struct{ limit int64 }

func (e *tooLongError) Error() string { return fmt.Sprintf("more than %d bytes", e.limit) }

// A truncatedError is a length that is not the announced one.
type truncatedError struct{ want, have int64 }

func (e *truncatedError) Error() string { return fmt.Sprintf("%d bytes instead of %d", e.have, e.want) }

// streamReset is what an HTTP/2 server ends an answer with that it can't finish.
// net/http makes its own, unexported error one of any type with these fields.
type streamReset struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (e streamReset) Error() string { return fmt.Sprintf("the stream was reset with code %d", e.Code) }

// wasCut reports whether an error is that of a connection which ended midway.
func wasCut(err error) bool {
	var reset streamReset
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.As(err, &reset)
}

// A guard is the transport below all others. It bounds what every answer may
// hold, also those that oras-go reads itself; gives up a request in which
// nothing moves; and tells how far a blob has come.
type guard struct {
	base http.RoundTripper
	idle time.Duration
}

// RoundTrip implements http.RoundTripper.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	watch := &watch{idle: g.idle, cancel: cancel, ctx: ctx}
	watch.timer = time.AfterFunc(g.idle, func() { cancel(errStalled) })
	blob := blobOf(req)

	req = req.Clone(ctx)
	if req.Body != nil && req.Body != http.NoBody {
		up := &trackedBody{ReadCloser: req.Body, watch: watch}
		if blob != nil && req.Method == http.MethodPut {
			up.transfer = blob
			blob.restart()
		}
		req.Body = up
	}
	resp, err := g.base.RoundTrip(req)
	if err != nil {
		watch.end()
		return nil, watch.why(err)
	}
	watch.moved(leastMoved)
	down := &trackedBody{ReadCloser: resp.Body, watch: watch, limit: maxAnswer, answer: true}
	resp.Body = down
	if req.Method != http.MethodGet || resp.StatusCode != http.StatusOK {
		return resp, nil
	}
	// What arrives is hashed, by content.ReadAll; what a header claims it to be
	// proves nothing. oras-go wants one that names what was asked for.
	resp.Header.Set("Docker-Content-Digest", askedDigest(req))
	if blob != nil {
		down.limit, down.transfer = blob.size, blob
		blob.restart()
	}
	if err := fits(resp, blob, down.limit); err != nil {
		resp.Body.Close()
		return nil, err
	}
	if blob == nil && resp.ContentLength < 0 {
		return measured(resp)
	}
	return resp, nil
}

// firstOf is the request that led to this one through redirects.
func firstOf(req *http.Request) *http.Request {
	for req.Response != nil && req.Response.Request != nil {
		req = req.Response.Request
	}
	return req
}

// askedDigest is the digest of what is asked for; "" if a tag or list is.
func askedDigest(req *http.Request) string {
	d := digest.Digest(path.Base(firstOf(req).URL.Path))
	if d.Validate() != nil {
		return ""
	}
	return d.String()
}

// blobOf is the transfer whose blob a request is about, and nil for requests
// about other things: a token may be asked for in the course of a transfer.
func blobOf(req *http.Request) *transfer {
	if !strings.Contains(firstOf(req).URL.Path, "/blobs/") {
		return nil
	}
	blob, _ := req.Context().Value(transferKey{}).(*transfer)
	return blob
}

// fits refuses a length that can't be right before anything is read.
func fits(resp *http.Response, blob *transfer, limit int64) error {
	switch n := resp.ContentLength; {
	case n > limit:
		return &tooLongError{limit}
	case blob != nil && n >= 0 && n < blob.size:
		return &truncatedError{want: blob.size, have: n}
	}
	return nil
}

// measured reads an answer that comes without its length, which oras-go
// demands of manifests and a proxy may have dropped.
func measured(resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

// A watch gives up a request in which next to nothing moves.
type watch struct {
	idle   time.Duration
	timer  *time.Timer
	ctx    context.Context
	cancel context.CancelCauseFunc
	since  atomic.Int64 // bytes since the timer was set; request and answer overlap
}

func (w *watch) moved(n int64) {
	if w.since.Add(n) >= leastMoved {
		w.since.Store(0)
		w.timer.Reset(w.idle)
	}
}

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// why is the error that a request failed with, or that it stalled.
func (w *watch) why(err error) error {
	if err != nil && err != io.EOF && context.Cause(w.ctx) == errStalled {
		return errStalled
	}
	return err
}

// trackedBody is a body under way.
type trackedBody struct {
	io.ReadCloser
	watch    *watch
	transfer *transfer // nil: nobody asks how far it has come
	answer   bool      // which ends the request, and has a limit
	limit    int64     // bytes of an answer
	total    int64     // bytes that have come
}

func (m *trackedBody) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	m.watch.moved(int64(n))
	m.total += int64(n)
	if m.answer && m.total > m.limit {
		return 0, &tooLongError{m.limit}
	}
	if m.transfer != nil && n > 0 {
		m.transfer.moved(int64(n))
	}
	return n, m.watch.why(err)
}

func (m *trackedBody) Close() error {
	err := m.ReadCloser.Close()
	if m.answer {
		m.watch.end()
	}
	return err
}

// transferKey is the context's key of the transfer that a request is part of.
type transferKey struct{}

// A transfer is one blob on its way. It tells of its progress until it is
// over: net/http may go on reading a body after its request has failed.
type transfer struct {
	what string
	size int64
	tell func(Event)

	mu   sync.Mutex
	done int64
	over bool
}

// start begins a transfer, and returns the context for its requests.
func (c *Client) start(ctx context.Context, what string, size int64) (context.Context, *transfer) {
	t := &transfer{what: excerpt(what), size: size, tell: c.Progress}
	return context.WithValue(ctx, transferKey{}, t), t
}

func (t *transfer) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done = 0
	t.report()
}

func (t *transfer) moved(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += n
	t.report()
}

// end is the last that is heard of a transfer.
func (t *transfer) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

func (t *transfer) report() {
	if t.tell != nil && !t.over {
		t.tell(Event{What: t.what, Done: t.done, Total: t.size})
	}
}

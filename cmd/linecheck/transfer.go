package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/registry"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/linecheck/linecheck/rules/terminal"
)

const (
	// quickTransfer passes without a word.
	quickTransfer = time.Second
	// transferInterval is how often a line is written where none can be
	// rewritten: often enough to see that it is alive, in a log of a job too.
	transferInterval = 10 * time.Second
)

// A transfer shows how far a package has come.
type transfer struct {
	w     io.Writer
	tty   tty
	verb  string // such as "Pulling"
	what  string
	start time.Time

	mu    sync.Mutex
	shown time.Time // of the last line
	drawn bool      // there is a line to be wiped off
	blobs map[string]registry.Event
}

func (c *console) startTransfer(verb, what string) *transfer {
	now := time.Now()
	return &transfer{w: c.err, tty: c.errTTY, verb: verb, what: what, start: now, shown: now, blobs: map[string]registry.Event{}}
}

// notify takes an event of the registry's client.
func (t *transfer) notify(e registry.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.blobs[e.What] = e
	interval := transferInterval
	if t.tty.live {
		interval = progressInterval
	}
	now := time.Now()
	if now.Sub(t.start) < quickTransfer || now.Sub(t.shown) < interval {
		return
	}
	t.shown = now
	if t.tty.live {
		io.WriteString(t.w, eraseLine+t.tty.oneLine(t.line(e.What)))
		t.drawn = true
		return
	}
	fmt.Fprintln(t.w, t.line(e.What))
}

// line says how far it has come.
func (t *transfer) line(current string) string {
	var done, total int64
	for _, e := range t.blobs {
		done += e.Done
		total += e.Total
	}
	return fmt.Sprintf("%s %s: %s of %s (%s)", t.verb, t.what, bytesText(done), bytesText(total), current)
}

// stop leaves nothing of the line behind.
func (t *transfer) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.drawn {
		io.WriteString(t.w, eraseLine)
	}
}

// client talks to registries for a transfer.
func (o *registryOptions) client(c *console, t *transfer) *registry.Client {
	if o.caFile != "" {
		// It reads the file itself, and says what is wrong with it.
		if f, err := c.noted(disk.Open(o.caFile)); err == nil {
			f.Close()
		}
	}
	return &registry.Client{PlainHTTP: o.plainHTTP, CAFile: o.caFile, Progress: t.notify, UserAgent: "linecheck/" + version}
}

// reference reads an argument that names a package in a registry.
func reference(arg string) (registry.Reference, error) {
	ref, err := registry.ParseReference(arg)
	return ref, atRegistry(err)
}

// pull fetches a package. It asks for the name and version that the argument
// names, or for the newest.
func (o *registryOptions) pull(ctx context.Context, c *console, arg string) (*received, error) {
	ref, err := reference(arg)
	if err != nil {
		return nil, err
	}
	t := c.startTransfer("Pulling", arg)
	defer t.stop()
	client := o.client(c, t)
	found, err := client.Resolve(ctx, ref)
	if err != nil {
		return nil, atRegistry(err)
	}
	layout, err := client.Pull(ctx, found)
	if err != nil {
		return nil, fetched(arg, err)
	}
	return &received{
		name: arg, layout: layout, newest: found != ref,
		wanted: bundle.Policy{Name: found.Name(), Version: found.Version(), Digest: found.Digest},
	}, nil
}

// fetched says why a package could not be fetched: the registry or the package
// is the reason.
func fetched(arg string, err error) error {
	var refusal *bundle.Refusal
	if errors.As(err, &refusal) {
		return refused(arg, err)
	}
	return atRegistry(err)
}

// atRegistry puts an error of a registry's client into words.
func atRegistry(err error) error {
	if errors.Is(err, context.Canceled) {
		return mistake("Interrupted", "The transfer was interrupted before it was complete. Run the command again.")
	}
	var e *registry.Error
	if !errors.As(err, &e) {
		return err
	}
	summary := "Can't " + e.Op
	switch e.Code {
	case registry.BadReference:
		summary = "Not a reference to a package"
	case registry.BadSetting:
		summary = "Unusable setting"
	case registry.Unauthorized, registry.Forbidden:
		summary = "The registry refuses"
	}
	return mistake(summary, fmt.Sprintf("%s: %s", e.Reference, e.Detail))
}

// bytesText is a size for people.
func bytesText(n int64) string {
	switch {
	case n < 1000:
		return terminal.Count(int(n), "byte")
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// describe fetches of a package what says what it is. The reference is the one
// that was asked for, the newest where no version was.
func (o *registryOptions) describe(ctx context.Context, c *console, arg string) (*bundle.Layout, registry.Reference, error) {
	ref, err := reference(arg)
	if err != nil {
		return nil, ref, err
	}
	t := c.startTransfer("Reading", arg)
	defer t.stop()
	client := o.client(c, t)
	if ref, err = client.Resolve(ctx, ref); err != nil {
		return nil, ref, atRegistry(err)
	}
	layout, err := client.Describe(ctx, ref)
	if err != nil {
		return nil, ref, fetched(arg, err)
	}
	return layout, ref, nil
}

// pushSignature attaches the signatures of a package that came from there.
func (o *registryOptions) pushSignature(ctx context.Context, c *console, r *received) error {
	ref, err := reference(r.name)
	if err != nil {
		return err
	}
	if r.newest {
		ref = ref.At(r.wanted.Version)
	}
	t := c.startTransfer("Signing", r.name)
	defer t.stop()
	return fetched(r.name, o.client(c, t).PushSignature(ctx, ref, r.layout))
}

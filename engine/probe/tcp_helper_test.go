package probe

import (
	"context"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

// ask puts a question to a probe of this world.
func ask(t testing.TB, ctx context.Context, kind string, w *engine.World, target string, args map[string]cty.Value) (cty.Value, error) {
	t.Helper()
	p := probeOf(t, kind)
	q := query(t, p, target, args)
	v, err := p.Observe(ctx, w, q)
	if err == nil {
		checkFits(t, p, v, q.Args)
	}
	return v, err
}

// mustAsk is ask for a question that can be asked.
func mustAsk(t testing.TB, kind string, w *engine.World, target string, args map[string]cty.Value) cty.Value {
	t.Helper()
	result, err := ask(t, t.Context(), kind, w, target, args)
	if err != nil {
		t.Fatalf("%s %s: %v", kind, target, err)
	}
	return result
}

// listenLocally serves every connection to a port of loopback until the test ends.
func listenLocally(t testing.TB, serve func(net.Conn)) (port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serve(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-done
	})
	return listener.Addr().(*net.TCPAddr).Port
}

// closedPort is a port of loopback that nobody listens on.
func closedPort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// serving is a world in which every connection reaches serve, in memory.
func serving(serve func(net.Conn)) *engine.World {
	return &engine.World{Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			serve(theirs)
			theirs.Close()
		}()
		return ours, nil
	}}
}

// silentServer reads whatever comes and says nothing.
func silentServer(conn net.Conn) { io.Copy(io.Discard, conn) }

// hosts is a look-up func that knows these names only.
func hosts(names map[string][]string) func(context.Context, string, string) ([]netip.Addr, error) {
	return func(_ context.Context, _, name string) ([]netip.Addr, error) {
		var addresses []netip.Addr
		for _, s := range names[name] {
			addresses = append(addresses, netip.MustParseAddr(s))
		}
		if addresses == nil {
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return addresses, nil
	}
}

// files is an open func that knows these files only.
func files(contents map[string]string) func(string) (io.ReadSeekCloser, error) {
	return func(name string) (io.ReadSeekCloser, error) {
		text, ok := contents[name]
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		return struct {
			*strings.Reader
			io.Closer
		}{strings.NewReader(text), io.NopCloser(nil)}, nil
	}
}

// diff compares what was got with what is wanted.
func diff[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// some compares those attributes of got that want names.
func some(t testing.TB, what string, want, got map[string]any) {
	t.Helper()
	named := map[string]any{}
	for name := range want {
		named[name] = got[name]
	}
	diff(t, what, want, named)
}

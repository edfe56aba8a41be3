package bundle_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
)

// A hostile is a package that must be refused.
type hostile struct {
	name string
	forgery
	stream func() io.Reader // in place of the forgery: what does not fit into memory
	big    bool             // too big for a seed
	policy bundle.Policy
	code   bundle.Code
	reason string // a part of it
}

const (
	mib = 1 << 20
	gib = 1 << 30
)

// What refusing a package may take. Time is for a computer that has ten times as
// much to do as it can; most are refused in microseconds.
const (
	refusedWithin = 10 * time.Second
	// aPackage is as many bytes as a package of the greatest size has. Nothing
	// can be known of a blob before its digest, so that one may be read whole.
	aPackage = 200 * mib
	// besides is for headers and names: some 900 bytes for each of 10,000 files.
	besides = 12 * mib
)

var hostiles = [][]hostile{hostileFiles, hostileIndexes, hostileManifests, hostileBlobs, hostileTrees, hostileSignatures()}

// racing says that the race detector is built in, which takes ten times the
// time and twice the memory.
var racing bool

func TestHostile(t *testing.T) {
	n := 0
	for _, group := range hostiles {
		for _, h := range group {
			if n++; racing && h.big {
				continue
			}
			t.Run(h.name, func(t *testing.T) { h.test(t) })
		}
	}
	if n < 30 {
		t.Errorf("there are only %d hostile packages", n)
	}
}

func (h hostile) reader() io.Reader {
	if h.stream != nil {
		return h.stream()
	}
	return bytes.NewReader(h.bytes())
}

func (h hostile) test(t *testing.T) {
	// Whatever is written by a path of the package comes to stand in here.
	sandbox := t.TempDir()
	below := filepath.Join(sandbox, "a", "b")
	if err := os.MkdirAll(below, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)

	in := &counted{r: h.reader()}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err := openAll(in, h.policy)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if racing {
		took, after.TotalAlloc = 0, before.TotalAlloc
	}

	var r *bundle.Refusal
	switch {
	case err == nil:
		t.Fatal("it was opened")
	case !errors.As(err, &r):
		t.Fatalf("it was refused by another error: %v", err)
	case r.Code != h.code || !strings.Contains(r.Reason, h.reason):
		t.Errorf("refused as %s: %s\nwant %s: …%s…", r.Code, r.Reason, h.code, h.reason)
	case !strings.HasSuffix(r.Reason, ".") || strings.HasSuffix(r.Reason, ".."):
		t.Errorf("no whole sentence: %s", r.Reason)
	}
	if took > refusedWithin {
		t.Errorf("it took %v", took)
	}
	// What was read may be held, at most twice while it grows, its check files
	// once more while they are looked through, and little else.
	allocated := after.TotalAlloc - before.TotalAlloc
	if limit := uint64(3*in.n + besides); allocated > limit || in.n > aPackage {
		t.Errorf("it took %d bytes of memory and read %d", allocated, in.n)
	}
	t.Logf("%v, read %d bytes, took %d bytes of memory: %s: %s", took.Round(time.Microsecond), in.n, allocated, r.Code, r.Reason)
	var there []string
	err = filepath.WalkDir(sandbox, func(name string, _ fs.DirEntry, err error) error {
		there = append(there, name)
		return err
	})
	if err != nil || len(there) != 3 {
		t.Errorf("there are %q (%v)", there, err)
	}
}

// openAll does everything that makes a folder of a file.
func openAll(r io.Reader, policy bundle.Policy) error {
	l, err := bundle.ReadLayout(r)
	if err != nil {
		return err
	}
	p, err := l.Open(policy)
	if err != nil {
		return err
	}
	return p.Unpack("unpacked")
}

// A counted reader counts what is taken of it.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// zeros is a reader of so many of them.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

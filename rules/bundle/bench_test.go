package bundle_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/signature"
)

// aRunbook is n check files that hold about size bytes together, in folders of
// fifty.
func aRunbook(n, size int) fstest.MapFS {
	words := strings.Fields("check target probe pass explain remedy cause when title layer = { } \"ping\" # \n")
	r := rand.New(rand.NewPCG(1, 2))
	tree := fstest.MapFS{"00-runbook.hcl": {Data: []byte(theBlock)}}
	for i := range n - 1 {
		var b bytes.Buffer
		for b.Len() < size/n {
			b.WriteString("# " + words[r.IntN(len(words))] + words[r.IntN(len(words))] + "\n")
		}
		tree[fmt.Sprintf("part-%02d/%03d.hcl", i/50, i)] = &fstest.MapFile{Data: b.Bytes()}
	}
	return tree
}

// A benchmark packs a folder on a disk, as a person does, and opens what was
// written, signature and all.
var sizes = []struct {
	name     string
	n, bytes int
}{
	{"25files", 25, 150 << 10},
	{"500files", 500, 5_700_000},
}

func BenchmarkPack(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			dir := onDisk(b, aRunbook(size.n, size.bytes), 0o644, today)
			b.SetBytes(int64(size.bytes))
			b.ReportAllocs()
			for b.Loop() {
				l := pack(b, bundle.Source{FS: os.DirFS(dir), Name: "net", Version: "1.2.0"})
				if _, err := l.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// aFile is a signed package, as a file's bytes.
func aFile(b *testing.B, n, size int) ([]byte, bundle.Policy) {
	key := newKey()
	l := pack(b, bundle.Source{FS: aRunbook(n, size), Name: "net", Version: "1.2.0"})
	must(0, l.Sign(key))
	return write(b, l), bundle.Policy{Keys: signature.Keys{key.Public()}, Now: today}
}

func BenchmarkOpen(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			file, policy := aFile(b, size.n, size.bytes)
			b.SetBytes(int64(size.bytes))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := read(b, file).Open(policy); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnpack reads, verifies and writes to a disk. What the disk itself
// takes for these files stands beside it, as plain-ns/op: on a busy one it is
// most of it.
func BenchmarkUnpack(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			file, policy := aFile(b, size.n, size.bytes)
			dir := filepath.Join(b.TempDir(), "net")
			var plain time.Duration
			b.SetBytes(int64(size.bytes))
			b.ReportAllocs()
			for b.Loop() {
				p, err := read(b, file).Open(policy)
				if err != nil {
					b.Fatal(err)
				}
				if err := p.Unpack(dir); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				must(0, os.RemoveAll(dir))
				plain += writePlainly(dir, p)
				b.StartTimer()
			}
			b.ReportMetric(float64(plain.Nanoseconds())/float64(b.N), "plain-ns/op")
		})
	}
}

// writePlainly writes the files of a package as any program would, and removes
// them.
func writePlainly(dir string, p *bundle.Package) time.Duration {
	tree := p.FS()
	start := time.Now()
	for _, f := range p.Files() {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		must(0, os.MkdirAll(filepath.Dir(name), 0o777))
		must(0, os.WriteFile(name, must(fs.ReadFile(tree, f.Name)), 0o666))
	}
	took := time.Since(start)
	must(0, os.RemoveAll(dir))
	return took
}

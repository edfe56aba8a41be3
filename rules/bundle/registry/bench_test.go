package registry

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/linecheck/linecheck/rules/bundle"
)

// twentyFive is a package of 25 files of 4 KiB, signed.
func twentyFive(b *testing.B) *bundle.Layout {
	b.Helper()
	tree := fstest.MapFS{"net.hcl": {Data: []byte("runbook \"net\" {\n  version = \"1.4.0\"\n}\n")}, "README.md": {Data: []byte("# net\n")}}
	for i := range 24 {
		tree[fmt.Sprintf("checks%02d.hcl", i)] = &fstest.MapFile{Data: []byte(strings.Repeat(fmt.Sprintf("# line of file %2d\n", i), 4096/18))}
	}
	l, err := bundle.Pack(bundle.Source{FS: tree, Name: "net", Version: "1.4.0", Readme: []byte("# net\n")})
	if err != nil {
		b.Fatal(err)
	}
	if err := l.Sign(newKey(b)); err != nil {
		b.Fatal(err)
	}
	return l
}

// registries are those that transfers are timed at.
var registries = []struct {
	name string
	open func(b *testing.B) string
}{
	{"memory", func(b *testing.B) string { return serve(b, honest()) }},
	{"docker-registry", func(b *testing.B) string { return daemon(b, false) }},
}

func BenchmarkPull(b *testing.B) {
	for _, r := range registries {
		b.Run(r.name, func(b *testing.B) {
			l, ref := twentyFive(b), netAt(b, r.open(b), "1.4.0")
			mustPush(b, plain(), ref, l)
			b.SetBytes(size(l))
			for b.Loop() {
				mustPull(b, plain(), ref)
			}
		})
	}
}

// BenchmarkPush pushes without the signature, for which a registry that keeps
// no list of referrers is waited for.
func BenchmarkPush(b *testing.B) {
	for _, r := range registries {
		b.Run(r.name, func(b *testing.B) {
			l, host := twentyFive(b), r.open(b)
			l.Signatures = nil
			b.SetBytes(size(l))
			for i := 0; b.Loop(); i++ {
				mustPush(b, plain(), reference(b, fmt.Sprintf("oci://%s/run%d/net:1.4.0", host, i)), l)
			}
		})
	}
}

func size(l *bundle.Layout) (n int64) {
	for _, blob := range l.Blobs {
		n += int64(len(blob))
	}
	return n
}

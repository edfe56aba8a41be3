package bundle_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"github.com/linecheck/linecheck/rules/bundle"
)

// headerOf is the bytes of a header that promises size bytes.
func headerOf(h tar.Header) []byte {
	var b bytes.Buffer
	must(0, tar.NewWriter(&b).WriteHeader(&h))
	return b.Bytes()
}

// rawHeader is one block of an old tar with any type and size, which
// archive/tar would not write.
func rawHeader(name string, typeflag byte, size int64) []byte {
	b := make([]byte, 512)
	copy(b, name)
	copy(b[100:], "0000644\x000000000\x000000000\x00")
	copy(b[124:], fmt.Sprintf("%011o\x0000000000000\x00        ", size))
	b[156] = typeflag
	copy(b[257:], "ustar\x0000")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

// repeated is a reader of the same bytes over and over.
type repeated struct {
	unit []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], r.unit[r.at:])
		n += k
		r.at = (r.at + k) % len(r.unit)
	}
	return n, nil
}

func appending(more ...tarEntry) forgery {
	return forgery{outer: func(e []tarEntry) []tarEntry { return append(e, more...) }}
}

// blobName is a well-formed name of a blob that nothing names.
var blobName = "blobs/sha256/" + strings.Repeat("ab", 32)

// hostileFiles are wrong as files, before any blob is looked at.
var hostileFiles = []hostile{
	{name: "empty", forgery: forgery{file: func([]byte) []byte { return nil }}, code: bundle.NotAPackage, reason: "holds no oci-layout"},
	{name: "web page", forgery: forgery{file: func([]byte) []byte { return bytes.Repeat([]byte("<html>Please log in</html>\n"), 100) }}, code: bundle.NotAPackage, reason: "does not begin like a tar"},
	{name: "compressed", forgery: forgery{file: gzipped}, code: bundle.NotAPackage, reason: "gunzip"},
	{name: "truncated in a blob", forgery: forgery{file: func(b []byte) []byte { return b[:len(b)-1024-700] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "truncated in a header", forgery: forgery{file: func(b []byte) []byte { return b[:300] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "truncated between entries", forgery: forgery{file: func(b []byte) []byte { return b[:1024] }}, code: bundle.NotAPackage, reason: "holds no index.json"},
	{name: "trailing data", forgery: forgery{file: func(b []byte) []byte { return append(b, "#!/bin/sh\n"...) }}, code: bundle.Foreign, reason: "behind the end of its tar"},
	{name: "a second tar behind the first", forgery: forgery{file: func(b []byte) []byte { return append(b, b...) }}, code: bundle.Foreign, reason: "behind the end of its tar"},
	{name: "2 GiB of padding", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(forgery{}.bytes()), zeros(2*gib))
	}, code: bundle.Foreign, reason: "goes on for more than 64 KiB"},
	{name: "200,000 entries", stream: func() io.Reader {
		var b bytes.Buffer
		for i := range 200_000 {
			b.Write(rawHeader(fmt.Sprintf("blobs/sha256/%064x", i), tar.TypeReg, 0))
		}
		return &b
	}, code: bundle.TooBig, reason: "more than 96 entries"},
	{name: "1 GiB bomb", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader(blobName, tar.TypeReg, gib)), zeros(gib))
	}, code: bundle.TooBig, reason: "has 1073741824 bytes"},
	{name: "many blobs of the greatest size", stream: func() io.Reader {
		var parts []io.Reader
		for i := range 20 {
			parts = append(parts, bytes.NewReader(rawHeader(fmt.Sprintf("blobs/sha256/%064x", i), tar.TypeReg, 100*mib)), zeros(100*mib))
		}
		return io.MultiReader(parts...)
	}, code: bundle.TooBig, reason: "more than a package may hold"},
	{name: "big index", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("index.json", tar.TypeReg, 100*mib)), zeros(100*mib))
	}, code: bundle.TooBig, reason: `"index.json" has 104857600 bytes`},
	{name: "promised and not kept", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader(blobName, tar.TypeReg, 140*mib)), zeros(5000))
	}, code: bundle.Damaged, reason: "ends too early"},
	{name: "extended headers without end", stream: func() io.Reader {
		record := strings.Repeat("30 comment=aaaaaaaaaaaaaaaaaaa\n", 500)
		unit := append(rawHeader("x", tar.TypeXHeader, int64(len(record))), record...)
		return &repeated{unit: append(unit, make([]byte, -len(record)&511)...)}
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "extended header of 1 GiB", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("x", tar.TypeXHeader, gib)), zeros(gib))
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "long names without end", stream: func() io.Reader {
		return &repeated{unit: append(rawHeader("././@LongLink", tar.TypeGNULongName, 512), bytes.Repeat([]byte("a"), 512)...)}
	}, code: bundle.NotAPackage, reason: "longer than any package needs"},
	{name: "header for all", forgery: appending(tarEntry{tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "pax_global_header", PAXRecords: map[string]string{"comment": "x"}}, ""}), code: bundle.NotRegular, reason: "a header for all that follow"},
	{name: "path that leads out", forgery: appending(plain("../../etc/cron.d/evil", "x")), code: bundle.Foreign, reason: `"../../etc/cron.d/evil"`},
	{name: "path that leads out of the blobs", forgery: appending(plain("blobs/sha256/../../../evil", "x")), code: bundle.Foreign, reason: "no part of a package"},
	{name: "absolute path", forgery: appending(plain("/etc/cron.d/evil", "x")), code: bundle.Foreign, reason: `"/etc/cron.d/evil"`},
	{name: "symbolic link", forgery: appending(special(tar.TypeSymlink, blobName, "/etc/shadow")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "hard link", forgery: appending(special(tar.TypeLink, blobName, "index.json")), code: bundle.NotRegular, reason: "a hard link"},
	{name: "device", forgery: appending(special(tar.TypeChar, blobName, "")), code: bundle.NotRegular, reason: "a device"},
	{name: "named pipe", forgery: appending(special(tar.TypeFifo, blobName, "")), code: bundle.NotRegular, reason: "a named pipe"},
	{name: "sparse file of 2 GiB", stream: func() io.Reader { return bytes.NewReader(sparseFile(blobName)) }, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "folder of another name", forgery: appending(special(tar.TypeDir, "blobs/sha512/", "")), code: bundle.Foreign, reason: `a folder "blobs/sha512/"`},
	{name: "folder with content", stream: func() io.Reader {
		return io.MultiReader(bytes.NewReader(rawHeader("blobs/", tar.TypeDir, gib)), zeros(gib))
	}, code: bundle.NotRegular, reason: "is a folder"},
	{name: "index.json twice", forgery: appending(plain("index.json", "{}")), code: bundle.Foreign, reason: `"index.json" stands twice`},
	{name: "index.json twice under two names", forgery: appending(plain("./index.json", "{}")), code: bundle.Foreign, reason: `"index.json" stands twice`},
	{name: "entry of docker save", forgery: appending(plain("manifest.json", "[]")), code: bundle.Foreign, reason: `"manifest.json"`},
	{name: "blob that nothing names", forgery: appending(plain(blobName, "x")), code: bundle.Foreign, reason: "a blob that nothing in it names"},
	{name: "blob with a name in upper case", forgery: appending(plain("blobs/sha256/"+strings.Repeat("AB", 32), "x")), code: bundle.Foreign, reason: "no part of a package"},
	{name: "no oci-layout", forgery: forgery{outer: func(e []tarEntry) []tarEntry { return e[1:] }}, code: bundle.NotAPackage, reason: "holds no oci-layout"},
	{name: "oci-layout of another version", forgery: forgery{outer: func(e []tarEntry) []tarEntry {
		e[0] = plain("oci-layout", `{"imageLayoutVersion":"2.0.0"}`)
		return e
	}}, code: bundle.NotAPackage, reason: `version "2.0.0"`},
	{name: "oci-layout that is no JSON", forgery: forgery{outer: func(e []tarEntry) []tarEntry {
		e[0] = plain("oci-layout", "1.0.0")
		return e
	}}, code: bundle.NotAPackage, reason: "oci-layout can't be read"},
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	must(w.Write(b))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// sparseFile is a tar with one file of 2 GiB of which all is a hole, in the old
// form of GNU tar.
func sparseFile(name string) []byte {
	b := rawHeader(name, tar.TypeGNUSparse, 0)
	copy(b[257:], "ustar  \x00")
	copy(b[483:], fmt.Sprintf("%011o\x00", 2*gib-1)) // the real size
	copy(b[386:], fmt.Sprintf("%011o\x00%011o\x00", 2*gib-1, 0))
	copy(b[148:], "        ")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return append(b, make([]byte, 1024)...)
}

// record is one of an extended header: its length, which counts itself, a key
// and a value.
func record(key, value string) string {
	for n := 0; ; n++ {
		if r := fmt.Sprintf("%d %s=%s\n", n, key, value); len(r) == n {
			return r
		}
	}
}

// sparseExtended is a tar with one sparse file as newer tars have it.
func sparseExtended(records, content string) []byte {
	b := append(rawHeader("x", tar.TypeXHeader, int64(len(records))), records...)
	b = append(b, make([]byte, -len(b)&511)...)
	b = append(append(b, rawHeader("a", tar.TypeReg, int64(len(content)))...), content...)
	return append(b, make([]byte, -len(b)&511+1024)...)
}

package bundle_test

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/bundle"
)

func treed(more ...tarEntry) forgery { return forgery{entries: soundTree(more...)} }

// rewritten changes the one entry of the tree in a way that leaves it readable.
func rewritten(change func(*tar.Header)) forgery {
	return forgery{entries: []tarEntry{with(plain("00-runbook.hcl", theBlock), change)}}
}

// entriesOf are n files; one has size bytes.
func entriesOf(n int, size int) []tarEntry {
	content := strings.Repeat("x", size)
	all := make([]tarEntry, n)
	for i := range all {
		all[i] = plain(fmt.Sprintf("%06d.hcl", i), content)
	}
	return all
}

// hostileTrees are wrong in their tree, and everything outside of it fits.
var hostileTrees = []hostile{
	{name: "tree: path that leads out", forgery: treed(plain("../../evil", "x")), code: bundle.BadName, reason: `"../../evil" can't be a path`},
	{name: "tree: path that leads out in the middle", forgery: treed(plain("a/../../evil", "x")), code: bundle.BadName, reason: `"a/../../evil" can't be a path`},
	{name: "tree: absolute path", forgery: treed(plain("/etc/cron.d/evil", "x")), code: bundle.BadName, reason: `"/etc/cron.d/evil" can't be a path`},
	{name: "tree: backslashes", forgery: treed(plain(`..\..\evil`, "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: drive letter", forgery: treed(plain("C:evil", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: stream of a file", forgery: treed(plain("a.hcl:evil", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: device name of Windows", forgery: treed(plain("a/aux.hcl", "x")), code: bundle.BadName, reason: `"aux" disallowed`},
	{name: "tree: device name in another case", forgery: treed(plain("NuL", "x")), code: bundle.BadName, reason: `"NuL" disallowed`},
	{name: "tree: dot at the end", forgery: treed(plain("a.", "x")), code: bundle.BadName, reason: "trailing dot"},
	{name: "tree: space at the end", forgery: treed(plain("a ", "x")), code: bundle.BadName, reason: "ends with a space"},
	{name: "tree: space at the end of a folder", forgery: treed(plain("a /b", "x")), code: bundle.BadName, reason: "ends with a space"},
	{name: "tree: newline", forgery: treed(plain("a\nb", "x")), code: bundle.BadName, reason: `"a\nb"`},
	{name: "tree: signs that a terminal obeys", forgery: treed(plain("a\x1b[2J", "x")), code: bundle.BadName, reason: `\x1b`},
	{name: "tree: letters that run backwards", forgery: treed(plain("a\u202elch.md", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: not UTF-8", forgery: forgery{tree: func(b []byte) []byte {
		return append(append(rawHeader("a\xff", tar.TypeReg, 0), make([]byte, 1024)...), b[:0]...)
	}}, code: bundle.BadName, reason: "invalid UTF-8"},
	{name: "tree: empty name", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("", tar.TypeReg, 0), make([]byte, 1024)...) }}, code: bundle.BadName, reason: `"" can't be a path`},
	{name: "tree: double slash", forgery: treed(plain("a//b", "x")), code: bundle.BadName, reason: "can't be a path"},
	{name: "tree: hidden file", forgery: treed(plain("a/.bashrc", "x")), code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: hidden folder", forgery: forgery{entries: append([]tarEntry{plain(".git/hooks/post-checkout", "x")}, soundTree()...)}, code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: lock file for a folder", forgery: forgery{entries: append([]tarEntry{plain(".runbook.lock.hcl/x", "x")}, soundTree()...)}, code: bundle.BadName, reason: "begins with a dot"},
	{name: "tree: path of 201 bytes", forgery: treed(plain(strings.Repeat("a", 97)+"/"+strings.Repeat("b", 103), "x")), code: bundle.BadName, reason: "longer than 200 bytes"},
	{name: "tree: 17 deep", forgery: treed(plain(strings.Repeat("a/", 16)+"b", "x")), code: bundle.BadName, reason: "more than 16 deep"},
	{name: "tree: 3,000 deep", forgery: treed(plain(strings.Repeat("a/", 3000)+"b", "x")), code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: symbolic link", forgery: treed(special(tar.TypeSymlink, "a", "/etc/passwd")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "tree: link and a file behind it", forgery: treed(special(tar.TypeSymlink, "a", "/etc"), plain("a/passwd", "x")), code: bundle.NotRegular, reason: "a symbolic link"},
	{name: "tree: hard link", forgery: treed(special(tar.TypeLink, "a", "00-runbook.hcl")), code: bundle.NotRegular, reason: "a hard link"},
	{name: "tree: character device", forgery: treed(special(tar.TypeChar, "a", "")), code: bundle.NotRegular, reason: "a device"},
	{name: "tree: block device", forgery: treed(special(tar.TypeBlock, "a", "")), code: bundle.NotRegular, reason: "a device"},
	{name: "tree: named pipe", forgery: treed(special(tar.TypeFifo, "a", "")), code: bundle.NotRegular, reason: "a named pipe"},
	{name: "tree: folder", forgery: treed(special(tar.TypeDir, "a/", "")), code: bundle.NotRegular, reason: "a folder"},
	{name: "tree: unknown type", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("a", 'Z', 0), make([]byte, 1024)...) }}, code: bundle.NotRegular, reason: "of an unknown kind"},
	{name: "tree: sparse file of 2 GiB", forgery: forgery{tree: func([]byte) []byte { return sparseFile("a") }}, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "tree: sparse file by extended header", forgery: forgery{tree: func([]byte) []byte {
		return sparseExtended(record("GNU.sparse.size", "2147483647")+record("GNU.sparse.numblocks", "1")+record("GNU.sparse.map", "0,2"), "xx")
	}}, code: bundle.NotRegular, reason: "a sparse file"},
	{name: "tree: sparse file with its map in front", forgery: forgery{tree: func([]byte) []byte {
		return sparseExtended(record("GNU.sparse.major", "1")+record("GNU.sparse.minor", "0")+record("GNU.sparse.realsize", "2147483647"), "0\n"+strings.Repeat("\x00", 510))
	}}, code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: header for all", forgery: treed(tarEntry{tar.Header{Typeflag: tar.TypeXGlobalHeader, Name: "g", PAXRecords: map[string]string{"path": "evil"}}, ""}), code: bundle.NotRegular, reason: "a header for all"},
	{name: "tree: extended headers without end", big: true, forgery: forgery{tree: func([]byte) []byte {
		record := strings.Repeat("30 comment=aaaaaaaaaaaaaaaaaaa\n", 500)
		unit := append(rawHeader("x", tar.TypeXHeader, int64(len(record))), record...)
		return bytes.Repeat(append(unit, make([]byte, -len(record)&511)...), 1000)
	}}, code: bundle.NotCanonical, reason: "longer than a file of ours needs"},
	{name: "tree: same file twice", forgery: treed(plain("a", "x"), plain("a", "y")), code: bundle.BadName, reason: `"a" stands twice`},
	{name: "tree: two files by case", forgery: treed(plain("S.hcl", "x"), plain("s.hcl", "y")), code: bundle.BadName, reason: `"S.hcl" and "s.hcl" differ only in case`},
	{name: "tree: two folders by case", forgery: treed(plain("Sites/a", "x"), plain("sites/b", "y")), code: bundle.BadName, reason: `"Sites" and "sites" differ only in case`},
	{name: "tree: file and folder by case", forgery: treed(plain("Sites", "x"), plain("sites/b", "y")), code: bundle.BadName, reason: `"Sites" and "sites"`},
	{name: "tree: two spellings of a letter", forgery: treed(plain("\u00c5", "x"), plain("\u212b", "y")), code: bundle.BadName, reason: "differ only in case or in how a letter is encoded"},
	{name: "tree: two spellings of a syllable", forgery: treed(plain("\u1112\u1161\u11ab", "x"), plain("\ud55c", "y")), code: bundle.BadName, reason: "how a letter is encoded"},
	{name: "tree: two files by a rare case", forgery: treed(plain("sites", "x"), plain("\u017fites", "y")), code: bundle.BadName, reason: "differ only in case"},
	{name: "tree: file and folder", forgery: treed(plain("a", "x"), plain("a/b", "y")), code: bundle.BadName, reason: `"a" is both a file and a folder`},
	{name: "tree: not sorted", forgery: treed(plain("b", "x"), plain("a", "y")), code: bundle.NotCanonical, reason: "a comes behind b"},
	{name: "tree: program", forgery: rewritten(func(h *tar.Header) { h.Mode = 0o755 }), code: bundle.NotCanonical, reason: "00-runbook.hcl"},
	{name: "tree: set-user-id", forgery: rewritten(func(h *tar.Header) { h.Mode = 0o4644 }), code: bundle.NotCanonical, reason: "mode 0644"},
	{name: "tree: owner", forgery: rewritten(func(h *tar.Header) { h.Uid = 1000 }), code: bundle.NotCanonical, reason: "no owner"},
	{name: "tree: owner's name", forgery: rewritten(func(h *tar.Header) { h.Uname = "root" }), code: bundle.NotCanonical, reason: "no owner"},
	{name: "tree: another time", forgery: rewritten(func(h *tar.Header) { h.ModTime = time.Unix(1, 0) }), code: bundle.NotCanonical, reason: "the time that the manifest names"},
	{name: "tree: extended attribute", forgery: rewritten(func(h *tar.Header) {
		h.PAXRecords = map[string]string{"SCHILY.xattr.security.capability": "x"}
	}), code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: name by GNU's header", forgery: treed(with(plain(strings.Repeat("a", 150), "x"), func(h *tar.Header) { h.Format = tar.FormatGNU })), code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: padding that is not zero", forgery: forgery{tree: func(b []byte) []byte {
		b[1023] = 'x'
		return b
	}}, code: bundle.NotCanonical, reason: "not written as linecheck writes it"},
	{name: "tree: trailing data", forgery: forgery{tree: func(b []byte) []byte { return append(b, "#!/bin/sh\n"...) }}, code: bundle.NotCanonical, reason: "goes on behind its end"},
	{name: "tree: trailing zeros", forgery: forgery{tree: func(b []byte) []byte { return append(b, make([]byte, 512)...) }}, code: bundle.NotCanonical, reason: "goes on behind its end"},
	{name: "tree: no end", forgery: forgery{tree: func(b []byte) []byte { return b[:len(b)-1024] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: truncated in a file", forgery: forgery{tree: func(b []byte) []byte { return b[:520] }}, code: bundle.Damaged, reason: "ends within 00-runbook.hcl"},
	{name: "tree: truncated in a header", forgery: forgery{tree: func(b []byte) []byte { return b[:300] }}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: no tar", forgery: forgery{tree: func([]byte) []byte { return bytes.Repeat([]byte("x"), 2048) }}, code: bundle.NotCanonical, reason: "can't be read"},
	{name: "tree: gzip", forgery: forgery{tree: gzipped}, code: bundle.Damaged, reason: "ends too early"},
	{name: "tree: no file", forgery: forgery{tree: func([]byte) []byte { return make([]byte, 1024) }}, code: bundle.NotAPackage, reason: "holds no file"},
	{name: "tree: empty", forgery: forgery{tree: func([]byte) []byte { return nil }}, code: bundle.NotAPackage, reason: "holds no file"},
	{name: "tree: 10,001 files", big: true, forgery: forgery{entries: entriesOf(10_001, 0)}, code: bundle.TooBig, reason: "more than 10000 files"},
	{name: "tree: 200,000 files", big: true, forgery: forgery{tree: func([]byte) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for i := range 200_000 {
			must(0, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: fmt.Sprintf("%06d", i), Mode: 0o644, ModTime: time.Unix(0, 0)}))
		}
		return b.Bytes()
	}}, code: bundle.TooBig, reason: "more than 10000 files"},
	{name: "tree: file of more than 16 MiB", big: true, forgery: treed(plain("a", strings.Repeat("x", 16*mib+1))), code: bundle.TooBig, reason: "a is bigger than 16 MiB"},
	{name: "tree: more than 128 MiB", big: true, forgery: forgery{entries: entriesOf(9, 15*mib)}, code: bundle.TooBig, reason: "more than 128 MiB"},
	{name: "tree: file that promises 8 GiB", forgery: forgery{tree: func([]byte) []byte { return append(rawHeader("a", tar.TypeReg, 8*gib-1), make([]byte, 1024)...) }}, code: bundle.TooBig, reason: "a is bigger than 16 MiB"},
	{name: "tree: file that promises 15 MiB", big: true, forgery: forgery{tree: func([]byte) []byte {
		return append(headerOf(plain("a", strings.Repeat("x", 15*mib)).Header), make([]byte, 1024)...)
	}}, code: bundle.Damaged, reason: "ends within a"},
}

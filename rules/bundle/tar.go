package bundle

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"time"
)

// header is how a file stands in a tar of ours: nothing in it depends on where
// it was packed.
func header(name string, size int64, mtime time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: mtime}
}

// writeTar writes files in their order.
func writeTar(w io.Writer, files []File, mtime time.Time) error {
	tw := tar.NewWriter(w)
	for _, f := range files {
		if err := writeFile(tw, f, mtime); err != nil {
			return err
		}
	}
	return tw.Close()
}

// writeFile writes a file and fills up its last block.
func writeFile(tw *tar.Writer, f File, mtime time.Time) error {
	if err := tw.WriteHeader(header(f.Name, f.Size, mtime)); err != nil {
		return err
	}
	if _, err := tw.Write(f.content); err != nil {
		return err
	}
	return tw.Flush()
}

// tarSize is at least the size of a tar of files.
func tarSize(files []File) int {
	n := 2 * block
	for _, f := range files {
		n += 4*block + int(f.Size)
	}
	return n
}

// parseTree reads the tree's tar without copying it and refuses one that
// writing it again would not make: then there is nothing in it that only some
// readers see.
func parseTree(data []byte, mtime time.Time) ([]File, *Refusal) {
	var files []File
	var paths pathSet
	in := &window{data: data}
	tr := tar.NewReader(in)
	again := &comparer{want: data}
	tw := tar.NewWriter(again)
	left, total := int64(0), int64(0)
	for last := ""; ; {
		in.open(left + maxHeader)
		h, err := tr.Next()
		if err == io.EOF && !in.limited() {
			break
		}
		if err != nil {
			return nil, badHeader(in, err)
		}
		if r := checkEntry(h, &paths, last); r != nil {
			return nil, r
		}
		if total += h.Size; total > MaxTreeBytes {
			return nil, treeTooBig()
		}
		if len(files) == MaxFiles {
			return nil, tooManyFiles()
		}
		if h.Size > int64(len(data)-in.at) {
			return nil, refuse(Damaged, "The tree ends within %s. Fetch the package again.", h.Name)
		}
		f := File{Name: h.Name, Size: h.Size, content: data[in.at : in.at+int(h.Size) : in.at+int(h.Size)]}
		if err := writeFile(tw, f, mtime); err != nil || again.differs {
			return nil, refuse(NotCanonical, "The tree's entry for %s is not written as linecheck writes it: a plain header with mode 0644, no owner and the time that the manifest names. Have the package made again.", h.Name)
		}
		files = append(files, f)
		last, left = h.Name, h.Size+block
	}
	tw.Close()
	switch {
	case len(files) == 0:
		return nil, refuse(NotAPackage, "The tree holds no file.")
	case again.at > len(data):
		return nil, refuse(Damaged, "The tree ends too early. Fetch the package again.")
	case again.differs || again.at < len(data):
		return nil, refuse(NotCanonical, "The tree goes on behind its end. Have the package made again.")
	}
	return files, nil
}

// checkEntry judges one entry by itself and by the one before.
func checkEntry(h *tar.Header, paths *pathSet, last string) *Refusal {
	if h.Typeflag != tar.TypeReg || sparse(h) {
		return refuse(NotRegular, "The tree's entry %.200q is %s. A package holds regular files only.", h.Name, tarWord(h))
	}
	if h.Size > MaxFileBytes {
		return fileTooBig(h.Name)
	}
	if r := paths.add(h.Name); r != nil {
		return r
	}
	if h.Name < last {
		return refuse(NotCanonical, "The tree's files are not sorted: %s comes behind %s. Have the package made again.", h.Name, last)
	}
	return nil
}

// sparse reports whether an entry's holes are left out of the tar.
func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if len(key) > 11 && key[:11] == "GNU.sparse." {
			return true
		}
	}
	return false
}

// tarWord says what an entry of a tar is that is no regular file.
func tarWord(h *tar.Header) string {
	switch h.Typeflag {
	case tar.TypeLink:
		return "a hard link"
	case tar.TypeSymlink:
		return "a symbolic link"
	case tar.TypeChar, tar.TypeBlock:
		return "a device"
	case tar.TypeDir:
		return "a folder"
	case tar.TypeFifo:
		return "a named pipe"
	case tar.TypeXGlobalHeader:
		return "a header for all that follow"
	case tar.TypeReg, tar.TypeGNUSparse:
		return "a sparse file"
	}
	return "of an unknown kind"
}

func badHeader(in *window, err error) *Refusal {
	if in.limited() {
		return refuse(NotCanonical, "The tree's header before byte %d is longer than a file of ours needs. Have the package made again.", in.at)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse(Damaged, "The tree ends too early. Fetch the package again.")
	}
	return refuse(NotCanonical, "The tree's header before byte %d can't be read: %s. Have the package made again.", in.at, err)
}

// maxHeader is a header and, before it, a long name and that name's header.
const maxHeader = 3 * block

// A window lets a tar reader see no more than it may need for its next entry,
// whatever the headers promise.
type window struct {
	data      []byte
	at, limit int
}

// open lets n more bytes be read.
func (w *window) open(n int64) { w.limit = int(min(int64(w.at)+n, int64(len(w.data)))) }

// limited reports whether the limit, not the end of the data, stops the reader.
func (w *window) limited() bool { return w.at == w.limit && w.limit < len(w.data) }

func (w *window) Read(p []byte) (int, error) {
	if w.at == w.limit {
		return 0, io.EOF
	}
	n := copy(p, w.data[w.at:w.limit])
	w.at += n
	return n, nil
}

// A comparer is a writer that holds what is written against what it should be.
type comparer struct {
	want    []byte
	at      int
	differs bool
}

func (c *comparer) Write(p []byte) (int, error) {
	if c.differs || len(p) > len(c.want)-c.at || !bytes.Equal(p, c.want[c.at:c.at+len(p)]) {
		c.differs = true
	}
	c.at += len(p)
	return len(p), nil
}

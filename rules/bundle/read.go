package bundle

import (
	"archive/tar"
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// What the tar of a layout may hold. Others' tars have folders, and order and
// headers of their own.
const (
	maxLayoutBytes = maxTarBytes + 3*MaxFileBytes
	// maxEntries has room for two blobs a signature, the runbook's own, and
	// the folders.
	maxEntries = 2*MaxSignatures + 32
	// maxEntryHeader is what one entry may take besides its content.
	maxEntryHeader = 16 * block
	// maxTrailer is how far tar programs fill up an archive with zeros: to a
	// record of 20 blocks, or of as many as a tape liked.
	maxTrailer = 128 * block
)

// ReadLayout reads a package from the file that [Layout.WriteTo] or another
// tool for OCI image layouts (skopeo's oci-archive, oras backup) wrote. A file that holds
// anything else than one runbook and its signatures is refused. What the blobs
// hold is not looked at yet: that is for [Layout.Open].
func ReadLayout(r io.Reader) (*Layout, error) {
	files, err := readOuter(r)
	if err != nil {
		return nil, err
	}
	l, refusal := assemble(files)
	if refusal != nil {
		return nil, refusal
	}
	return l, nil
}

// readOuter reads the files of a layout's tar by name.
func readOuter(r io.Reader) (map[string][]byte, error) {
	in := &meter{r: bufio.NewReaderSize(r, 64<<10)}
	if magic, _ := in.r.Peek(2); string(magic) == "\x1f\x8b" {
		return nil, refuse(NotAPackage, "The file is compressed (gzip). Packages are not: unpack it with gunzip first.")
	}
	tr := tar.NewReader(in)
	files := map[string][]byte{}
	seen := map[string]bool{}
	left := int64(maxLayoutBytes)
	for entry := 0; ; entry++ {
		in.allow(maxEntryHeader)
		h, err := tr.Next()
		if err == io.EOF && !in.exhausted() {
			break
		}
		if err != nil {
			return nil, in.explain(entry, err)
		}
		if entry == maxEntries {
			return nil, refuse(TooBig, "The file holds more than %d entries, and no package does.", maxEntries)
		}
		name, refusal := outerName(h)
		switch {
		case refusal != nil:
			return nil, refusal
		case seen[name]:
			return nil, refuse(Foreign, "The entry %q stands twice in the file: two readers could see different packages.", name)
		}
		seen[name] = true
		if h.Typeflag == tar.TypeDir {
			continue
		}
		if left -= h.Size; left < 0 || h.Size > outerLimit(name) {
			return nil, refuse(TooBig, "The entry %q has %d bytes, more than a package may hold.", name, h.Size)
		}
		in.allow(h.Size + block)
		if files[name], err = readAll(tr, h.Size); err != nil {
			return nil, in.explain(entry, err)
		}
	}
	return files, in.trailer()
}

// folders are those that image layouts have. In ingest, which is empty, oras
// keeps blobs while they come in.
var folders = []string{"", ocispec.ImageBlobsDir, strings.TrimSuffix(blobFolder, "/"), "ingest"}

// outerName is the name of an entry that belongs into a layout.
func outerName(h *tar.Header) (string, *Refusal) {
	name := strings.TrimPrefix(h.Name, "./")
	if h.Typeflag == tar.TypeDir && h.Size == 0 {
		name = strings.TrimSuffix(name, "/")
		if slices.Contains(folders, name) {
			return name, nil
		}
		return "", refuse(Foreign, "The file holds a folder %.200q, which is no part of a package.", h.Name)
	}
	if h.Typeflag != tar.TypeReg || sparse(h) {
		return "", refuse(NotRegular, "The file's entry %.200q is %s. A package holds regular files only.", h.Name, tarWord(h))
	}
	if hex, ok := strings.CutPrefix(name, blobFolder); ok && digest.NewDigestFromEncoded(digest.SHA256, hex).Validate() == nil {
		return name, nil
	}
	if name == ocispec.ImageLayoutFile || name == ocispec.ImageIndexFile {
		return name, nil
	}
	return "", refuse(Foreign, "The file holds an entry %.200q, which is no part of a package (an OCI image layout).", h.Name)
}

// outerLimit is how long the file of a name may be.
func outerLimit(name string) int64 {
	if strings.HasPrefix(name, blobFolder) {
		return maxTarBytes
	}
	return MaxManifestBytes
}

// chunk is the memory that is taken on a mere promise.
const chunk = 4 << 20

// readAll reads as many bytes as were promised, and takes no more memory than
// twice what really comes, and a chunk.
func readAll(r io.Reader, size int64) ([]byte, error) {
	var chunks [][]byte
	for left := size; ; {
		content := make([]byte, min(left, chunk))
		if _, err := io.ReadFull(r, content); err != nil {
			return nil, err
		}
		if len(content) == int(size) {
			return content, nil
		}
		chunks = append(chunks, content)
		if left -= int64(len(content)); left == 0 {
			return slices.Concat(chunks...), nil
		}
	}
}

// A meter lets a tar reader take no more than it was allowed, whatever the
// headers promise.
type meter struct {
	r    *bufio.Reader
	left int64
	err  error // of r, other than its end
}

func (m *meter) allow(n int64) { m.left = n }

// exhausted reports whether the reader wanted more than it was allowed.
func (m *meter) exhausted() bool { return m.left <= 0 }

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, io.EOF
	}
	n, err := m.r.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

// explain says why an entry can't be read.
func (m *meter) explain(entry int, err error) error {
	switch {
	case m.err != nil:
		return fmt.Errorf("reading the package: %w", m.err)
	case m.exhausted():
		return refuse(NotAPackage, "The headers of the file's entry %d are longer than any package needs.", entry+1)
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return refuse(Damaged, "The file ends too early, within entry %d. Fetch it again.", entry+1)
	case entry == 0:
		return refuse(NotAPackage, "The file is no package: it does not begin like a tar (%s).", err)
	}
	return refuse(Damaged, "The file can't be read behind entry %d (%s). Fetch it again.", entry, err)
}

// trailer passes over the zeros that fill up a tar.
func (m *meter) trailer() error {
	m.allow(maxTrailer + 1)
	rest, err := io.ReadAll(m)
	switch {
	case err != nil:
		return fmt.Errorf("reading the package: %w", err)
	case len(rest) > maxTrailer:
		return refuse(Foreign, "The file goes on for more than %d KiB behind the end of its tar.", maxTrailer>>10)
	case slices.ContainsFunc(rest, func(b byte) bool { return b != 0 }):
		return refuse(Foreign, "Something stands in the file behind the end of its tar. Fetch it again.")
	}
	return nil
}

// assemble finds the runbook and its signatures among the files of a layout.
func assemble(files map[string][]byte) (*Layout, *Refusal) {
	index, r := parseIndex(files)
	if r != nil {
		return nil, r
	}
	a := assembly{files: files, used: map[digest.Digest]bool{}}
	var referrers [][]byte
	var runbook ocispec.Descriptor
	l := &Layout{}
	for _, d := range index.Manifests {
		manifest, r := a.manifest(d)
		if r != nil {
			return nil, r
		}
		m, r := parseManifest(manifest)
		switch {
		case r != nil:
			return nil, r
		case m.ArtifactType != ArtifactType:
			referrers = append(referrers, manifest)
		case l.Manifest != nil:
			return nil, refuse(Foreign, "The file holds two runbooks, and a package is one. Copy one of them out.")
		default:
			l.Manifest, runbook = manifest, d
		}
	}
	if l.Manifest == nil {
		return nil, refuse(NotAPackage, "The file holds no runbook: nothing in its index is of type %s.", ArtifactType)
	}
	return l, a.fill(l, runbook, referrers)
}

// parseIndex reads the two files that make a folder an image layout.
func parseIndex(files map[string][]byte) (*ocispec.Index, *Refusal) {
	for _, name := range []string{ocispec.ImageLayoutFile, ocispec.ImageIndexFile} {
		if _, ok := files[name]; !ok {
			return nil, refuse(NotAPackage, "The file is no package: it holds no %s, which every OCI image layout has.", name)
		}
	}
	var version ocispec.ImageLayout
	if err := decode(files[ocispec.ImageLayoutFile], &version); err != nil {
		return nil, refuse(NotAPackage, "%s can't be read: %s.", ocispec.ImageLayoutFile, err)
	}
	if version.Version != ocispec.ImageLayoutVersion {
		return nil, refuse(NotAPackage, "The image layout has version %.100q. linecheck reads %s.", version.Version, ocispec.ImageLayoutVersion)
	}
	var index ocispec.Index
	if err := decode(files[ocispec.ImageIndexFile], &index); err != nil {
		return nil, refuse(NotAPackage, "%s can't be read: %s.", ocispec.ImageIndexFile, err)
	}
	if index.SchemaVersion != 2 || index.MediaType != "" && index.MediaType != ocispec.MediaTypeImageIndex {
		return nil, refuse(NotAPackage, "%s is of type %.100q, which should be %s.", ocispec.ImageIndexFile, index.MediaType, ocispec.MediaTypeImageIndex)
	}
	if len(index.Manifests) > 1+MaxSignatures {
		return nil, refuse(TooBig, "The package has more than %d signatures.", MaxSignatures)
	}
	return &index, nil
}

// An assembly takes blobs out of a layout's files and notes which.
type assembly struct {
	files map[string][]byte
	used  map[digest.Digest]bool
}

// manifest is the manifest that the index names.
func (a *assembly) manifest(d ocispec.Descriptor) ([]byte, *Refusal) {
	if r := checkDescriptor("manifest", d, ocispec.MediaTypeImageManifest, MaxManifestBytes); r != nil {
		return nil, r
	}
	if a.used[d.Digest] {
		return nil, refuse(Foreign, "The index names the manifest %s twice.", d.Digest)
	}
	blobs, r := a.blobs([]ocispec.Descriptor{d})
	if r != nil {
		return nil, r
	}
	return blobs[d.Digest], checkBlob("manifest", d, blobs[d.Digest])
}

// blobs are those that descriptors name.
func (a *assembly) blobs(named []ocispec.Descriptor) (map[digest.Digest][]byte, *Refusal) {
	blobs := make(map[digest.Digest][]byte, len(named))
	for _, d := range named {
		content, ok := a.files[blobFolder+d.Digest.Encoded()]
		if !ok {
			return nil, blobMissing(d)
		}
		blobs[d.Digest], a.used[d.Digest] = content, true
	}
	return blobs, nil
}

func blobMissing(d ocispec.Descriptor) *Refusal {
	return refuse(Damaged, "The blob %s of type %s is missing. Fetch the package again.", d.Digest, d.MediaType)
}

// fill adds blobs and signatures to the layout of a runbook.
func (a *assembly) fill(l *Layout, runbook ocispec.Descriptor, referrers [][]byte) *Refusal {
	m, named, r := describe(l.Manifest)
	if r != nil {
		return r
	}
	if tag, version := runbook.Annotations[ocispec.AnnotationRefName], m.Annotations[ocispec.AnnotationVersion]; isVersion(tag) && tag != version {
		return refuse(Contradiction, "The file calls the runbook version %s, and its manifest says %.100q. Somebody may have put an old package in the place of a new one.", tag, version)
	}
	if l.Blobs, r = a.blobs(named); r != nil {
		return r
	}
	for _, manifest := range referrers {
		named, ok, r := describeSignature(manifest, runbook.Digest)
		if r != nil {
			return r
		}
		if !ok {
			return refuse(Foreign, "The file's index names something that is neither a runbook nor a signature (%s).", digest.FromBytes(manifest))
		}
		s := Signature{Manifest: manifest}
		if s.Blobs, r = a.blobs(named); r != nil {
			return r
		}
		l.Signatures = append(l.Signatures, s)
	}
	l.Signatures = sorted(l.Signatures)
	for _, name := range slices.Sorted(maps.Keys(a.files)) {
		if hex, ok := strings.CutPrefix(name, blobFolder); ok && !a.used[digest.NewDigestFromEncoded(digest.SHA256, hex)] {
			return refuse(Foreign, "The file holds a blob that nothing in it names (%s).", hex)
		}
	}
	return nil
}

// checkBlob refuses a blob that is not what its descriptor says.
func checkBlob(what string, d ocispec.Descriptor, content []byte) *Refusal {
	if int64(len(content)) != d.Size {
		return refuse(WrongDigest, "The %s has %d bytes, and %d were named. Fetch the package again.", what, len(content), d.Size)
	}
	if got := digest.FromBytes(content); got != d.Digest {
		return refuse(WrongDigest, "The %s is not the one that was named: its digest is %s, which should be %s. It was damaged or exchanged: fetch the package again.", what, got, d.Digest)
	}
	return nil
}

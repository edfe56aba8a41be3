// Package bundle turns a runbook's folder into one file that can be signed,
// carried and checked, and back: an OCI artifact (image-spec 1.1) in an image
// layout. It moves bytes only; the network is rules/bundle/registry's.
//
// Start with [Pack], and [Layout.WriteTo] for the file NAME-VERSION.oci.tar.
// At the other end [ReadLayout] reads it and [Layout.Open] judges it by a
// [Policy]: first the signature, then the digests, then the content. Only the
// [Package] that Open returns may be believed. Whatever is wrong with a package
// is a [*Refusal] that says so in whole sentences.
//
// Packing the same folder gives the same bytes on every computer, whatever the
// times, modes and order of its files. Nothing that is read is held in memory
// beyond the bounds below, and nothing is written before all of it was proved.
//
// # Format
//
// A package is an image manifest of [ArtifactType]. It names, in this order, a
// config of [ConfigType] (the JSON of [Config]), the tree, and where there are
// any the README and the printed runbook, which carry [ReadmeTitle] and
// [PageTitle] as org.opencontainers.image.title. Of the annotations
// org.opencontainers.image.*, the manifest has title (the runbook's name),
// version and created, and description, licenses, authors and source as far as
// the runbook block has them. A signature is a manifest that refers to this one
// (subject) and names one Sigstore bundle.
//
// The tree is an uncompressed tar of the runbook's files without folders,
// sorted by their paths, mode 0644, owner and group 0 without names, the time
// that the manifest names. GNU tar makes the same bytes from a sorted list of
// paths, as long as these are plain and short:
//
//	tar --format=ustar -b1 --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0644 -cf tree.tar -T list
//
// A file is an image layout in a tar: oci-layout, index.json (the package with
// its version as org.opencontainers.image.ref.name, then its signatures in the
// order of their digests), and blobs/sha256/ in the order of the digests.
//
// The media types, the layout of the bytes and the names of the codes keep
// their meaning within a major version; the text of refusals does not.
package bundle

import (
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Media types of a package.
const (
	ArtifactType = "application/vnd.linecheck.runbook.v1"
	ConfigType   = "application/vnd.linecheck.runbook.config.v1+json"
	// TreeType is that of the runbook's files. They are not compressed:
	// compressors differ from version to version, and so would the digest.
	TreeType   = ocispec.MediaTypeImageLayer
	ReadmeType = "text/markdown"
	PageType   = "text/html"
)

// Titles of the layers that people read, which are the names under which
// general tools store them.
const (
	ReadmeTitle = "README.md"
	PageTitle   = "runbook.html"
)

// What a package may hold, at packing as at opening.
const (
	MaxFiles     = tree.MaxFiles
	MaxFileBytes = tree.MaxFileBytes // of each file, the README and the page
	MaxTreeBytes = tree.MaxBytes     // of all files together
	MaxPathDepth = tree.MaxDepth
	MaxPathBytes = 200
	// MaxManifestBytes bounds a manifest and a layout's index.
	MaxManifestBytes = 256 << 10
	MaxConfigBytes   = 1 << 20
	// MaxSignatures leaves room for a rotation of keys many times over.
	MaxSignatures = 32
)

const (
	block = 512 // of tar
	// maxTarBytes is of the tree's tar: each file takes a header, padding, and
	// two more blocks where its name is long; two blocks end it.
	maxTarBytes = MaxTreeBytes + MaxFiles*4*block + 2*block
)

// A Config says what a package holds, so that nobody needs to open its tree
// for it. It is the JSON of the config blob.
type Config struct {
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	Title    string   `json:"title,omitempty"`
	Requires []string `json:"requires"` // constraints on linecheck's version
	Imports  []Import `json:"imports"`  // in the order of their names
	H1       string   `json:"h1"`       // of the tree, as TreeHash computes it
}

// An Import is a runbook that another one imports, as its lock file has it.
type Import struct {
	Name    string `json:"name"`
	Source  string `json:"source"`
	Version string `json:"version,omitempty"` // of a source in a registry
	H1      string `json:"h1,omitempty"`      // likewise
}

// A Layout is the blobs of one package as they were received. Nothing of it
// has been believed.
type Layout struct {
	Manifest   []byte                   // the runbook's image manifest
	Blobs      map[digest.Digest][]byte // config and layers
	Signatures []Signature              // sorted by digest of Manifest
}

// A Signature is a referrer of a runbook's manifest: its own manifest, the
// config, which is empty, and the Sigstore bundle.
type Signature struct {
	Manifest []byte
	Blobs    map[digest.Digest][]byte
}

// Digest is that of the runbook's manifest, and so of the package.
func (l *Layout) Digest() digest.Digest { return digest.FromBytes(l.Manifest) }

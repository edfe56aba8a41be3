package bundle

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Source is what a package is made of. What it says of the runbook is what
// the runbook block of its folder says.
type Source struct {
	// FS is the runbook's folder. Every file belongs to the package, those of
	// folders in it too, but for names that begin with a dot. A link or
	// anything else that is no regular file is refused, and so is a file that
	// holds a private key.
	FS fs.FS

	Name        string
	Version     string
	Title       string
	Description string
	License     string // SPDX
	Authors     []string
	Source      string   // URL
	Requires    []string // constraints on linecheck's version
	Imports     []Import

	Readme []byte // Markdown, that of README.md in FS; empty: none
	Page   []byte // HTML; empty: none

	// Created is the time of the package and of all files in it, to the
	// second. Zero is the start of 1970: a package that is made twice must not
	// tell when.
	Created time.Time
}

// Pack makes a package. The same Source, whatever the times, modes and order
// of the files, gives the same bytes on every computer.
func Pack(s Source) (*Layout, error) {
	if r := s.check(); r != nil {
		return nil, r
	}
	files, err := readTree(s.FS)
	if err != nil {
		return nil, err
	}
	created := s.created()
	tree := bytes.NewBuffer(make([]byte, 0, tarSize(files)))
	if err := writeTar(tree, files, created); err != nil {
		return nil, err
	}
	l := &Layout{Blobs: map[digest.Digest][]byte{}}
	c, annotations := s.config(hashTree(files)), s.annotations()
	if r := checkTree(newFS(files, created), &c, annotations, s.Readme); r != nil {
		return nil, r
	}
	config := l.add(ConfigType, encode(c), "")
	layers := []ocispec.Descriptor{l.add(TreeType, tree.Bytes(), "")}
	if len(s.Readme) > 0 {
		layers = append(layers, l.add(ReadmeType, s.Readme, ReadmeTitle))
	}
	if len(s.Page) > 0 {
		layers = append(layers, l.add(PageType, s.Page, PageTitle))
	}
	m := newManifest(ArtifactType, config, layers)
	m.Annotations = annotations
	l.Manifest = encode(m)
	// Whatever can't be opened again must not be made.
	if _, _, r := describe(l.Manifest); r != nil {
		return nil, r
	}
	return l, nil
}

// check refuses what is wrong with a source before its folder is read.
func (s *Source) check() *Refusal {
	if r := checkName(s.Name, s.Version); r != nil {
		return r
	}
	return checkCreated(s.created())
}

func (s *Source) created() time.Time {
	if s.Created.IsZero() {
		return time.Unix(0, 0)
	}
	return s.Created
}

// config is the package's config; its lists are never null.
func (s *Source) config(h1 string) Config {
	imports := append([]Import{}, s.Imports...)
	slices.SortFunc(imports, func(a, b Import) int { return strings.Compare(a.Name, b.Name) })
	return Config{
		Name: s.Name, Version: s.Version, Title: s.Title,
		Requires: append([]string{}, s.Requires...), Imports: imports, H1: h1,
	}
}

// annotations are what general tools show of a package. Title is the name, as
// Helm has it; the runbook's own title is in the config.
func (s *Source) annotations() map[string]string {
	all := map[string]string{
		ocispec.AnnotationTitle:       s.Name,
		ocispec.AnnotationVersion:     s.Version,
		ocispec.AnnotationCreated:     formatCreated(s.created()),
		ocispec.AnnotationDescription: s.Description,
		ocispec.AnnotationLicenses:    s.License,
		ocispec.AnnotationAuthors:     strings.Join(s.Authors, ", "),
		ocispec.AnnotationSource:      s.Source,
	}
	for key, text := range all {
		if text == "" {
			delete(all, key)
		}
	}
	return all
}

// add takes a blob into the layout.
func (l *Layout) add(mediaType string, content []byte, title string) ocispec.Descriptor {
	d := descriptor(mediaType, content)
	if title != "" {
		d.Annotations = map[string]string{ocispec.AnnotationTitle: title}
	}
	l.Blobs[d.Digest] = content
	return d
}

package bundle

import (
	"io/fs"
	"slices"
	"time"

	"github.com/linecheck/linecheck/rules/bundle/signature"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// A Policy is what the person who opens a package demands of it. It is never
// taken from the package itself.
type Policy struct {
	// Name and Version are those asked for; "": any. A signature proves who
	// made a package, and these that it is not an older or another one of
	// theirs.
	Name, Version string
	// Digest is the manifest's; "": any.
	Digest digest.Digest
	// Keys are those of which one must have signed the package; nil: no
	// signature is needed, and none is looked at.
	Keys signature.Keys
	// Now is the time at which the keys must be trusted. Needed with Keys.
	Now time.Time
}

// A Package is a layout that was judged and found good.
type Package struct {
	Config   Config
	Digest   digest.Digest // of the manifest
	Manifest ocispec.Manifest
	Created  time.Time
	Signer   *signature.PublicKey // nil: no signature was demanded
	Readme   []byte               // Markdown; nil: none
	Page     []byte               // HTML; nil: none

	files []File
	tree  *treeFS
}

// Open judges a layout: first by its signatures, then by the digests of its
// blobs, then by what they hold. What it refuses has been read and nothing
// else. Readme, Page and the tree share memory with the layout.
func (l *Layout) Open(p Policy) (*Package, error) {
	pkg := &Package{Digest: l.Digest()}
	if p.Digest != "" && p.Digest != pkg.Digest {
		return nil, refuse(WrongDigest, "The package's digest is %s, and %s was asked for.", pkg.Digest, p.Digest)
	}
	if p.Keys != nil {
		var err error
		if pkg.Signer, err = l.verify(p); err != nil {
			return nil, err
		}
	}
	m, named, r := describe(l.Manifest)
	if r != nil {
		return nil, r
	}
	pkg.Manifest = *m
	for _, d := range named {
		if r := l.checkBlob(d); r != nil {
			return nil, r
		}
	}
	if r := pkg.fill(l, named, p); r != nil {
		return nil, r
	}
	return pkg, nil
}

// checkBlob refuses a blob that is missing or another one.
func (l *Layout) checkBlob(d ocispec.Descriptor) *Refusal {
	content, ok := l.Blobs[d.Digest]
	if !ok {
		return blobMissing(d)
	}
	return checkBlob("blob of type "+d.MediaType, d, content)
}

// fill reads the content, whose digests were proved.
func (pkg *Package) fill(l *Layout, named []ocispec.Descriptor, p Policy) *Refusal {
	config, r := readConfig(&pkg.Manifest, l.Blobs[named[0].Digest])
	if r != nil {
		return r
	}
	if r := p.checkConfig(config); r != nil {
		return r
	}
	pkg.Config = *config
	if pkg.Created, r = parseCreated(&pkg.Manifest); r != nil {
		return r
	}
	for _, d := range named[1:] {
		content := l.Blobs[d.Digest]
		switch d.MediaType {
		case TreeType:
			pkg.files, r = parseTree(content, pkg.Created)
		case ReadmeType:
			pkg.Readme = content
		case PageType:
			pkg.Page = content
		}
		if r != nil {
			return r
		}
	}
	pkg.tree = newFS(pkg.files, pkg.Created)
	if h1 := hashTree(pkg.files); h1 != config.H1 {
		return refuse(Contradiction, "The package's config says that its tree has the hash %.100q, and the tree has %s. Have the package made again.", config.H1, h1)
	}
	return checkTree(pkg.tree, config, pkg.Manifest.Annotations, pkg.Readme)
}

// ReadConfig reads the config of a package whose other blobs were not fetched,
// for listing it. It is the one that the manifest names and agrees with it;
// that the tree agrees with both, only [Layout.Open] says.
func ReadConfig(manifest, config []byte) (*Config, error) {
	m, _, r := describe(manifest)
	if r != nil {
		return nil, r
	}
	if r := checkBlob("config", m.Config, config); r != nil {
		return nil, r
	}
	c, r := readConfig(m, config)
	if r != nil {
		return nil, r
	}
	return c, nil
}

// readConfig reads a config and holds it against its manifest.
func readConfig(m *ocispec.Manifest, data []byte) (*Config, *Refusal) {
	var c Config
	if err := decode(data, &c); err != nil {
		return nil, refuse(NotAPackage, "The package's config can't be read: %s.", err)
	}
	if r := checkName(c.Name, c.Version); r != nil {
		return nil, r
	}
	name, version := m.Annotations[ocispec.AnnotationTitle], m.Annotations[ocispec.AnnotationVersion]
	if c.Name != name || c.Version != version {
		return nil, refuse(Contradiction, "The package's config says %s %s, and its manifest says %.100q %.100q. Have the package made again.", c.Name, c.Version, name, version)
	}
	return &c, nil
}

// checkConfig refuses another package than the one that was asked for.
func (p *Policy) checkConfig(c *Config) *Refusal {
	if p.Name != "" && p.Name != c.Name {
		return refuse(OtherPackage, "This is the runbook %s, and %s was asked for.", c.Name, p.Name)
	}
	if p.Version != "" && p.Version != c.Version {
		return refuse(OtherPackage, "This is version %s of %s, and %s was asked for. Somebody may have put an old package in the place of a new one.", c.Version, c.Name, p.Version)
	}
	return nil
}

// FS is the runbook's folder, in memory.
func (pkg *Package) FS() fs.FS { return pkg.tree }

// Files are the files of the runbook's folder, sorted by name.
func (pkg *Package) Files() []File { return slices.Clone(pkg.files) }

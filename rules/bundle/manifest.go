package bundle

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/mod/semver"
)

// A layerKind is a kind of layer that a package may hold, once each.
type layerKind struct {
	mediaType string
	title     string // "": it has none
	max       int64
}

// layerKinds are in the order in which a manifest names them.
var layerKinds = []layerKind{
	{TreeType, "", maxTarBytes},
	{ReadmeType, ReadmeTitle, MaxFileBytes},
	{PageType, PageTitle, MaxFileBytes},
}

// Describe lists what the manifest of a runbook names: its config, its tree,
// then the README and the page where there are any. Their types and sizes are
// within the bounds, so that they can be fetched; nothing else is proved.
func Describe(manifest []byte) ([]ocispec.Descriptor, error) {
	_, blobs, err := describe(manifest)
	if err != nil {
		return nil, err
	}
	return blobs, nil
}

func describe(manifest []byte) (*ocispec.Manifest, []ocispec.Descriptor, *Refusal) {
	m, r := parseManifest(manifest)
	if r != nil {
		return nil, nil, r
	}
	switch {
	case m.ArtifactType != ArtifactType:
		return nil, nil, refuse(NotAPackage, "This is no runbook: its type is %.100q, and a runbook's is %s.", typeOf(m), ArtifactType)
	case m.Subject != nil:
		return nil, nil, refuse(Foreign, "The runbook's manifest says that it belongs to another one (subject). A runbook stands for itself.")
	}
	if r := checkDescriptor("config", m.Config, ConfigType, MaxConfigBytes); r != nil {
		return nil, nil, r
	}
	blobs := []ocispec.Descriptor{m.Config}
	kinds := layerKinds
	for _, d := range m.Layers {
		i := slices.IndexFunc(kinds, func(k layerKind) bool { return k.mediaType == d.MediaType })
		if i < 0 {
			return nil, nil, strangeLayer(d)
		}
		k := kinds[i]
		if r := checkDescriptor("layer", d, k.mediaType, k.max); r != nil {
			return nil, nil, r
		}
		if title := d.Annotations[ocispec.AnnotationTitle]; title != k.title {
			return nil, nil, refuse(Foreign, "The layer of type %s has the title %.100q, and in a package of ours it has %q.", k.mediaType, title, k.title)
		}
		blobs = append(blobs, d)
		kinds = kinds[i+1:]
	}
	if len(m.Layers) == 0 || m.Layers[0].MediaType != TreeType {
		return nil, nil, refuse(Damaged, "The manifest names no tree, which is a layer of type %s before any other.", TreeType)
	}
	return m, blobs, nil
}

func strangeLayer(d ocispec.Descriptor) *Refusal {
	if slices.ContainsFunc(layerKinds, func(k layerKind) bool { return k.mediaType == d.MediaType }) {
		return refuse(Foreign, "The manifest names a second layer of type %s, or its layers are not in their order.", d.MediaType)
	}
	if strings.HasPrefix(d.MediaType, TreeType) {
		return refuse(Foreign, "The tree is compressed (%.100q), and linecheck neither makes nor reads such packages. Have the package made again.", d.MediaType)
	}
	return refuse(Foreign, "The manifest names a layer of type %.100q, which is unknown. Perhaps a newer linecheck made it.", d.MediaType)
}

// typeOf is what a manifest says that it is.
func typeOf(m *ocispec.Manifest) string {
	if m.ArtifactType != "" {
		return m.ArtifactType
	}
	return m.Config.MediaType
}

// parseManifest reads an image manifest.
func parseManifest(data []byte) (*ocispec.Manifest, *Refusal) {
	if len(data) > MaxManifestBytes {
		return nil, refuse(TooBig, "The manifest is bigger than %d KiB.", MaxManifestBytes>>10)
	}
	var m ocispec.Manifest
	if err := decode(data, &m); err != nil {
		return nil, refuse(NotAPackage, "The manifest can't be read: %s.", err)
	}
	if m.SchemaVersion != 2 || m.MediaType != ocispec.MediaTypeImageManifest {
		return nil, refuse(NotAPackage, "This is no runbook: its manifest is of type %.100q, and a runbook's is %s.", m.MediaType, ocispec.MediaTypeImageManifest)
	}
	return &m, nil
}

// checkDescriptor refuses what must not be fetched or read.
func checkDescriptor(what string, d ocispec.Descriptor, mediaType string, limit int64) *Refusal {
	switch {
	case d.MediaType != mediaType:
		return refuse(Foreign, "The %s is of type %.100q, which should be %s.", what, d.MediaType, mediaType)
	case d.Digest.Validate() != nil || d.Digest.Algorithm() != digest.SHA256:
		return refuse(Foreign, "The %s of type %s is named by the digest %.100q. Packages use sha256 only.", what, d.MediaType, string(d.Digest))
	case d.Size < 0 || d.Size > limit:
		return refuse(TooBig, "The %s of type %s has %d bytes, and may have %d.", what, d.MediaType, d.Size, limit)
	case len(d.URLs) > 0:
		return refuse(Foreign, "The %s of type %s is to be fetched from elsewhere (urls). A package holds all that it needs.", what, d.MediaType)
	}
	return nil
}

func descriptor(mediaType string, content []byte) ocispec.Descriptor {
	return ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(content), Size: int64(len(content))}
}

// encode writes a document of ours, which always can be. Its digest counts:
// the order of the fields, which is that of the structs, and how strings are
// escaped are a part of the format.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func newManifest(artifactType string, config ocispec.Descriptor, layers []ocispec.Descriptor) *ocispec.Manifest {
	return &ocispec.Manifest{
		Versioned:    specs.Versioned{SchemaVersion: 2},
		MediaType:    ocispec.MediaTypeImageManifest,
		ArtifactType: artifactType,
		Config:       config,
		Layers:       layers,
	}
}

// repositoryName is a component of a repository's path (distribution-spec 1.1,
// "Pulling manifests") that is a name in a check file as well.
var repositoryName = regexp.MustCompile(`^[a-z][a-z0-9]*(?:(?:_|__|-+)[a-z0-9]+)*$`)

// maxNameBytes leaves room for NAME-VERSION.oci.tar in a file's name, which
// has 255 bytes on most systems; a tag has at most 128.
const (
	maxNameBytes    = 100
	maxVersionBytes = 128
)

// checkName refuses names and versions that can't be those of a repository and
// a tag.
func checkName(name, version string) *Refusal {
	switch {
	case name == "":
		return refuse(BadName, "The runbook has no name. Write a block runbook \"NAME\" { version = \"1.0.0\" } in one of its files.")
	case len(name) > maxNameBytes || !repositoryName.MatchString(name):
		return refuse(BadName, "The runbook's name %.120q can't be that of a repository. It must be lower-case letters and digits with single _ or - between them, begin with a letter and have at most %d bytes.", name, maxNameBytes)
	case version == "":
		return refuse(BadName, "The runbook has no version. Write version = \"1.0.0\" into its runbook block.")
	case len(version) > maxVersionBytes || !isVersion(version):
		return refuse(BadName, "The runbook's version %.140q is no complete semantic version such as \"1.4.0\", or has more than %d bytes.", version, maxVersionBytes)
	}
	return nil
}

// isVersion reports whether v is a complete semantic version.
func isVersion(v string) bool {
	return semver.IsValid("v"+v) && semver.Canonical("v"+v)+semver.Build("v"+v) == "v"+v
}

// parseCreated reads the time that a manifest names, which every file of the
// tree has.
func parseCreated(m *ocispec.Manifest) (time.Time, *Refusal) {
	text := m.Annotations[ocispec.AnnotationCreated]
	created, err := time.Parse(time.RFC3339, text)
	if err != nil || checkCreated(created) != nil || formatCreated(created) != text {
		return time.Time{}, refuse(Foreign, "The manifest's time %.100q (%s) is not written as in a package of ours, such as 1970-01-01T00:00:00Z.", text, ocispec.AnnotationCreated)
	}
	return created, nil
}

func formatCreated(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// MaxCreated is the last second since 1970 that can be a package's time: more
// a plain tar header can't hold.
const MaxCreated = 1<<33 - 1

func checkCreated(t time.Time) *Refusal {
	if s := t.Unix(); s < 0 || s > MaxCreated || t.Nanosecond() != 0 {
		return refuse(Foreign, "The time %s can't be a package's. It must be a whole second from 1970 to 2242.", t.Format(time.RFC3339Nano))
	}
	return nil
}

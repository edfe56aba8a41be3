package registry

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/linecheck/linecheck/rules/bundle"
)

// referrer is the manifest of something that refers to a package.
func referrer(t testing.TB, artifactType string, subject digest.Digest, size int64, note string) []byte {
	t.Helper()
	manifest, err := json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: artifactType,
		Config:      ocispec.DescriptorEmptyJSON,
		Layers:      []ocispec.Descriptor{{MediaType: artifactType, Digest: digest.FromString(note), Size: size}},
		Subject:     &ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: subject, Size: 1},
		Annotations: map[string]string{"note": note},
	})
	if err != nil {
		t.Fatal(err)
	}
	return manifest
}

// TestOtherReferrers hangs what scanners and strangers would on a package: all
// of it is passed over, and no content of it is fetched.
func TestOtherReferrers(t *testing.T) {
	var asked record
	host := serve(t, honest(), asked.tamper)
	l, ref := signed(t, "1.4.0", "", 1), netAt(t, host, "1.4.0")
	mustPush(t, plain(), ref, l)
	for _, manifest := range [][]byte{
		referrer(t, "application/spdx+json", l.Digest(), 1<<40, "a list of parts of 1 TiB"),
		referrer(t, "application/vnd.example", l.Digest(), 10, strings.Repeat("a big manifest ", 30_000)),
		referrer(t, bundleType, l.Digest(), 1<<40, "a signature of 1 TiB"),
		referrer(t, bundleType, l.Digest(), -1, "a signature of negative size"),
		[]byte(`{"schemaVersion":2,"subject":{"digest":"` + l.Digest().String() + `"},"layers":7}`),
	} {
		put(t, host, digest.FromBytes(manifest).String(), ocispec.MediaTypeImageManifest, manifest)
	}
	index := []byte(`{"schemaVersion":2,"mediaType":"` + ocispec.MediaTypeImageIndex + `","manifests":[],"subject":{"mediaType":"` + ocispec.MediaTypeImageManifest + `","digest":"` + l.Digest().String() + `","size":1}}`)
	put(t, host, digest.FromBytes(index).String(), ocispec.MediaTypeImageIndex, index)

	asked.reset()
	same(t, l, mustPull(t, plain(), ref))
	if blobs := asked.matching("/blobs/"); len(blobs) != 5 {
		t.Errorf("the blobs asked for are %q", blobs)
	}
	if lists := asked.matching("/referrers/"); len(lists) != 1 {
		t.Errorf("the lists asked for are %q", lists)
	}
}

// bundleType is what a signature of ours is.
const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// TestHostileReferrers has a registry list what it should not.
func TestHostileReferrers(t *testing.T) {
	l, other := signed(t, "1.4.0", "", 1), signed(t, "1.4.0", "other", 1)
	registry := honest()
	mustPush(t, plain(), netAt(t, serve(t, registry), "1.4.0"), l)
	mustPush(t, plain(), reference(t, "oci://"+serve(t, registry)+"/runbooks/net:1.5.0"), signed(t, "1.5.0", "", 1))
	theirs := other.Signatures[0].Manifest
	put(t, serve(t, registry), digest.FromBytes(theirs).String(), ocispec.MediaTypeImageManifest, theirs)

	listing := func(link string, all ...ocispec.Descriptor) tamper {
		page, err := json.Marshal(ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: all})
		if err != nil {
			t.Fatal(err)
		}
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "/referrers/") {
				return false
			}
			w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
			if link != "" {
				w.Header().Set("Link", "<"+r.URL.Path+link+`>; rel="next"`)
			}
			_, _ = w.Write(page)
			return true
		}
	}
	ours := manifestDescriptor(l.Signatures[0].Manifest)
	gone := manifestDescriptor([]byte("deleted since"))
	many := make([]ocispec.Descriptor, 10_000)
	for i := range many {
		many[i] = manifestDescriptor([]byte(strconv.Itoa(i)))
		many[i].ArtifactType = bundleType
	}
	big, lying := ours, manifestDescriptor(theirs)
	big.Size, lying.Size = bundle.MaxManifestBytes+1, 1
	path := ours
	path.Digest = "sha256:../../blobs"

	t.Run("passed over", func(t *testing.T) {
		host := serve(t, registry, listing("", gone, ours, ours, manifestDescriptor(theirs), path, ocispec.Descriptor{}))
		got := mustPull(t, plain(), netAt(t, host, "1.4.0"))
		if same(t, l, got); len(got.Signatures) != 1 {
			t.Errorf("%d signatures came", len(got.Signatures))
		}
		host = serve(t, registry, listing("", lying, ours))
		same(t, l, mustPull(t, plain(), netAt(t, host, "1.4.0")))
	})
	t.Run("too big to be one", func(t *testing.T) {
		got := mustPull(t, plain(), netAt(t, serve(t, registry, listing("", big)), "1.4.0"))
		if len(got.Signatures) > 0 {
			t.Error("it was fetched")
		}
	})
	for name, tamper := range map[string]tamper{
		"10,000 in one page": listing("", many...),
		"10,000 in pages":    listing("?n=1000", many[:1000]...),
		"a few more":         listing("", many[:maxReferrers+1]...),
		"endless pages":      listing("?n=1", ocispec.Descriptor{}),
	} {
		t.Run(name, func(t *testing.T) {
			var asked record
			wants(t, pullOf(t, plain(), serve(t, registry, asked.tamper, tamper)), TooBig)
			if manifests := asked.matching("/manifests/"); len(manifests) != 1 {
				t.Errorf("%d manifests were asked for", len(manifests))
			}
		})
	}
	t.Run("another manifest for the digest", func(t *testing.T) {
		host := serve(t, registry, func(w http.ResponseWriter, r *http.Request) bool {
			var sent atomic.Int64
			return strings.HasSuffix(r.URL.Path, ours.Digest.String()) && flow(w, int64(len(theirs)), bytes.NewReader(theirs), &sent)
		})
		wants(t, pullOf(t, plain(), host), WrongContent, "another digest", ours.Digest.String())
	})
	t.Run("too many signatures", func(t *testing.T) {
		host := serve(t, honest())
		many := signed(t, "1.4.0", "", bundle.MaxSignatures)
		mustPush(t, plain(), netAt(t, host, "1.4.0"), many)
		same(t, many, mustPull(t, plain(), netAt(t, host, "1.4.0")))
		one := packed(t, "1.4.0", "")
		if err := one.Sign(newKey(t)); err != nil {
			t.Fatal(err)
		}
		if err := plain().PushSignature(t.Context(), netAt(t, host, "1.4.0"), one); err != nil {
			t.Fatal(err)
		}
		wants(t, pullOf(t, plain(), host), TooBig, "more than 32 signatures")
	})
}

package registry

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/linecheck/linecheck/rules/bundle"
)

// TestDescribe fetches what says what a package is, and not what it holds.
func TestDescribe(t *testing.T) {
	host := serve(t, simple())
	l := signed(t, "1.4.0", "described", 2)
	mustPush(t, &Client{PlainHTTP: true}, netAt(t, host, "1.4.0"), l)

	var seen []string
	c := &Client{PlainHTTP: true, Progress: func(e Event) {
		if !slices.Contains(seen, e.What) {
			seen = append(seen, e.What)
		}
	}}
	got, err := c.Describe(t.Context(), reference(t, "oci://"+host+"/runbooks/net"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"config", "signature"}, seen); diff != "" {
		t.Errorf("fetched (-want +got):\n%s", diff)
	}
	if got.Digest() != l.Digest() || len(got.Blobs) != 1 {
		t.Errorf("%d blobs of %s", len(got.Blobs), got.Digest())
	}
	if diff := cmp.Diff(l.Signatures, got.Signatures); diff != "" {
		t.Errorf("signatures (-want +got):\n%s", diff)
	}
	named, err := bundle.Describe(got.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	config, err := bundle.ReadConfig(got.Manifest, got.Blobs[named[0].Digest])
	if err != nil || config.Name != "net" || config.Version != "1.4.0" {
		t.Errorf("config %+v: %v", config, err)
	}
}

package registry

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const someDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestParseReference(t *testing.T) {
	for text, want := range map[string]Reference{
		"oci://registry.example/net":                             {Host: "registry.example", Repository: "net"},
		"oci://registry.example:5000/runbooks/net:1.4.0":         {Host: "registry.example:5000", Repository: "runbooks/net", Tag: "1.4.0"},
		"oci://Registry.Example/runbooks/net:1.4.0":              {Host: "registry.example", Repository: "runbooks/net", Tag: "1.4.0"},
		"oci://127.0.0.1:5000/a/b/c/net@" + someDigest:           {Host: "127.0.0.1:5000", Repository: "a/b/c/net", Digest: someDigest},
		"oci://[::1]:5000/net:1.0.0-rc.1@" + someDigest:          {Host: "[::1]:5000", Repository: "net", Tag: "1.0.0-rc.1", Digest: someDigest},
		"oci://[2001:db8::1]/net":                                {Host: "[2001:db8::1]", Repository: "net"},
		"oci://localhost/net:1.0.0+eu.7":                         {Host: "localhost", Repository: "net", Tag: "1.0.0_eu.7"},
		"oci://localhost/net:1.0.0_eu.7":                         {Host: "localhost", Repository: "net", Tag: "1.0.0_eu.7"},
		"oci://my_registry.example/mail-gateway__v2/a.b:10.20.3": {Host: "my_registry.example", Repository: "mail-gateway__v2/a.b", Tag: "10.20.3"},
	} {
		got, err := ParseReference(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestReferenceParts(t *testing.T) {
	ref, err := ParseReference("oci://registry.example/runbooks/net:1.0.0+eu")
	if err != nil {
		t.Fatal(err)
	}
	if ref.Name() != "net" || ref.Version() != "1.0.0+eu" || ref.String() != "oci://registry.example/runbooks/net:1.0.0_eu" {
		t.Errorf("name %q, version %q, text %q", ref.Name(), ref.Version(), ref)
	}
	if next := ref.At("2.0.0+x"); next.Tag != "2.0.0_x" || next.Version() != "2.0.0+x" || next.Repository != ref.Repository {
		t.Errorf("At gives %q", next)
	}
	if v := (Reference{Repository: "net"}).Version(); v != "" {
		t.Errorf("without a tag the version is %q", v)
	}
}

// TestBadReference looks for the remedy in the message of each slip.
func TestBadReference(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                                "oci://HOST/PATH/NAME:VERSION",
		"registry.example/net:1.0.0":                                      "oci:// before it",
		"https://registry.example/net:1.0.0":                              "oci:// before it",
		"./net.oci.tar":                                                   "./ before it if it is a file",
		"oci://":                                                          "names no repository",
		"oci://registry.example":                                          "names no repository",
		"oci://registry.example/":                                         "names no repository",
		"oci:///net:1.0.0":                                                "is no host",
		"oci://user:secret@registry.example/net":                          "oci://…@registry.example/net: A reference holds no credentials",
		"oci://registry.example:0/net":                                    "number from 1 to 65535",
		"oci://registry.example:65536/net":                                "number from 1 to 65535",
		"oci://registry.example:http/net":                                 "is no host",
		"oci://::1/net":                                                   "brackets",
		"oci://[::1/net":                                                  "brackets",
		"oci://[fe80::1%25eth0]/net":                                      "is no host",
		"oci://registry.example:/net":                                     "number from 1 to 65535",
		"oci://-registry/net":                                             "is no host name or address",
		"oci://registry.example/Net:1.0.0":                                "Capital letters",
		"oci://registry.example/a//net:1.0.0":                             "can't be the name",
		"oci://registry.example/../net:1.0.0":                             "can't be the name",
		"oci://registry.example/net:":                                     "must be a version",
		"oci://registry.example/net:latest":                               `must be a version such as "1.4.0", not "latest"`,
		"oci://registry.example/net:1.4":                                  "must be a version",
		"oci://registry.example/net:v1.4.0":                               "must be a version",
		"oci://registry.example/net:1.0.0+a+b":                            "must be a version",
		"oci://registry.example/net:1.0.0 ":                               "must be a version",
		"oci://registry.example/net@sha256:abc":                           "64 hexadecimal digits",
		"oci://registry.example/net@" + strings.ToUpper(someDigest):       "lower case",
		"oci://registry.example/net@sha512:" + strings.Repeat("0", 128):   "sha256:",
		"oci://registry.example/net:1.0.0-" + strings.Repeat("a", maxTag): "must be a version",
		"oci://registry.example/" + strings.Repeat("a", maxRepository+1):  "can't be the name",
		"oci://registry.example/" + strings.Repeat("a", maxReference):     "at most 512 bytes",
		"oci://registry.example/\x1b[31mnet":                              "can't be the name",
		"oci://registry.\u202eexample/net":                                "no host",
	} {
		_, err := ParseReference(text)
		var e *Error
		if !errors.As(err, &e) || e.Code != BadReference || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v\nwant the words: %s", text, err, want)
			continue
		}
		fitForTerminal(t, err.Error())
	}
}

func TestVersionOrder(t *testing.T) {
	ascending := strings.Fields("0.9.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-rc.2 1.0.0-rc.10 1.0.0 1.0.0+a 1.0.0+b 1.2.0 1.10.0 10.0.0")
	for i, a := range ascending {
		for j, b := range ascending {
			if got := CompareVersions(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s against %s: %d", a, b, got)
			}
		}
	}
}

// FuzzParseReference holds that a reference reads as what it is printed as,
// and that only such hosts and paths get through as make a harmless URL.
func FuzzParseReference(f *testing.F) {
	for _, seed := range []string{
		"oci://registry.example:5000/runbooks/net:1.4.0",
		"oci://[::1]:5000/net:1.0.0-rc.1+eu@" + someDigest,
		"oci://user@registry.example/net", "oci://a/b?c=d", "oci://a/b#c", "oci://a/%2e%2e/b", "oci://[::1]x/n", "oci://a:/n", "oci://a:00080/n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := ParseReference(text)
		if err != nil {
			fitForTerminal(t, err.Error())
			return
		}
		again, err := ParseReference(ref.String())
		if err != nil || again != ref {
			t.Fatalf("%q is %#v, which prints as %q, which is %#v, %v", text, ref, ref, again, err)
		}
		if strings.ContainsAny(ref.Host+ref.Tag, "/?#@%\\ ") || strings.ContainsAny(ref.Repository, "?#@%\\ ") || strings.Contains(ref.Repository, "..") {
			t.Fatalf("%q has the host %q and the tag %q", text, ref.Host, ref.Tag)
		}
		if ref.Version() == "" != (ref.Tag == "") {
			t.Fatalf("%q has the tag %q and the version %q", text, ref.Tag, ref.Version())
		}
	})
}

package lock_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules/bundle/lock"
	"github.com/linecheck/linecheck/rules/format"
	"github.com/linecheck/linecheck/rules/language"
)

const (
	aDigest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	aHash   = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	bHash   = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)

func messages(diags hcl.Diagnostics) []string {
	var out []string
	for _, d := range diags {
		at := ""
		if d.Subject != nil {
			at = d.Subject.String() + ": "
		}
		out = append(out, at+d.Summary+": "+d.Detail)
	}
	return out
}

func readLock(text string) (*lock.File, []string) {
	l, diags := lock.Read("checks.d", fstest.MapFS{language.LockName: {Data: []byte(text)}})
	return l, messages(diags)
}

func TestLockRoundTrip(t *testing.T) {
	entries := []*lock.Entry{
		{Name: "mail", Source: "oci://localhost:5000/mail", Version: "1.0.0-rc.1", Digest: aDigest, Hashes: []string{aHash}},
		{Name: "net", Source: "oci://registry.example/a/net", Version: "2.1.3", Constraints: "~> 2.1", Digest: aDigest,
			Hashes: []string{bHash, aHash}, Signer: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
	}
	text := (&lock.File{Entries: entries}).Bytes()
	backwards := slices.Clone(entries)
	slices.Reverse(backwards)
	if other := (&lock.File{Entries: backwards}).Bytes(); string(other) != string(text) {
		t.Errorf("the order of the entries shows:\n%s\n%s", text, other)
	}
	if formatted, diags := format.Source(language.LockName, text); diags.HasErrors() || string(formatted) != string(text) {
		t.Errorf("not as fmt has it (%v):\n%s", diags, cmp.Diff(string(formatted), string(text)))
	}
	got, problems := readLock(string(text))
	if problems != nil {
		t.Fatalf("%q in\n%s", problems, text)
	}
	entries[1].Hashes = []string{aHash, bHash} // they are sorted
	if diff := cmp.Diff(entries, got.Entries, cmpopts.IgnoreFields(lock.Entry{}, "DeclRange")); diff != "" {
		t.Errorf("entries (-want +got):\n%s\n%s", diff, text)
	}
	if string(got.Text) != string(text) || got.Name != "checks.d/"+language.LockName || got.Entry("net") != got.Entries[1] || got.Entry("ne") != nil {
		t.Errorf("lock is %+v", got)
	}
}

func TestLockMissing(t *testing.T) {
	l, diags := lock.Read("checks.d", fstest.MapFS{})
	if len(diags) > 0 {
		t.Error(messages(diags))
	}
	if l == nil || l.Text != nil || len(l.Entries) != 0 {
		t.Errorf("lock is %+v", l)
	}
}

func TestLockRefuses(t *testing.T) {
	const whole = `import "net" {
  source  = "oci://registry.example/net"
  version = "2.1.3"
  digest  = "` + aDigest + `"
  hashes = [
    "` + aHash + `",
  ]
}
`
	if _, problems := readLock(whole); problems != nil {
		t.Fatalf("%q", problems)
	}
	for name, test := range map[string]struct{ old, new, want string }{
		"source":     {`oci://registry.example/net`, "https://registry.example/net", "must be a package such as"},
		"tag":        {`example/net"`, `example/net:2.1.3"`, "without a tag or digest"},
		"version":    {"2.1.3", "new", "must be a version"},
		"digest":     {"sha256:e3", "sha256:E3", "64 hexadecimal digits"},
		"hash":       {"h1:47DE", "h1:7DE", "must be hashes such as"},
		"no hash":    {"\n    \"" + aHash + "\",\n  ", "", "must hold a hash"},
		"no version": {"  version = \"2.1.3\"\n", "", "Missing version"},
		"attribute":  {"  digest ", "  comment = \"mine\"\n  digest ", `no attribute "comment"`},
		"block":      {"import \"net\"", "provider \"net\"", "Unknown block"},
		"twice":      {whole, whole + whole, "There is a lock of this name already"},
		"syntax":     {"}", "", "Unclosed"},
		"variable":   {`"2.1.3"`, "var.version", "must be a constant"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(whole, test.old, test.new, 1)
			_, problems := readLock(text)
			if len(problems) != 1 || !strings.Contains(problems[0], test.want) || !strings.HasPrefix(problems[0], "checks.d/"+language.LockName+":") || !strings.Contains(problems[0], `"linecheck lock"`) {
				t.Errorf("got %q, want one with its place and %q", problems, test.want)
			}
		})
	}
}

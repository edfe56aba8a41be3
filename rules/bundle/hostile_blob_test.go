package bundle_test

import (
	"bytes"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/linecheck/linecheck/rules/bundle"
	"github.com/linecheck/linecheck/rules/bundle/tree"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// exchanged changes blobs of a type behind the manifest's back.
func exchanged(mediaType string, change func([]byte) []byte) forgery {
	return forgery{layout: func(l *bundle.Layout) {
		named, err := bundle.Describe(l.Manifest)
		if err != nil {
			panic(err)
		}
		for _, d := range named {
			if d.MediaType != mediaType {
				continue
			}
			if content := change(bytes.Clone(l.Blobs[d.Digest])); content != nil {
				l.Blobs[d.Digest] = content
			} else {
				delete(l.Blobs, d.Digest)
			}
		}
	}}
}

func flipped(b []byte) []byte {
	b[0] ^= 1
	return b
}

func configured(key string, value any) forgery {
	return forgery{config: func(c map[string]any) { c[key] = value }}
}

// lie says the same untruth in the config and in the manifest.
func lie(key, value, annotation string) forgery {
	f := configured(key, value)
	f.manifest = func(m *ocispec.Manifest) { m.Annotations[annotation] = value }
	return f
}

// importingOften is one import as it should be, named n times.
func importingOften(n int) forgery {
	text := strings.Repeat("#", 15*mib) + "\n"
	h1, err := tree.Hash(fstest.MapFS{"a.hcl": {Data: []byte(text)}})
	if err != nil {
		panic(err)
	}
	f := importing("ip", h1, plain(language.LockName, strings.Replace(aLock, vendoredHash, h1, 1)), plain("vendor/ip/a.hcl", text))
	f.config = func(c map[string]any) {
		c["imports"] = slices.Repeat([]bundle.Import{{Name: "ip", Source: "oci://registry.example/ip", Version: "0.1.0", H1: h1}}, n)
	}
	return f
}

// locking is a tree with a lock file.
func locking(text string) forgery {
	return forgery{entries: append([]tarEntry{plain(language.LockName, text)}, soundTree()...)}
}

// importing is a package that says it has an import.
func importing(name, h1 string, more ...tarEntry) forgery {
	f := configured("imports", []bundle.Import{{Name: name, Source: "oci://registry.example/ip", Version: "0.1.0", H1: h1}})
	f.entries = soundTree(more...)
	slices.SortFunc(f.entries, func(a, b tarEntry) int { return strings.Compare(a.Name, b.Name) })
	return f
}

// hostileBlobs have blobs that are not what they were said to be, and configs
// that lie.
var hostileBlobs = []hostile{
	{name: "tree of another digest", forgery: exchanged(bundle.TreeType, flipped), code: bundle.WrongDigest, reason: "layer.v1.tar is not the one"},
	{name: "config of another digest", forgery: exchanged(bundle.ConfigType, flipped), code: bundle.WrongDigest, reason: "config.v1+json is not the one"},
	{name: "README that is not the tree's", forgery: forgery{entries: []tarEntry{plain("00-runbook.hcl", theBlock), plain("README.md", "# Another\n")}}, code: bundle.Contradiction, reason: "README.md in the tree is not the one"},
	{name: "README that the tree lacks", forgery: forgery{entries: []tarEntry{plain("00-runbook.hcl", theBlock)}}, code: bundle.Contradiction, reason: "there is none in the tree"},
	{name: "README that only the tree has", forgery: forgery{
		manifest: func(m *ocispec.Manifest) { m.Layers = m.Layers[:1] },
		layout:   func(l *bundle.Layout) { delete(l.Blobs, digest.FromString("# net\n")) },
	}, code: bundle.Contradiction, reason: "README.md in the tree is not the one"},
	{name: "README of another digest", forgery: exchanged(bundle.ReadmeType, flipped), code: bundle.WrongDigest, reason: "text/markdown is not the one"},
	{name: "tree cut short", forgery: exchanged(bundle.TreeType, func(b []byte) []byte { return b[:1024] }), code: bundle.WrongDigest, reason: "has 1024 bytes"},
	{name: "tree that goes on", forgery: exchanged(bundle.TreeType, func(b []byte) []byte { return append(b, 0) }), code: bundle.WrongDigest, reason: "were named"},
	{name: "tree that is missing", forgery: exchanged(bundle.TreeType, func([]byte) []byte { return nil }), code: bundle.Damaged, reason: "is missing"},
	{name: "config that is missing", forgery: exchanged(bundle.ConfigType, func([]byte) []byte { return nil }), code: bundle.Damaged, reason: "is missing"},
	{name: "config that lies about its name", forgery: configured("name", "mail-line"), code: bundle.Contradiction, reason: `config says mail-line 1.2.0, and its manifest says "net" "1.2.0"`},
	{name: "config that lies about its version", forgery: configured("version", "9.9.9"), code: bundle.Contradiction, reason: "config says net 9.9.9"},
	{name: "config and manifest that lie about the name", forgery: lie("name", "mail-line", ocispec.AnnotationTitle), code: bundle.Contradiction, reason: `says "mail-line" for the runbook's name, and the runbook block in its tree says "net"`},
	{name: "config and manifest that lie about the version", forgery: lie("version", "9.9.9", ocispec.AnnotationVersion), code: bundle.Contradiction, reason: `says "9.9.9" for the runbook's version, and the runbook block in its tree says "1.2.0"`},
	{name: "config that lies about its title", forgery: configured("title", "Safe"), code: bundle.Contradiction, reason: `"Safe" for the runbook's title`},
	{name: "manifest that lies about the license", forgery: manifested(func(m *ocispec.Manifest) { m.Annotations[ocispec.AnnotationLicenses] = "MIT" }), code: bundle.Contradiction, reason: `"MIT" for the runbook's license`},
	{name: "config that lies about what it requires", forgery: configured("requires", []string{">= 99"}), code: bundle.Contradiction, reason: `[">= 99"] for the versions`},
	{name: "version changed by an override", forgery: treed(plain("override.hcl", "runbook \"net\" {\n  version = \"0.1.0\"\n}\n")), code: bundle.Contradiction, reason: `says "0.1.0"`},
	{name: "no runbook block", forgery: forgery{entries: []tarEntry{plain("a.hcl", "# nothing")}}, code: bundle.BadName, reason: "no runbook block"},
	{name: "two runbook blocks", forgery: treed(plain("a.hcl", "runbook \"mail-line\" {\n  version = \"1.2.0\"\n}\n")), code: bundle.BadTree, reason: "a.hcl"},
	{name: "runbook block that never ends", forgery: treed(plain("a.hcl", "runbook \"net\" {")), code: bundle.BadTree, reason: "a.hcl"},
	{name: "runbook block of 1 MiB", forgery: forgery{entries: []tarEntry{plain("a.hcl", "runbook \"net\" {\n"+strings.Repeat("# x\n", mib/4)+"}\n")}}, code: bundle.BadTree, reason: "bigger than 64 KiB"},
	{name: "runbook block beside much else", forgery: treed(plain("a.hcl.json", `{"locals":{"runbook":["`+strings.Repeat(`","`, 5*mib)+`"]}}`)), code: bundle.BadTree, reason: "more than 4 MiB"},
	{name: "import that the lock file does not have", forgery: importing("ip", vendoredHash, plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: ".runbook.lock.hcl in its tree does not"},
	{name: "import that is kept back", forgery: locking(aLock), code: bundle.Contradiction, reason: `names the import "ip", and the package does not`},
	{name: "import with another hash than in the lock file", forgery: importing("ip", "h1:x", plain(language.LockName, aLock), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: "does not. Have"},
	{name: "import in another version than in the lock file", forgery: importing("ip", vendoredHash, plain(language.LockName, strings.Replace(aLock, "0.1.0", "0.2.0", 1)), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: `in version "0.1.0"`},
	{name: "import from another place than in the lock file", forgery: importing("ip", vendoredHash, plain(language.LockName, strings.Replace(aLock, "registry.example", "other.example", 1)), plain("vendor/ip/a.hcl", "")), code: bundle.Contradiction, reason: `from "oci://registry.example/ip"`},
	{name: "import of which the copy was changed", forgery: importing("ip", vendoredHash, plain(language.LockName, aLock), plain("vendor/ip/a.hcl", "evil")), code: bundle.Contradiction, reason: "is not the one that its lock file names"},
	{name: "import of which the copy is missing", forgery: importing("ip", vendoredHash, plain(language.LockName, aLock)), code: bundle.Damaged, reason: "there is no folder vendor/ip"},
	{name: "import a thousand times", forgery: importingOften(1000), code: bundle.Contradiction, reason: `twice what it imports as "ip"`},
	{name: "import with a path for a name", forgery: importing("../..", vendoredHash, plain(language.LockName, aLock)), code: bundle.Contradiction, reason: `imports "../.."`},
	{name: "lock file that can't be read", forgery: locking("import {"), code: bundle.BadTree, reason: "lock file in the tree can't be read"},
	{name: "lock file of 1 MiB", forgery: locking(strings.Repeat("#", mib)), code: bundle.TooBig, reason: "has 1048576 bytes"},
	{name: "config that lies about its tree", forgery: configured("h1", "h1:AAAA"), code: bundle.Contradiction, reason: `has the hash "h1:AAAA"`},
	{name: "config without a hash", forgery: configured("h1", ""), code: bundle.Contradiction, reason: "the hash"},
	{name: "config with a path for a name", forgery: configured("name", "../../evil"), code: bundle.BadName, reason: `"../../evil" can't be that of a repository`},
	{name: "config with a tag for a version", forgery: configured("version", "latest"), code: bundle.BadName, reason: `"latest" is no complete semantic version`},
	{name: "config with signs that a terminal obeys", forgery: configured("name", "net\x1b[2J"), code: bundle.BadName, reason: `"net\x1b[2J"`},
	{name: "config that is no JSON", forgery: forgery{rawConf: func([]byte) []byte { return []byte("name: net") }}, code: bundle.NotAPackage, reason: "config can't be read"},
	{name: "config nested 3,000 deep", forgery: forgery{rawConf: member(`"x":` + nested(3000))}, code: bundle.NotAPackage, reason: "nested more than 32 deep"},
	{name: "config with two names", forgery: forgery{rawConf: member(`"name":"mail-line"`)}, code: bundle.NotAPackage, reason: `the key "name" stands twice`},
	{name: "another name than was asked for", policy: bundle.Policy{Name: "mail-line"}, code: bundle.OtherPackage, reason: "This is the runbook net, and mail-line was asked for"},
	{name: "an older version than was asked for", policy: bundle.Policy{Name: "net", Version: "1.3.0"}, code: bundle.OtherPackage, reason: "This is version 1.2.0 of net, and 1.3.0 was asked for"},
	{name: "another digest than was asked for", policy: bundle.Policy{Digest: digest.FromString("x")}, code: bundle.WrongDigest, reason: "was asked for"},
}

package registry

import (
	"fmt"
	"net"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"
	"golang.org/x/mod/semver"
)

// Scheme begins every reference, so that a reference is never taken for a file
// or folder, nor the other way round.
const Scheme = "oci://"

// A Reference names a package in a registry:
//
//	oci://registry.example:5000/runbooks/net:1.4.0@sha256:…
//
// The last component of the repository is the runbook's name, the tag its
// version. Both the tag and the digest may be missing.
type Reference struct {
	Host       string        // as in a URL, with the port if it is not the scheme's
	Repository string        // such as runbooks/net
	Tag        string        // the version, with "_" for its "+"; "": the newest release
	Digest     digest.Digest // of the manifest; "": whatever the tag names
}

const (
	maxReference  = 512 // bytes that a reference may be long
	maxRepository = 255 // bytes, as Docker has it
	maxTag        = 128 // bytes, OCI distribution spec 1.1, "Pulling manifests"
)

// repositoryPattern is that of the OCI distribution spec 1.1, "Pulling
// manifests".
var repositoryPattern = regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)

// hostPattern is what a name or an IPv4 address is made of.
var hostPattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$`)

// tagPattern is that of the OCI distribution spec 1.1, "Pulling manifests".
var tagPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`)

// ParseReference reads a reference as a person writes it. A version's "+" may
// stand as "+" or, as in tags, as "_".
func ParseReference(text string) (Reference, error) {
	bad := func(format string, args ...any) (Reference, error) {
		return Reference{}, &Error{Op: "read", Reference: excerpt(text), Code: BadReference, Detail: fmt.Sprintf(format, args...)}
	}
	if len(text) > maxReference {
		return bad("A reference has at most %d bytes, this one has %d.", maxReference, len(text))
	}
	rest, ok := strings.CutPrefix(text, Scheme)
	if !ok {
		return bad(`A package in a registry is named oci://HOST/PATH/NAME:VERSION. Write oci:// before it if a registry is meant, or ./ before it if it is a file.`)
	}
	host, repository, found := strings.Cut(rest, "/")
	if at := strings.LastIndex(host, "@"); at >= 0 {
		text = Scheme + "…" + rest[at:] // what stands before it is a secret
		return bad("A reference holds no credentials. Store them: docker login %s", excerpt(host[at+1:]))
	}
	if !found || repository == "" {
		return bad("It names no repository. Write oci://HOST/PATH/NAME:VERSION.")
	}
	var ref Reference
	if before, after, found := strings.Cut(repository, "@"); found {
		if ref.Digest = digest.Digest(after); ref.Digest.Validate() != nil || ref.Digest.Algorithm() != digest.SHA256 {
			return bad(`What follows "@" must be a digest, sha256: and 64 hexadecimal digits in lower case.`)
		}
		repository = before
	}
	if problem := badHost(host); problem != "" {
		return bad("%s", problem)
	}
	ref.Host = strings.ToLower(host)
	repository, tag, found := strings.Cut(repository, ":")
	if ref.Repository = repository; len(repository) > maxRepository || !repositoryPattern.MatchString(repository) {
		return bad(`%s can't be the name of a repository: each part between slashes consists of the letters a to z, digits and, between these, single dots, "_" or "-". Capital letters are not allowed.`, quoted(repository))
	}
	if ref.Tag = tagOf(tag); found && (len(ref.Tag) > maxTag || !tagPattern.MatchString(ref.Tag) || ref.Version() == "") {
		return bad(`The tag must be a version such as "1.4.0", not %s. Without a tag the newest release is taken.`, quoted(tag))
	}
	return ref, nil
}

// badHost says what is wrong with a host and port; "": nothing.
func badHost(host string) string {
	u, err := url.Parse("https://" + host)
	if err != nil || u.Host != host || u.User != nil || u.Hostname() == "" {
		return fmt.Sprintf("%s is no host. Write a name or an address, with :PORT if the registry has one of its own, and an IPv6 address in brackets.", quoted(host))
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil && !hostPattern.MatchString(u.Hostname()) {
		return fmt.Sprintf("%s is no host name or address.", quoted(u.Hostname()))
	}
	if n, err := strconv.ParseUint(u.Port(), 10, 16); strings.HasSuffix(host, ":") || u.Port() != "" && (err != nil || n == 0) {
		return fmt.Sprintf("%s is no port: it is a number from 1 to 65535.", quoted(u.Port()))
	}
	return ""
}

// String is the reference as ParseReference reads it.
func (r Reference) String() string {
	text := Scheme + r.Host + "/" + r.Repository
	if r.Tag != "" {
		text += ":" + r.Tag
	}
	if r.Digest != "" {
		text += "@" + r.Digest.String()
	}
	return text
}

// Name is the runbook's name, the last component of the repository.
func (r Reference) Name() string { return path.Base(r.Repository) }

// Version is the version that the tag stands for; "" without a tag.
func (r Reference) Version() string {
	if v, ok := versionOf(r.Tag); ok {
		return v
	}
	return ""
}

// At is the package of the same repository with that version.
func (r Reference) At(version string) Reference {
	return Reference{Host: r.Host, Repository: r.Repository, Tag: tagOf(version)}
}

// tagOf writes a version as a tag, in which "+" is not allowed. No version has
// a "_", so nothing is lost.
func tagOf(version string) string { return strings.ReplaceAll(version, "+", "_") }

// versionOf is the version that a tag stands for, and false for tags that are
// no complete semantic versions.
func versionOf(tag string) (string, bool) {
	v := strings.ReplaceAll(tag, "_", "+")
	complete := semver.Canonical("v"+v) + semver.Build("v"+v) // "1.4" is valid and not complete
	return v, v != "" && "v"+v == complete
}

// CompareVersions orders versions by their rank (semver.org, section 11), those
// of the same rank, which differ behind "+", by their text: the order must not
// be the registry's. It is negative where a is older than b.
func CompareVersions(a, b string) int {
	if n := semver.Compare("v"+a, "v"+b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

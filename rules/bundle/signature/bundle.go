package signature

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/opencontainers/go-digest"
)

// A bundle is what counts of a signature's file.
type bundle struct {
	payload []byte
	sig     []byte
	hint    string // a claim that proves nothing
}

// damage is a Failure about the form of a bundle or of its statement.
func damage(format string, args ...any) error {
	return failed(Damaged, "the signature is damaged: "+format+"; get the package and its signature again from where it is published", args...)
}

// parseBundle reads a bundle and proves its form, as far as that can be proven
// without a key.
func parseBundle(raw []byte) (bundle, error) {
	if len(raw) > MaxSize {
		return bundle{}, damage("it has %d bytes, and a signature has at most %d", len(raw), MaxSize)
	}
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return bundle{}, damage("it is not JSON")
	}
	top, err := object(raw)
	if err != nil {
		return bundle{}, damage("%v", err)
	}
	if media, err := text(top["mediaType"]); err != nil || media != MediaType {
		return bundle{}, damage("its media type is not %s", MediaType)
	}
	if err := only(top, "mediaType", "verificationMaterial", "dsseEnvelope"); err != nil {
		return bundle{}, damage("%v", err)
	}
	var b bundle
	if b.hint, err = parseMaterial(top["verificationMaterial"]); err != nil {
		return bundle{}, err
	}
	if b.payload, b.sig, err = parseEnvelope(top["dsseEnvelope"]); err != nil {
		return bundle{}, damage("%v", err)
	}
	return b, nil
}

// parseMaterial reads how a bundle names its key.
func parseMaterial(raw json.RawMessage) (hint string, err error) {
	material, err := object(raw)
	if err != nil {
		return "", damage("verificationMaterial: %v", err)
	}
	for _, name := range []string{"certificate", "x509CertificateChain"} {
		if material[name] != nil {
			return "", failed(Untrusted, "the signature was made with a certificate; here only keys are trusted, so have the package signed with a key")
		}
	}
	if err := only(material, "publicKey", "tlogEntries", "timestampVerificationData"); err != nil {
		return "", damage("verificationMaterial: %v", err)
	}
	key, err := object(material["publicKey"])
	if err == nil {
		err = only(key, "hint")
	}
	if err != nil {
		return "", damage("publicKey: %v", err)
	}
	if key["hint"] == nil {
		return "", nil
	}
	if hint, err = text(key["hint"]); err != nil {
		return "", damage("hint: %v", err)
	}
	return hint, nil
}

// parseEnvelope reads a DSSE envelope, which in a bundle has one signature.
func parseEnvelope(raw json.RawMessage) (payload, sig []byte, err error) {
	envelope, err := object(raw)
	if err == nil {
		err = only(envelope, "payload", "payloadType", "signatures")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("dsseEnvelope: %w", err)
	}
	if kind, err := text(envelope["payloadType"]); err != nil || kind != payloadType {
		return nil, nil, fmt.Errorf("the type of its payload is not %s", payloadType)
	}
	if payload, err = binary(envelope["payload"]); err != nil {
		return nil, nil, fmt.Errorf("payload: %w", err)
	}
	signatures, err := list(envelope["signatures"])
	if err != nil || len(signatures) != 1 {
		return nil, nil, errors.New("it does not hold exactly one signature")
	}
	signature, err := object(signatures[0])
	if err == nil {
		err = only(signature, "sig", "keyid")
	}
	if err == nil {
		sig, err = binary(signature["sig"])
	}
	if err != nil {
		return nil, nil, fmt.Errorf("signatures: %w", err)
	}
	return payload, sig, nil
}

// parseStatement is the SHA-256 of the one thing that a signed statement says
// to be signed.
func parseStatement(payload []byte) (sha256 string, err error) {
	if !utf8.Valid(payload) || !json.Valid(payload) {
		return "", damage("what is signed is not JSON")
	}
	statement, err := object(payload)
	if err != nil {
		return "", damage("what is signed: %v", err)
	}
	if kind, err := text(statement["_type"]); err != nil || kind != statementType {
		return "", damage("what is signed is not of the type %s", statementType)
	}
	if kind, err := text(statement["predicateType"]); err != nil || kind != PredicateType {
		return "", failed(Elsewhere, "a trusted key states something else of the package, not that it is signed: the type of its statement is not %s; have the package signed", PredicateType)
	}
	subjects, err := list(statement["subject"])
	if err != nil || len(subjects) != 1 {
		return "", damage("what is signed is not exactly one thing")
	}
	subject, err := object(subjects[0])
	if err != nil {
		return "", damage("subject: %v", err)
	}
	digests, err := object(subject["digest"])
	if err == nil {
		err = only(digests, "sha256")
	}
	if err == nil {
		sha256, err = text(digests["sha256"])
	}
	if err != nil {
		return "", damage("digest: %v", err)
	}
	if _, err := sha256Hex(digest.Digest("sha256:" + sha256)); err != nil {
		return "", damage("the digest in it is not 64 hexadecimal digits in lower case")
	}
	return sha256, nil
}

// object is the members of a JSON object in valid JSON. A name that stands
// there twice, however it is escaped, is an error.
func object(raw []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("an object is missing")
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if members[name] != nil {
			return nil, fmt.Errorf("the name %s stands twice in one object", quotedName(name))
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		members[name] = value
	}
	return members, nil
}

// only demands that an object has no other members. Names count as written:
// encoding/json alone would take "MEDIATYPE" for "mediaType".
func only(members map[string]json.RawMessage, known ...string) error {
	var others []string
	for name := range members {
		if !slices.Contains(known, name) {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return fmt.Errorf("the field %s is unknown", quotedName(slices.Min(others)))
}

func text(raw json.RawMessage) (s string, err error) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", errors.New("a text is missing")
	}
	err = json.Unmarshal(raw, &s)
	return s, err
}

func list(raw json.RawMessage) (values []json.RawMessage, err error) {
	if len(raw) == 0 || raw[0] != '[' {
		return nil, errors.New("a list is missing")
	}
	err = json.Unmarshal(raw, &values)
	return values, err
}

// binary reads base64 of the standard alphabet, padded, and nothing that
// decodes to the same bytes by a reader's indulgence: line ends, bits that do
// not count.
func binary(raw json.RawMessage) ([]byte, error) {
	s, err := text(raw)
	if err != nil {
		return nil, err
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || strings.ContainsAny(s, "\r\n") || len(b) == 0 {
		return nil, errors.New("the base64 in it is not in its one standard form")
	}
	return b, nil
}

// quotedName makes a name out of a stranger's file fit for a terminal.
func quotedName(name string) string {
	const most = 40 // longer than every name of the format
	if len(name) > most {
		name = name[:most]
	}
	return fmt.Sprintf("%q", name)
}

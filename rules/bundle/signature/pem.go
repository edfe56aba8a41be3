package signature

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxKeyFile is how large the file of a key may be: a key has a few hundred
// bytes, and the rest is text for people.
const maxKeyFile = 64 << 10

// onlyBlock is the one PEM block of a file and the text before it. What follows
// it is refused, since somebody would write there what is then not read; so is a
// second block, of which one would have to be chosen.
func onlyBlock(file []byte) (block *pem.Block, before string, err error) {
	if len(file) > maxKeyFile {
		return nil, "", fmt.Errorf("the file has %d bytes and is no key: one has at most %d; look whether it is the right file", len(file), maxKeyFile)
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff")) // editors on Windows write it
	if err := plainText(file); err != nil {
		return nil, "", err
	}
	begin := []byte("-----BEGIN ")
	switch n := bytes.Count(file, begin); {
	case n == 0 && looksLikeSSH(file):
		return nil, "", fmt.Errorf("the file holds a key in the form of OpenSSH, and a PEM block is needed; %s", howToMake)
	case n == 0:
		return nil, "", fmt.Errorf(`the file holds no PEM block, that is no line that begins with "-----BEGIN "; %s`, howToMake)
	case n > 1:
		return nil, "", fmt.Errorf("the file holds %d PEM blocks; keep one key, and put others into files of their own", n)
	}
	before, _, _ = strings.Cut(string(file), string(begin))
	block, rest := pem.Decode(file)
	if block == nil {
		return nil, "", errors.New("the PEM block in the file is damaged; copy the whole file again, from its line -----BEGIN to its line -----END")
	}
	if text := bytes.TrimSpace(rest); len(text) > 0 {
		return nil, "", errors.New("the file goes on after the PEM block; keep only the key there, and write notes above it")
	}
	return block, before, nil
}

// plainText refuses a file in which a person reads other lines than a program: of
// another encoding, such as UTF-16, with control characters, with line ends that
// are none here, or with characters that nobody sees.
func plainText(file []byte) error {
	const remedy = "write it again as plain UTF-8 text with line ends LF or CR LF"
	line := 1
	for i := 0; i < len(file); {
		r, size := utf8.DecodeRune(file[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Errorf("line %d of the file is not UTF-8 text; %s", line, remedy)
		case r == '\n':
			line++
		case r == '\t', r == '\r' && bytes.HasPrefix(file[i+size:], []byte("\n")):
		case !unicode.IsGraphic(r):
			return fmt.Errorf("line %d of the file holds the character %U, which is no part of plain text; %s", line, r, remedy)
		}
		i += size
	}
	return nil
}

// looksLikeSSH recognises the one-line form of a public key of OpenSSH.
func looksLikeSSH(file []byte) bool {
	return bytes.HasPrefix(file, []byte("ssh-")) || bytes.HasPrefix(file, []byte("ecdsa-sha2-")) || bytes.HasPrefix(file, []byte("sk-"))
}

// wantBlock demands the type that a block must have, and explains the types
// that people take for it.
func wantBlock(block *pem.Block, want string) error {
	if block.Type == want {
		if len(block.Headers) > 0 {
			return fmt.Errorf("the PEM block has headers, which a key of this form does not have; %s", howToMake)
		}
		return nil
	}
	for _, other := range mistaken {
		if block.Type == other.kind {
			return fmt.Errorf("the file holds %s, and a block %q is needed; %s", other.what, want, other.remedy)
		}
	}
	return fmt.Errorf("the file holds a PEM block %s, and a block %q is needed; %s", quotedName(block.Type), want, howToMake)
}

// mistaken are the PEM blocks that are taken for a key of the right form.
var mistaken = []struct{ kind, what, remedy string }{
	{"PRIVATE KEY", "a private key", `keep it secret, and use its public half: "openssl pkey -in KEY.pem -pubout -out KEY.pub"`},
	{"PUBLIC KEY", "a public key", "signing needs the private half, and only its owner has that"},
	{"ENCRYPTED PRIVATE KEY", "an encrypted private key", `decrypt it into a file that only you can read, and remove that afterwards: "(umask 077; openssl pkey -in KEY.pem -out PLAIN.pem)"`},
	{"ENCRYPTED SIGSTORE PRIVATE KEY", "an encrypted private key of cosign, which only cosign can decrypt", "sign with cosign, or with a key of your own: " + howToMake},
	{"ENCRYPTED COSIGN PRIVATE KEY", "an encrypted private key of cosign, which only cosign can decrypt", "sign with cosign, or with a key of your own: " + howToMake},
	{"EC PRIVATE KEY", "a private key in the older form SEC 1", `write it as PKCS#8: "openssl pkcs8 -topk8 -nocrypt -in KEY.pem -out PKCS8.pem"`},
	{"EC PARAMETERS", "the parameters of a key and no key", `leave them out: "openssl pkcs8 -topk8 -nocrypt -in KEY.pem -out PKCS8.pem"`},
	{"RSA PRIVATE KEY", "an RSA key", "only EC and Ed25519 keys are used here: " + howToMake},
	{"RSA PUBLIC KEY", "an RSA key", "only EC and Ed25519 keys are used here: " + howToMake},
	{"OPENSSH PRIVATE KEY", "a private key in the form of OpenSSH", howToMake},
	{"SSH2 PUBLIC KEY", "a public key in the form of SSH", howToMake},
	{"CERTIFICATE", "a certificate", `only its key is used here: "openssl x509 -in CERTIFICATE.pem -noout -pubkey"`},
	{"PGP PUBLIC KEY BLOCK", "a key of OpenPGP", howToMake},
	{"PGP PRIVATE KEY BLOCK", "a key of OpenPGP", howToMake},
}

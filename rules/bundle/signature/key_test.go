package signature

import (
	"bytes"
	"crypto/ecdh"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"
)

// keyFiles are files as openssl and people make them, by the name that the
// tests call them.
func keyFiles(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, args := range map[string][]string{
		"ed25519":   {"-algorithm", "ED25519"},
		"p256":      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
		"p384":      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
		"p521":      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"},
		"p224":      {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"},
		"bitcoin":   {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
		"explicit":  {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"},
		"rsa":       {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
		"x25519":    {"-algorithm", "X25519"},
		"ed448":     {"-algorithm", "ED448"},
		"encrypted": {"-algorithm", "ED25519", "-aes-256-cbc", "-pass", "pass:secret"},
	} {
		openssl(t, append([]string{"genpkey", "-out", file(name)}, args...)...)
		openssl(t, "pkey", "-in", file(name), "-passin", "pass:secret", "-pubout", "-out", file(name+".pub"))
	}
	openssl(t, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", file("sec1"))
	openssl(t, "ecparam", "-name", "prime256v1", "-genkey", "-out", file("parameters"))
	openssl(t, "ec", "-in", file("sec1"), "-aes128", "-passout", "pass:secret", "-out", file("sec1-encrypted"))
	openssl(t, "rsa", "-in", file("rsa"), "-traditional", "-out", file("pkcs1"))
	openssl(t, "req", "-x509", "-key", file("p256"), "-subj", "/CN=ops", "-days", "1", "-out", file("certificate"))
	files := map[string][]byte{
		"empty":   nil,
		"text":    []byte("the key of the operators\n"),
		"ssh":     []byte("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPgHZ ops@example\n"),
		"cut off": nil, // filled in below
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(file(e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	join := func(names ...string) (all []byte) {
		for _, name := range names {
			all = append(all, files[name]...)
		}
		return all
	}
	files["two"] = join("p256", "ed25519")
	files["two.pub"] = join("p256.pub", "ed25519.pub")
	files["chain"] = join("p256.pub", "certificate")
	files["trailing"] = append(join("p256"), "do not lose\n"...)
	files["trailing.pub"] = append(join("p256.pub"), "expires: 2027-01-31\n"...)
	files["large.pub"] = append(bytes.Repeat([]byte("#"), maxKeyFile), files["p256.pub"]...)
	files["cut off"] = files["p256"][:len(files["p256"])-20]
	files["cut off.pub"] = files["p256.pub"][:len(files["p256.pub"])-20]
	files["headers.pub"] = bytes.Replace(files["p256.pub"], []byte("\n"), []byte("\nProc-Type: 4,ENCRYPTED\n\n"), 1)
	files["typing error.pub"] = bytes.Replace(files["p256.pub"], []byte("MFkw"), []byte("MFkx"), 1)
	files["windows.pub"] = bytes.ReplaceAll(files["p256.pub"], []byte("\n"), []byte("\r\n"))
	return files
}

func TestReadPrivateKey(t *testing.T) {
	files := keyFiles(t)
	for _, name := range []string{"ed25519", "p256", "p384"} {
		k, err := ReadPrivateKey(files[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		public, err := ReadPublicKey(files[name+".pub"])
		if err != nil || public.Fingerprint() != k.Public().Fingerprint() {
			t.Errorf("%s: the public half is %v (%v), and openssl's is %v", name, k.Public(), err, public)
		}
	}
	for name, says := range map[string]string{
		"p521":           "curve P-521, and only P-256 and P-384",
		"p224":           "curve P-224, and only P-256 and P-384",
		"bitcoin":        "openssl genpkey",
		"explicit":       "openssl genpkey",
		"rsa":            "RSA key, and only EC and Ed25519",
		"x25519":         "can't sign; make one",
		"ed448":          "openssl genpkey",
		"encrypted":      "encrypted private key, and a block \"PRIVATE KEY\" is needed; decrypt it",
		"sec1":           "older form SEC 1, and a block \"PRIVATE KEY\" is needed; write it as PKCS#8: \"openssl pkcs8 -topk8 -nocrypt",
		"sec1-encrypted": "older form SEC 1",
		"parameters":     "holds 2 PEM blocks",
		"pkcs1":          "RSA key",
		"certificate":    "a certificate, and",
		"p256.pub":       "a public key, and a block \"PRIVATE KEY\" is needed; signing needs the private half",
		"two":            "holds 2 PEM blocks; keep one",
		"trailing":       "goes on after the PEM block",
		"cut off":        "PEM block in the file is damaged",
		"empty":          "no PEM block",
		"text":           "no PEM block",
		"ssh":            "form of OpenSSH",
		"large.pub":      "is no key",
	} {
		refused(t, name, says, func() error { _, err := ReadPrivateKey(files[name]); return err })
	}
}

func TestReadPublicKey(t *testing.T) {
	files := keyFiles(t)
	for _, name := range []string{"ed25519.pub", "p256.pub", "p384.pub", "windows.pub"} {
		if k, err := ReadPublicKey(files[name]); err != nil || !k.Expires.IsZero() {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	for name, says := range map[string]string{
		"p521.pub":         "curve P-521",
		"p224.pub":         "curve P-224",
		"bitcoin.pub":      "openssl genpkey",
		"explicit.pub":     "openssl genpkey",
		"rsa.pub":          "RSA key",
		"x25519.pub":       "kind that is not used here; make one",
		"ed448.pub":        "openssl genpkey",
		"p256":             "a private key, and a block \"PUBLIC KEY\" is needed; keep it secret",
		"encrypted":        "encrypted private key",
		"certificate":      "openssl x509 -in CERTIFICATE.pem -noout -pubkey",
		"two.pub":          "holds 2 PEM blocks",
		"chain":            "holds 2 PEM blocks",
		"trailing.pub":     "goes on after the PEM block",
		"cut off.pub":      "PEM block in the file is damaged",
		"headers.pub":      "has headers",
		"typing error.pub": "damaged",
		"large.pub":        "is no key: one has at most 65536",
		"ssh":              "form of OpenSSH",
		"empty":            "no PEM block",
	} {
		refused(t, name, says, func() error { _, err := ReadPublicKey(files[name]); return err })
	}
}

// refused demands an error that says what is wrong and what to do.
func refused(t *testing.T, name, says string, read func() error) {
	t.Helper()
	err := read()
	if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "; ") {
		t.Errorf("%s: the error does not say %q and a remedy: %v", name, says, err)
	}
}

func TestReadExpiry(t *testing.T) {
	pub := string(openssl(t, "pkey", "-pubout", "-in", writeKey(t)))
	last := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	for before, want := range map[string]time.Time{
		"":                                   {},
		"The operators' key.\n":              {},
		"Its experience: none.\n":            {},
		"expires: 2027-01-31\n":              last,
		"expires:2027-01-31\r\n":             last,
		"Of ops.\n\n# expires: 2027-01-31\n": last,
		"\ufeffOf ops.\nexpires: 2027-01-31\nuntil then.\n": last,
	} {
		if k, err := ReadPublicKey([]byte(before + pub)); err != nil || k.Expires != want {
			t.Errorf("%q: %v, %v", before, k, err)
		}
	}
	for _, before := range []string{
		"expires: 2027-02-30\n", "expires: tomorrow\n", "expires: 2027-01-31 12:00\n", "expires:\n", "expires 2027-01-31\n",
		"Expires: 2027-01-31\n", "# EXPIRES: 2027-01-31\n", "expiry: 2027-01-31\n", "expires : 2027-01-31\n",
		"expires: 2027-01-31\nexpires: 2028-01-31\n", "expires: 2027-01-31", // without a line end the block begins in the middle of a line
	} {
		if k, err := ReadPublicKey([]byte(before + pub)); err == nil {
			t.Errorf("%q: trusted until %v", before, k.Expires)
		}
	}
}

// What speaks of an end and is not the one form refuses the key, with its
// place; what speaks of something else does not.
func TestExpiryInOtherWords(t *testing.T) {
	pub := string(openssl(t, "pkey", "-pubout", "-in", writeKey(t)))
	for _, line := range []string{
		"// expires: 2024-01-01", "; expires: 2024-01-01", "-- expires: 2024-01-01", "/* expires: 2024-01-01 */", "* expires: 2024-01-01",
		"key of Bob, expires: 2024-01-01", "Expires 2024-01-01", "expires\uff1a 2024-01-01", "expires=2024-01-01", "EXPIRY=2024-01-01", "exp: 2024-01-01",
		"X-Expires-At: 1704067200", `"expires": "2024-01-01"`, "not after 2024-01-01", "notAfter=Jan  1 00:00:00 2024 GMT", "NOT_AFTER: 2024", "Not Valid After: soon",
		"valid until 1 January 24", "Valid-To: 01/01/2024", "valid through 31.12.23", "Validity: one year", "good until 2024-01-01", "valid for 90 days", "trusted for 2 years",
		"best before 2024-01-01", "use by 2024-01-01", "ends 2024-01-01", "EOL 2024-01-01", "no longer used after 2024-01-01", "revoked on 2024-01-01", "retire by 2024-01-01",
		"2023-01-01 to 2024-01-01", "2023-01-01/2024-01-01", "never expires", "e x p i r e s : 2024-01-01", "ex-pires: 2024-01-01",
		"exires: 2024-01-01", "exp1res: 2024-01-01", "expires:\u00a02024\u201101\u201101", "Expires\u00a0: 2024-01-01", "\uff45\uff58\uff50\uff49\uff52\uff45\uff53: 2024-01-01",
		"\u0435\u0445p\u0456res: 2024-01-01", "\u0435xpires: soon", "\u0435\u0445\u0440\u0456\u0433\u0435\u0455: 2024-01-01", "\u1d07x\u1d18\u026a\u0280\u1d07s: 2024-01-01", "exp\u0131res: 2024-01-01", "e\u0301xpires: 2024-01-01",
		"g\u00fcltig bis 2024-01-01", "l\u00e4uft ab: 2024-01-01", "caduca: 2024-01-01", "valable jusqu'au 2024-01-01", "\u0438\u0441\u0442\u0435\u043a\u0430\u0435\u0442 2024-01-01",
		"expires: 0001-01-01", "expires: 2024-1-1", "expires: 20240101",
	} {
		k, err := ReadPublicKey([]byte("Of ops.\n" + line + "\n" + pub))
		if err == nil || !strings.Contains(err.Error(), "line 2 above the key") || !strings.Contains(err.Error(), `write the last day on which it is trusted as "expires: 2027-01-31"`) {
			t.Errorf("%q: trusted until %v, %v", line, k, err)
		}
	}
	for _, line := range []string{
		"Bob's key, ticket 4711", "Made 2024-01-01 by ops@example", "created: 2024-01-01T12:00:00Z", "Replaces the key of 2023", "Rotated 2024-01-01 (v2.1.3)",
		"Validated packages only", "Ask the experts; experience helps.", "Until further notice.", "Schl\u00fcssel von S\u00f8ren und \u0141ukasz, 2024-01-01", "\u041a\u043b\u044e\u0447 \u0411\u043e\u0431\u0430 \u2116 4711",
		"\u904b\u7528\u30c1\u30fc\u30e0\u306ekey", "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8=", "Tel. +1 555 867 5309", "\U0001f511 ops",
	} {
		if k, err := ReadPublicKey([]byte("Of ops.\n" + line + "\n" + pub)); err != nil || !k.Expires.IsZero() {
			t.Errorf("%q: %v, %v", line, k, err)
		}
	}
	_, err := ReadPublicKey([]byte("expires: 2099-01-01\nOf ops.\n// expires: 2024-01-01\n" + pub))
	if err == nil || !strings.Contains(err.Error(), "lines 1 and 3 above the key both speak of the day") {
		t.Errorf("two days: %v", err)
	}
}

// A key's file is text in which people and programs see the same lines.
func TestKeyFileIsPlainText(t *testing.T) {
	pub := string(openssl(t, "pkey", "-pubout", "-in", writeKey(t)))
	const old = "expires: 2024-01-01\n"
	inUTF16 := func(high, low int, text string) (b []byte) {
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			b = append(b, byte(unit>>high), byte(unit>>low))
		}
		return b
	}
	for name, test := range map[string]struct {
		file []byte
		says string
	}{
		"NUL":            {[]byte("\x00" + old + pub), "line 1 of the file holds the character U+0000"},
		"NUL behind":     {[]byte("Of ops.\n" + old + "\x00\n" + pub), "line 3 of the file holds the character U+0000"},
		"two marks":      {[]byte("\ufeff\ufeff" + old + pub), "U+FEFF"},
		"a mark inside":  {[]byte("Of ops.\n\ufeff" + old + pub), "line 2 of the file holds the character U+FEFF"},
		"soft hyphen":    {[]byte("ex\u00adpires: 2024-01-01\n" + pub), "U+00AD"},
		"zero width":     {[]byte("e\u200bxpires: 2024-01-01\n" + pub), "U+200B"},
		"right to left":  {[]byte("\u202e10-10-4202 :seripxe\n" + pub), "U+202E"},
		"backspace":      {[]byte("Of ops. \b" + old + pub), "U+0008"},
		"escape":         {[]byte("\x1b[2K" + old + pub), "U+001B"},
		"CR alone":       {[]byte(strings.ReplaceAll("Of ops.\n"+old, "\n", "\r") + pub), "U+000D"},
		"CR throughout":  {[]byte(strings.ReplaceAll(old+pub, "\n", "\r")), "U+000D"},
		"vertical tab":   {[]byte("Of ops.\v" + old + pub), "U+000B"},
		"form feed":      {[]byte("Of ops.\f" + old + pub), "U+000C"},
		"next line":      {[]byte("Of ops.\u0085" + old + pub), "U+0085"},
		"line separator": {[]byte("Of ops.\u2028" + old + pub), "U+2028"},
		"private use":    {[]byte("\ue000" + old + pub), "U+E000"},
		"Latin 1":        {[]byte("M\xfcller\n" + old + pub), "line 1 of the file is not UTF-8 text"},
		"UTF-16, little": {inUTF16(0, 8, old+pub), "line 1 of the file is not UTF-8 text"},
		"UTF-16, big":    {inUTF16(8, 0, old+pub), "line 1 of the file is not UTF-8 text"},
		"UTF-16, mixed":  {append(inUTF16(0, 8, old), pub...), "not UTF-8 text"},
		"overlong":       {[]byte("\xc0\xa0" + old + pub), "not UTF-8 text"},
		"in the key":     {[]byte(old + strings.Replace(pub, "=", "=\x00", 1)), "U+0000"},
		"behind the key": {[]byte(pub + "\x00"), "U+0000"},
	} {
		refused(t, name, test.says, func() error { _, err := ReadPublicKey(test.file); return err })
	}
	last := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, file := range map[string]string{
		"a mark":         "\ufeff" + old + pub,
		"a mark, CR LF":  "\ufeff" + strings.ReplaceAll(old+pub, "\n", "\r\n"),
		"tabs":           "#\texpires:\t2024-01-01\t\n" + pub,
		"no break space": "# expires:\u00a02024-01-01\n" + pub,
	} {
		if k, err := ReadPublicKey([]byte(file)); err != nil || k.Expires != last {
			t.Errorf("%s: %v, %v", name, k, err)
		}
	}
	if k, err := ReadPublicKey([]byte("\ufeff" + pub)); err != nil || !k.Expires.IsZero() {
		t.Errorf("a mark before the key: %v, %v", k, err)
	}
}

func writeKey(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key.pem")
	openssl(t, "genpkey", "-algorithm", "ED25519", "-out", name)
	return name
}

func TestReadKeys(t *testing.T) {
	files := keyFiles(t)
	file := func(name string) *fstest.MapFile { return &fstest.MapFile{Data: files[name]} }
	keys, err := ReadKeys(fstest.MapFS{
		"2026.pub":        file("p256.pub"),
		"2025.pem":        {Data: append([]byte("expires: 2026-12-31\n"), files["ed25519.pub"]...)},
		".2024.pub.swp":   file("text"),
		".hidden.pub":     file("text"),
		"README":          file("text"),
		"old/2023.pub":    file("p384.pub"),
		"certificate.crt": file("certificate"),
	})
	if err != nil || len(keys) != 2 || keys[0].Name != "2025.pem" || keys[1].Name != "2026.pub" || keys[0].Expires.IsZero() {
		t.Errorf("ReadKeys = %v, %v", keys, err)
	}
	for name, test := range map[string]struct {
		fsys fs.FS
		says string
	}{
		"no keys":            {fstest.MapFS{"README": file("text")}, "holds no key"},
		"empty":              {fstest.MapFS{}, "holds no key"},
		"missing":            {os.DirFS(filepath.Join(t.TempDir(), "gone")), "no such file"},
		"a private key":      {fstest.MapFS{"a.pub": file("p256.pub"), "b.pem": file("p384")}, "trusted key b.pem: the file holds a private key"},
		"a key that is none": {fstest.MapFS{"a.pub": file("p256.pub"), "b.pub": file("text")}, "trusted key b.pub: the file holds no PEM block"},
		"a folder":           {fstest.MapFS{"a.pub/key": file("p256.pub")}, "trusted key a.pub: it is not a regular file"},
		"one key twice":      {fstest.MapFS{"a.pub": file("p256.pub"), "b.pem": {Data: append([]byte("expires: 2026-12-31\n"), files["p256.pub"]...)}}, "a.pub and b.pem are the same key"},
		"unreadable":         {broken{fstest.MapFS{"a.pub": file("p256.pub")}}, "trusted key a.pub: it can't be read"},
	} {
		if keys, err := ReadKeys(test.fsys); err == nil || !strings.Contains(err.Error(), test.says) || keys != nil {
			t.Errorf("%s: %v, %v", name, keys, err)
		}
	}
}

// broken is a folder whose files can't be opened.
type broken struct{ fstest.MapFS }

func (b broken) Open(name string) (fs.File, error) {
	if name != "." {
		return nil, errors.New("it can't be read")
	}
	return b.MapFS.Open(name)
}

// FuzzReadPublicKey holds that a key that was read is one that is used here,
// and reads again as the same one from its own form.
func FuzzReadPublicKey(f *testing.F) {
	for _, a := range algorithms {
		k := newKey(f, a.args...)
		f.Add(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.Public().der}))
	}
	x, err := ecdh.X25519().NewPublicKey(bytes.Repeat([]byte{9}, 32))
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(x)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	f.Add([]byte("expires: 2027-01-31\n-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := ReadPublicKey(file)
		if err != nil {
			return
		}
		again, err := ReadPublicKey(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.der}))
		if err != nil || again.Fingerprint() != k.Fingerprint() {
			t.Errorf("%q reads as %v, and that as %v, %v", file, k, again, err)
		}
		k.verify(nil, nil)
	})
}

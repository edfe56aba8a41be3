package probe

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// logArgs are the arguments of the log kind; tail "" is the default.
func logArgs(pattern, tail string) map[string]cty.Value {
	args := map[string]cty.Value{"pattern": cty.StringVal(pattern)}
	if tail != "" {
		args["tail"] = cty.StringVal(tail)
	}
	return args
}

func TestLog(t *testing.T) {
	const mail = "Nov 24 05:00:01 gw postfix/smtp[1]: < mail.example[10.2.0.25]:25: 220 first\n" +
		"Nov 24 05:00:02 gw postfix/smtp[1]: > EHLO gw\n" +
		"Nov 24 05:00:03 gw postfix/smtp[1]: < mail.example[10.2.0.25]:25: 220 second\n" +
		"Nov 24 05:00:04 gw postfix/smtp[1]: > QUIT\n"
	for name, test := range map[string]struct {
		text, pattern, tail string
		matched             bool
		line                any
	}{
		"the last line that matches":     {mail, `: 220[ -]`, "", true, "Nov 24 05:00:03 gw postfix/smtp[1]: < mail.example[10.2.0.25]:25: 220 second"},
		"no line matches":                {mail, `: 554[ -]`, "", false, nil},
		"empty":                          {"", `.*`, "", false, nil},
		"one empty line":                 {"\n", `^$`, "", true, ""},
		"no line end":                    {"a\nb 220", `220`, "", true, "b 220"},
		"CRLF":                           {"220 a\r\n221 b\r\n", `^220 a$`, "", true, "220 a"},
		"anchors are those of a line":    {"x\n220 a\nx\n", `^220 a$`, "", true, "220 a"},
		"never over two lines":           {"220\na", `220\s+a`, "", false, nil},
		"binary":                         {"\x00\x1b[2J 220 \xff\n", `220`, "", true, `\x00\x1b[2J 220 \xff`},
		"a long line is shortened":       {"220 " + strings.Repeat("x", 5000) + "\n", `220`, "", true, "220 " + strings.Repeat("x", maxText-5) + "…"},
		"within the tail":                {"220 a\n0123456789\n", `220`, "17", true, "220 a"},
		"cut by the tail":                {"220 a\n0123456789\n", `\d+ a`, "16", false, nil},
		"the tail begins with a line":    {"220 a\n0123456789\n", `^\d+$`, "11", true, "0123456789"},
		"one line, longer than the tail": {strings.Repeat("220 ", 1000), `220`, "64B", false, nil},
		"long before the tail":           {"220 a\n" + strings.Repeat("x\n", 1<<19), `220`, "", false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "mail.log")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			for what, w := range map[string]*engine.World{"system": {}, "world": {Open: files(map[string]string{path: test.text})}} {
				want{"found": true, "matched": test.matched, "line": test.line}.
					check(t, what, mustAsk(t, "log", w, path, logArgs(test.pattern, test.tail)))
			}
		})
	}
}

func TestLogAge(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	age := func() float64 {
		return plain(mustAsk(t, "log", &engine.World{}, path, logArgs("x", "")).GetAttr("age_s")).(float64)
	}
	written := func(at time.Time) {
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	written(time.Now().Add(-time.Hour))
	if s := age(); s < 3600 || s > 3660 {
		t.Errorf("age_s = %v, want an hour", s)
	}
	written(time.Now().Add(time.Hour))
	if s := age(); s != 0 {
		t.Errorf("age_s of a file of the future = %v, want 0", s)
	}
	w := &engine.World{Open: files(map[string]string{path: ""})}
	want{"age_s": unknown}.check(t, "a file that does not know its age", mustAsk(t, "log", w, path, logArgs("x", "")))
}

func TestLogMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mail.log")
	want{"found": false, "matched": false, "line": nil, "age_s": nil}.
		check(t, "result", mustAsk(t, "log", &engine.World{}, path, logArgs("x", "")))
}

func TestLogThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	failing := &engine.World{Open: func(name string) (io.ReadSeekCloser, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}}
	worlds := map[string]*engine.World{"/var/log/mail.log: permission denied": failing, dir + ": not a regular file but a folder": {}}
	for problem, w := range worlds {
		path, _, _ := strings.Cut(problem, ": ")
		_, err := ask(t, t.Context(), "log", w, path, logArgs("x", ""))
		if err == nil || err.Error() != "open "+problem {
			t.Errorf("%s: error %v, want open %s", path, err, problem)
		}
	}
}

// shrinking is a file that is cut short (copytruncate of logrotate) between
// the look at its size and the reading.
type shrinking struct{ *strings.Reader }

func (s shrinking) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return 1000, nil
	}
	return s.Reader.Seek(offset, whence)
}
func (shrinking) Close() error { return nil }

func TestLogRotatedMeanwhile(t *testing.T) {
	w := &engine.World{Open: func(string) (io.ReadSeekCloser, error) { return shrinking{strings.NewReader("220 a\nb\n")}, nil }}
	want{"found": true, "matched": true, "line": "220 a"}.check(t, "result", mustAsk(t, "log", w, "mail.log", logArgs("220", "")))
}

func TestLogInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := &engine.World{Open: files(map[string]string{"mail.log": "220 a\n"})}
	result, err := ask(t, ctx, "log", w, "mail.log", logArgs("220", ""))
	if err != nil {
		t.Fatal(err)
	}
	want{"found": true, "matched": unknown, "line": unknown, "age_s": unknown}.check(t, "result", result)
}

func FuzzLastMatch(f *testing.F) {
	f.Add("220 a\r\nb\n", "220", 5)
	f.Add("", "", 0)
	f.Add("\n\n\r\n", "^$", 2)
	f.Fuzz(func(t *testing.T, text, expr string, size int) {
		pattern, err := regexp.Compile(expr)
		if err != nil {
			return
		}
		// The plain way: from the front, one line after another.
		start := max(0, len(text)-max(1, size))
		if start > 0 && text[start-1] != '\n' {
			_, after, ok := strings.Cut(text[start:], "\n")
			if !ok {
				after = ""
			}
			start = len(text) - len(after)
		}
		wantLine, wantOK := "", false
		for _, line := range strings.SplitAfter(text[start:], "\n") {
			if line == "" {
				continue // what is behind the last line end is no line
			}
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if pattern.MatchString(line) {
				wantLine, wantOK = line, true
			}
		}
		tail, err := readTail(t.Context(), strings.NewReader(text), int64(max(1, size)))
		if err != nil {
			t.Fatal(err)
		}
		line, ok := lastMatch(tail, pattern)
		if string(line) != wantLine || ok != wantOK {
			t.Fatalf("%q, %v; want %q, %v", line, ok, wantLine, wantOK)
		}
	})
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1": 1, "512B": 512, "64KiB": 64 << 10, "1MiB": 1 << 20, "2GiB": 2 << 30, "10kB": 10000, "10 KB": 10000,
		"3MB": 3e6, "1GB": 1e9, "8589934591GiB": 8589934591 << 30,
	} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("parseSize(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "B", "MiB", "-1", "+1", "1.5MiB", "1  MiB", "1mib", "1TiB", "8589934592GiB", "9223372036854775808", "1MiB ", "0x10"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("parseSize(%q) = %d, want an error", text, got)
		}
	}
}

func FuzzParseSize(f *testing.F) {
	for _, seed := range []string{"1MiB", "64 KiB", "1", "8589934591GiB", "-1B"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseSize(text)
		if err != nil {
			return
		}
		if again, err := parseSize(formatSize(n)); n < 0 || err != nil || again != n {
			t.Fatalf("%q is %d, which is written %q and read as %d, %v", text, n, formatSize(n), again, err)
		}
	})
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 漢":          "plain é 漢",
		"\x1b]0;title\a":     `\x1b]0;title\x07`,
		"a\tb\r\nc":          `a\tb\r\nc`,
		"\u202e\u2028\u00a0": `\u202e\u2028\u00a0`,
		"\U000e0001":         `\U000e0001`,
		"\xff\xc3":           `\xff\xc3`,
	} {
		if got := terminal.Spell(in, ""); got != want {
			t.Errorf("Spell(%q) = %q, want %q", in, got, want)
		}
	}
}

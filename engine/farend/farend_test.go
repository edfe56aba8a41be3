package farend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(farVar) != "" { // started as the far side, by a stub of a transport
		if err := Serve(context.Background(), testSide(os.Getenv(farVar)), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// farVar makes the test binary the far side, of the version that it holds.
const farVar = "FAREND_TEST_VERSION"

var echoKind = &language.Kind{
	Name: "echo",
	Args: []language.Attribute{
		{Name: "words", Type: cty.List(cty.String)},
		{Name: "n", Type: cty.Number, Domain: language.Judged(func(v cty.Value) error {
			if v.AsBigFloat().Sign() < 0 {
				return errors.New("must not be negative")
			}
			return nil
		})},
	},
	Result: []language.Attribute{
		{Name: "target", Type: cty.String, NeverNull: true},
		{Name: "n", Type: cty.Number},
		{Name: "words", Type: cty.List(cty.String)},
		{Name: "seen", Attrs: []language.Attribute{{Name: "yes", Type: cty.Bool}, {Name: "no", Type: cty.Bool}}},
		{Name: "list", List: true, Attrs: []language.Attribute{{Name: "a", Type: cty.Number}}},
		{Name: "never_asked", Type: cty.String, NeverNull: true},
	},
}

var (
	hangKind  = &language.Kind{Name: "hang", Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
	execKind  = &language.Kind{Name: "exec", NeedsExec: true, Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
	fileKind  = &language.Kind{Name: "file", ReadsFile: true, Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
	failKind  = &language.Kind{Name: "fail", Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
	panicKind = &language.Kind{Name: "panic", Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
	deafKind  = &language.Kind{Name: "deaf", Result: []language.Attribute{{Name: "n", Type: cty.Number}}}
)

// How the kind "hang" says that it was ended.
const (
	timeIsUp    = 7
	interrupted = 8
)

func allKinds() []*language.Kind {
	return []*language.Kind{echoKind, hangKind, execKind, fileKind, failKind, panicKind, deafKind}
}

func n(of int64) cty.Value { return cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(of)}) }

func testSide(version string) *Side {
	return &Side{Version: version, Probes: []*engine.Probe{
		{Kind: echoKind, Observe: func(_ context.Context, _ *engine.World, q engine.Query) (cty.Value, error) {
			return echoResult(q), nil
		}},
		{Kind: hangKind, Observe: func(ctx context.Context, _ *engine.World, _ engine.Query) (cty.Value, error) {
			<-ctx.Done() // what was observed until then is judged by why
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return n(timeIsUp), nil
			}
			return n(interrupted), nil
		}},
		{Kind: execKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) { return n(1), nil }},
		{Kind: fileKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) { return n(1), nil }},
		{Kind: failKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) {
			return cty.NilVal, errors.New("no permission\x1b[31m for that\n" + strings.Repeat("x", 1<<20))
		}},
		{Kind: panicKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) { panic("oh") }},
		{Kind: deafKind, Observe: func(ctx context.Context, _ *engine.World, _ engine.Query) (cty.Value, error) {
			<-ctx.Done()
			time.Sleep(10 * stopGrace) // in a bubble of synctest only
			return n(1), nil
		}},
	}}
}

func echoResult(q engine.Query) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"target": cty.StringVal(q.Target), "n": q.Args["n"], "words": q.Args["words"],
		"seen": cty.ObjectVal(map[string]cty.Value{"yes": cty.True, "no": cty.UnknownVal(cty.Bool)}),
		"list": cty.ListVal([]cty.Value{
			cty.ObjectVal(map[string]cty.Value{"a": cty.NumberFloatVal(0.41)}), cty.ObjectVal(map[string]cty.Value{"a": cty.NullVal(cty.Number)}),
		}),
		"never_asked": cty.UnknownVal(cty.String),
	})
}

// between connects both sides in this process, with hands on what passes.
func between(t *testing.T, far *Side) (line stream, served chan error) {
	t.Helper()
	toFar, fromNear := io.Pipe()
	toNear, fromFar := io.Pipe()
	served = make(chan error, 1)
	go func() {
		err := Serve(context.Background(), far, toFar, fromFar)
		toFar.CloseWithError(io.ErrClosedPipe)
		fromFar.Close()
		served <- err
	}()
	return stream{in: toNear, out: fromNear, end: func(err error) error {
		toNear.Close()
		return err
	}}, served
}

// slowly delays every question on its way, and nothing else.
type slowly struct {
	io.WriteCloser
	delay time.Duration
}

func (s slowly) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte(`{"ask"`)) {
		time.Sleep(s.delay)
	}
	return s.WriteCloser.Write(p)
}

func talk(t *testing.T, far *Side) *Session { return talkSlowly(t, far, 0) }

func talkSlowly(t *testing.T, far *Side, delay time.Duration) *Session {
	t.Helper()
	line, served := between(t, far)
	line.out = slowly{line.out, delay}
	s, err := open(t.Context(), testSide("1.0"), allKinds(), line)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return s
}

func observe(ctx context.Context, s *Session, kind *language.Kind, q engine.Query) (cty.Value, error) {
	probes := s.Probes()
	i := slices.IndexFunc(probes, func(p *engine.Probe) bool { return p.Kind == kind })
	return probes[i].Observe(ctx, &engine.World{}, q)
}

func TestObserve(t *testing.T) {
	s := talk(t, testSide("1.0"))
	q := engine.Query{Target: "10.0.0.1", Args: map[string]cty.Value{
		"n": cty.NumberIntVal(3), "words": cty.ListVal([]cty.Value{cty.StringVal("a\x00\x1b[0m\n"), cty.StringVal("é")}),
	}}
	got, err := observe(t.Context(), s, echoKind, q)
	if err != nil {
		t.Fatal(err)
	}
	want := echoResult(q).AsValueMap()
	want["never_asked"] = cty.UnknownVal(cty.String).RefineNotNull() // what the kind promises holds here too
	if !got.RawEquals(cty.ObjectVal(want)) {
		t.Errorf("got %#v", got)
	}
}

func TestObserveNulls(t *testing.T) {
	s := talk(t, testSide("1.0"))
	q := engine.Query{Args: map[string]cty.Value{"n": cty.NullVal(cty.Number), "words": cty.NullVal(cty.List(cty.String))}}
	got, err := observe(t.Context(), s, echoKind, q)
	if err != nil {
		t.Fatal(err)
	}
	if !got.GetAttr("n").RawEquals(cty.NullVal(cty.Number)) || !got.GetAttr("words").IsNull() {
		t.Errorf("got %#v", got)
	}
}

func TestObserveManyAtOnce(t *testing.T) {
	s := talk(t, testSide("1.0"))
	var wait sync.WaitGroup
	for i := range 200 {
		wait.Go(func() {
			q := engine.Query{Target: fmt.Sprint(i), Args: map[string]cty.Value{"n": cty.NumberIntVal(int64(i)), "words": cty.ListValEmpty(cty.String)}}
			got, err := observe(t.Context(), s, echoKind, q)
			if err != nil || got.GetAttr("target").AsString() != fmt.Sprint(i) {
				t.Errorf("%d: %#v, %v", i, got, err)
			}
		})
	}
	wait.Wait()
}

func TestObserveRefuses(t *testing.T) {
	s := talk(t, testSide("1.0"))
	wrong := engine.Query{Args: map[string]cty.Value{"n": cty.NumberIntVal(-1), "words": cty.NullVal(cty.List(cty.String))}}
	for name, tc := range map[string]struct {
		kind *language.Kind
		q    engine.Query
		want string
	}{
		"a command":      {execKind, engine.Query{}, `a probe of kind "exec" runs a command, which nobody has allowed there (--allow-exec)`},
		"a wrong value":  {echoKind, wrong, `the argument n of the probe "echo" must not be negative`},
		"a panic":        {panicKind, engine.Query{}, "the probe broke, which is a fault of its kind: oh"},
		"a missing part": {echoKind, engine.Query{}, `the argument words of the probe "echo" is missing`},
	} {
		if _, err := observe(t.Context(), s, tc.kind, tc.q); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	_, err := observe(t.Context(), s, failKind, engine.Query{})
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\n") || len(err.Error()) > maxWords+10 {
		t.Errorf("an endless error: %.80v", err)
	}
}

func TestAllowedCommandRuns(t *testing.T) {
	far := testSide("1.0")
	far.AllowExec = true
	if _, err := observe(t.Context(), talk(t, far), execKind, engine.Query{}); err != nil {
		t.Error(err)
	}
}

// TestFilesOfTheFarSide holds that whoever has a key that may run "linecheck
// vantage" alone reads only what its command line allows, and a near side whose
// command line the far one obeys reads what it decided itself.
func TestFilesOfTheFarSide(t *testing.T) {
	t.Parallel()
	here, err := filepath.Abs("mail.log")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		allowed []string
		file    string
		refused bool
	}{
		"nothing":            {nil, "/etc/shadow", true},
		"every file":         {[]string{everyFile}, "/etc/shadow", false},
		"every relative one": {[]string{everyFile}, "../mail.log", false},
		"the file":           {[]string{"/var/log/mail.log"}, "/var/log/mail.log", false},
		"beside the file":    {[]string{"/var/log/mail.log"}, "/var/log/mail.log.1", true},
		"below a folder":     {[]string{"/var/log/"}, "/var/log/mail.log", false},
		"up from a folder":   {[]string{"/var/log/"}, "/var/log/../../etc/shadow", true},
		"relative":           {[]string{here}, "mail.log", false},
		"another relative":   {[]string{here}, "../mail.log", true},
	} {
		t.Run(name, func(t *testing.T) {
			far := testSide("1.0")
			far.AllowRead = tc.allowed
			_, err := observe(t.Context(), talk(t, far), fileKind, engine.Query{Target: tc.file})
			if refused := err != nil && strings.Contains(err.Error(), "nobody has allowed there: "); refused != tc.refused || err != nil && !refused {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestServeRefuses(t *testing.T) {
	hail := func(h hello) string {
		line, err := encode(message{Hello: &h})
		if err != nil {
			t.Fatal(err)
		}
		return string(line)
	}
	good := hail(hello{Protocol: protocol, Linecheck: "1.0"})
	for name, tc := range map[string]struct{ in, want string }{
		"nothing":          {"", ""},
		"another protocol": {hail(hello{Protocol: 99, Linecheck: "9.9"}), "linecheck 9.9 over there and 1.0 here do not understand each other (protocol 99 and 1): install the same version on both computers"},
		"garbage":          {"GET / HTTP/1.1\r\n", `it sent what linecheck does not: "GET / HTTP/1.1"`},
		"no greeting":      {`{"cancel":1}` + "\n", "it did not greet"},
		"two at once":      {good + `{"cancel":1,"hello":{}}` + "\n", "it sent what linecheck does not"},
		"an answer":        {good + `{"answer":{"id":1}}` + "\n", "it sent what linecheck does not"},
		"a long line":      {good + strings.Repeat(" ", maxLine+1), "a line of more than"},
		"the same twice":   {good + strings.Repeat(`{"ask":{"id":1,"kind":"hang","args":{},"timeout_ms":60000}}`+"\n", 2), "query 1, with 1 others"},
		"an end":           {good, ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := Serve(t.Context(), testSide("1.0"), strings.NewReader(tc.in), io.Discard)
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

func TestDigestTellsKindsApart(t *testing.T) {
	other := *echoKind
	other.Result = slices.Clone(echoKind.Result)
	other.Result[1].Type = cty.String
	if digest(&other) == digest(echoKind) {
		t.Error("another type of a result has the same digest")
	}
	other.Result = slices.Clone(echoKind.Result)
	slices.Reverse(other.Result)
	other.Doc = "Another text"
	if digest(&other) != digest(echoKind) {
		t.Error("another order of the documentation has another digest")
	}
}

func TestKindsDiffer(t *testing.T) {
	far := testSide("2.0")
	other := *echoKind
	other.Args = nil
	far.Probes[0] = &engine.Probe{Kind: &other}
	line, served := between(t, far)
	_, err := open(t.Context(), testSide("1.0"), allKinds(), line)
	if want := "linecheck 2.0 over there and 1.0 here differ in what they observe by echo: install the same version on both computers"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	<-served
	// What nobody asks for may differ.
	line, served = between(t, far)
	s, err := open(t.Context(), testSide("1.0"), []*language.Kind{hangKind}, line)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	<-served
}

func TestDecodeValueRefuses(t *testing.T) {
	unknown := echoKind.UnknownResult()
	for raw, want := range map[string]string{
		`[]`:                         "is not an object",
		`{"n":"3"}`:                  "n is not a number",
		`{"n":1e999999999}`:          "n is no number that is observed",
		`{"target":3}`:               "target is not a string",
		`{"words":[3]}`:              "words.0 is not a string",
		`{"words":{}}`:               "words is not a list",
		`{"seen":{"yes":1}}`:         "seen.yes is neither true nor false",
		`{"list":[{"a":1},{"b":2}]}`: `list.1 has an attribute "b", which nobody declares`,
		`{"other\u001b[2J":1}`:       `has an attribute "other\x1b[2J", which nobody declares`,
		``:                           "is not an object",
	} {
		if _, err := decodeValue(unknown, []byte(raw)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", raw, err, want)
		}
	}
}

func TestWords(t *testing.T) {
	long := strings.Repeat("x", maxWords+5) + "end"
	for text, want := range map[string]string{
		"ssh: no\r\n route\t\x1b[31mred\x07\u009b2J ": `ssh: no route \x1b[31mred\x07\u009b2J`,
		"\xff\xfe": `\xff\xfe`,
		"":         "",
	} {
		if got := words(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := words(long); len(got) > maxWords+5 || !strings.HasSuffix(got, "end") {
		t.Errorf("%d bytes are left", len(got))
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var tl tail
	for range 1000 {
		tl.Write(bytes.Repeat([]byte("x"), 999))
	}
	tl.Write([]byte("the end"))
	if got := tl.String(); len(got) > maxTail || !strings.HasSuffix(got, "the end") {
		t.Errorf("%d bytes", len(got))
	}
}

package farend

import (
	"bytes"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// FuzzArrives hands a session whatever a stranger may send. It must end, in
// bounded memory, with a result of the declared type or an error that is safe to
// print.
func FuzzArrives(f *testing.F) {
	hail := testSide("1.0").greeting()
	hail.Hello.AliveMS = 1000
	greeting, err := encode(hail)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append([]byte("Welcome!\n{}\n"), greeting...))
	for _, tail := range []string{
		``, "\n", "{}\n", `{"answer":{"id":1}}` + "\n", `{"answer":{"id":1,"problem":"\u001b[31m"}}` + "\n",
		`{"answer":{"id":1,"result":{"target":"x","n":0.41,"words":["a"],"seen":{"yes":true},"list":[{"a":null}]}}}` + "\n",
		`{"answer":{"id":1,"result":{"n":1e400}}}` + "\n", `{"answer":{"id":1,"result":{"seen":null,"target":null}}}` + "\n",
		`{"answer":{"id":2}}` + "\n", `{"alive":1}` + "\n", `{"hello":{"protocol":1}}` + "\n", "\x1b[2J\n", strings.Repeat("[", 10000) + "\n",
	} {
		f.Add(append(bytes.Clone(greeting), tail...))
		f.Add([]byte(tail))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		s := &Session{
			side: testSide("1.0"), gone: make(chan struct{}), waiting: map[uint64]chan *answer{},
			line: stream{in: bytes.NewReader(sent), end: func(err error) error { return err }},
		}
		_, back := s.enlist()
		greeted := make(chan *hello, 1)
		s.receive(greeted)
		if s.why == nil {
			t.Fatal("no reason why nothing more arrives")
		}
		printable(t, s.why)
		select {
		case other := <-greeted:
			if err := s.side.understands(other, allKinds()); err != nil {
				printable(t, err)
			}
		default:
			if len(back) > 0 {
				t.Error("an answer from somebody who did not greet")
			}
		}
		if len(back) == 0 {
			return
		}
		value, err := s.result(echoKind, <-back)
		switch {
		case err != nil:
			printable(t, err)
		case !value.Type().Equals(echoKind.ResultType()):
			t.Errorf("a result of type %#v", value.Type())
		default:
			again(t, value)
		}
	})
}

// again holds a value against itself, sent once more.
func again(t *testing.T, v cty.Value) {
	raw, err := encodeValue(v)
	if err != nil {
		t.Fatal(err)
	}
	back, err := decodeValue(echoKind.UnknownResult(), raw)
	if err != nil || !back.RawEquals(v) {
		t.Errorf("%#v came back as %#v, %v", v, back, err)
	}
}

func printable(t *testing.T, err error) {
	if strings.ContainsAny(err.Error(), "\x1b\x00\x07\n\u009b") {
		t.Errorf("control characters in %q", err)
	}
}

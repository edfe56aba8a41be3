package farend

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
)

// protocol is the version of what follows. It is raised with every change after
// which an older side would misunderstand: of a message, or of what a kind
// means by the attributes that it has.
const protocol = 1

// A message has exactly one of its members.
type message struct {
	Hello  *hello  `json:"hello,omitempty"`  // first, from both sides
	Ask    *ask    `json:"ask,omitempty"`    // to the far side
	Cancel uint64  `json:"cancel,omitempty"` // to the far side: answer now with what is known
	Answer *answer `json:"answer,omitempty"` // from the far side
	Alive  uint64  `json:"alive,omitempty"`  // from the far side, again and again, counted from 1
}

type hello struct {
	Protocol int `json:"protocol"`
	// Near marks the greeting of the side that asks, which a command that sends
	// back what it is sent would pass off as its own. An older side leaves it
	// out and knows no signs of life.
	Near bool `json:"near,omitempty"`
	// AliveMS is how often the far side says that it is there; 0: never.
	AliveMS   int64             `json:"alive_ms,omitempty"`
	Linecheck string            `json:"linecheck"`
	Kinds     map[string]string `json:"kinds"` // the digest of each
}

type ask struct {
	ID        uint64          `json:"id"` // from 1
	Kind      string          `json:"kind"`
	Target    string          `json:"target,omitempty"`
	Args      json.RawMessage `json:"args"`
	TimeoutMS int64           `json:"timeout_ms"` // clocks differ, durations do not
}

type answer struct {
	ID      uint64          `json:"id"`
	Result  json.RawMessage `json:"result,omitempty"`
	Problem string          `json:"problem,omitempty"` // why the question could not be asked
}

// members counts what a message holds.
func (m *message) members() int {
	n := 0
	for _, there := range []bool{m.Hello != nil, m.Ask != nil, m.Cancel != 0, m.Answer != nil, m.Alive != 0} {
		if there {
			n++
		}
	}
	return n
}

func encode(m message) ([]byte, error) {
	line, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	if len(line) >= maxLine {
		return nil, fmt.Errorf("a message of %d bytes is longer than %d", len(line), maxLine)
	}
	return append(line, '\n'), nil
}

// A reader reads messages.
type reader struct{ lines *bufio.Reader }

func newReader(r io.Reader) reader { return reader{bufio.NewReader(r)} }

// first reads the first message. What a start-up file over there prints before
// it is passed over, as long as it is not endless; noise quotes the beginning.
func (r reader) first() (m message, noise, err error) {
	for left := maxNoise; left > 0; {
		m, size, err := r.next()
		left -= size
		switch {
		case err == nil:
			return m, noise, nil
		case noise == nil && errors.Is(err, errNonsense):
			noise = err
		}
		switch {
		case errors.Is(err, io.EOF) && noise != nil:
			return message{}, noise, endError{noise}
		case !errors.Is(err, errNonsense):
			return message{}, noise, err
		case size == 0:
			return message{}, noise, noise
		}
	}
	return message{}, noise, noise
}

// An endError is the end of what arrives, with nonsense before it.
type endError struct{ noise error }

func (e endError) Error() string        { return e.noise.Error() }
func (e endError) Unwrap() error        { return e.noise }
func (e endError) Is(target error) bool { return target == io.EOF }

// foreignLine is a line that linecheck does not send, fit to be shown.
type foreignLine string

func (n foreignLine) Error() string {
	return fmt.Sprintf("%v: %s", errNonsense, terminal.Quote(string(n)))
}
func (n foreignLine) Unwrap() error { return errNonsense }

// errNonsense is what comes from something that is no linecheck.
var errNonsense = errors.New("it sent what linecheck does not")

// read reads a message. Its errors are io.EOF, another error of the reader, or
// one that is errNonsense.
func (r reader) read() (message, error) {
	m, _, err := r.next()
	return m, err
}

// next is read, with the size of the line; 0 where it was too long or the last
// one, so that nothing can be read behind it.
func (r reader) next() (m message, size int, err error) {
	var line []byte
	for {
		part, err := r.lines.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return message{}, 0, fmt.Errorf("%w: a line of more than %d bytes", errNonsense, maxLine)
		}
		line = append(line, part...)
		switch {
		case err == nil:
			m, err = decode(line)
			return m, len(line), err
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) > 0:
			if _, wrong := decode(line); wrong != nil {
				return message{}, 0, endError{wrong}
			}
			return message{}, 0, io.EOF // cut off at the very end
		default:
			return message{}, 0, err
		}
	}
}

// quoted is how much of a nonsensical line is shown, in bytes.
const quoted = 200

func decode(line []byte) (message, error) {
	var m message
	err := json.Unmarshal(line, &m)
	if err != nil || m.members() != 1 {
		return message{}, foreignLine(words(string(line[:min(len(line), quoted)])))
	}
	return m, nil
}

// greeting is what a side says first.
func (s *Side) greeting() message {
	h := &hello{Protocol: protocol, Linecheck: s.Version, Kinds: make(map[string]string, len(s.Probes))}
	for _, p := range s.Probes {
		h.Kinds[p.Name] = digest(p.Kind)
	}
	return message{Hello: h}
}

// understands says why this side and the other can't work together. The kinds
// are those that will be asked for.
func (s *Side) understands(other *hello, kinds []*language.Kind) error {
	if other.Protocol != protocol {
		return fmt.Errorf("linecheck %s over there and %s here do not understand each other (protocol %d and %d): install the same version on both computers",
			words(other.Linecheck), s.Version, other.Protocol, protocol)
	}
	var differ []string
	for _, k := range kinds {
		if other.Kinds[k.Name] != digest(k) {
			differ = append(differ, k.Name)
		}
	}
	if len(differ) > 0 {
		slices.Sort(differ)
		return fmt.Errorf("linecheck %s over there and %s here differ in what they observe by %s: install the same version on both computers",
			words(other.Linecheck), s.Version, strings.Join(differ, ", "))
	}
	return nil
}

// digest tells kinds apart that take or observe something else.
func digest(k *language.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %t %t", k.Name, k.TargetOptional, k.NeedsExec)
	shape(&b, k.Args)
	shape(&b, k.Result)
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:8])
}

func shape(b *strings.Builder, attrs []language.Attribute) {
	sorted := slices.SortedFunc(slices.Values(attrs), func(a, b language.Attribute) int { return cmp.Compare(a.Name, b.Name) })
	b.WriteByte('{')
	for i := range sorted {
		a := &sorted[i]
		fmt.Fprintf(b, "%s %t %t ", a.Name, a.NeverNull, a.List)
		if a.Attrs != nil {
			shape(b, a.Attrs)
		} else {
			fmt.Fprintf(b, "%s;", a.Type.FriendlyName())
		}
	}
	b.WriteByte('}')
}

// find is the probe of that name, nil if there is none.
func (s *Side) find(name string) *engine.Probe {
	i := slices.IndexFunc(s.Probes, func(p *engine.Probe) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return s.Probes[i]
}

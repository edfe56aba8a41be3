package probe

import (
	"bufio"
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
	"go.uber.org/goleak"
)

// smtpServer speaks from a script: the greeting, then for each command line
// the reply of the longest key that it begins with. A command without a reply
// is not answered. The lines that came are sent to heard when the client has
// left, if heard is not nil.
func smtpServer(greeting string, replies map[string]string, heard chan<- []string) func(net.Conn) {
	return func(conn net.Conn) {
		var lines []string
		if heard != nil {
			defer func() { heard <- lines }()
		}
		if greeting != "" { // a pipe hands on even an empty write
			io.WriteString(conn, greeting)
		}
		for scanner := bufio.NewScanner(conn); scanner.Scan(); {
			line := scanner.Text()
			lines = append(lines, line)
			verb, _, _ := strings.Cut(line, " ")
			reply, ok := replies[verb]
			if ok {
				io.WriteString(conn, reply)
			}
			if verb == "QUIT" && ok {
				return
			}
		}
	}
}

// ordinary are the replies of a mail server that has nothing special.
var ordinary = map[string]string{
	"EHLO": "250-mail.example greets you\r\n250-PIPELINING\r\n250-size 10240000\r\n250 8BITMIME\r\n",
	"QUIT": "221 bye\r\n",
}

func TestSMTPDialogue(t *testing.T) {
	long := strings.Repeat("x", 600)
	for name, test := range map[string]struct {
		greeting string
		replies  map[string]string
		want     want
		heard    []string // verbs
	}{
		"the usual": {"220 mail.example ESMTP\r\n", ordinary, want{
			"connected": true, "refused": false, "timed_out": false, "is_smtp": true, "code": 220.0, "greeting": "220 mail.example ESMTP",
			"ehlo_name": "mail.example", "extensions": []any{"PIPELINING", "SIZE 10240000", "8BITMIME"},
			"closed_early": false, "local_error": nil, "address": "127.0.0.1",
			"tls": map[string]any{"offered": false, "version": unknown, "names": unknown, "expires_in_days": unknown, "verified": unknown, "problem": unknown},
		}, []string{"EHLO", "QUIT"}},
		"bare LF": {"220 mail.example\n", map[string]string{"EHLO": "250 mail.example\n", "QUIT": "221 bye\n"},
			want{"is_smtp": true, "code": 220.0, "greeting": "220 mail.example", "ehlo_name": "mail.example", "extensions": []any{}}, []string{"EHLO", "QUIT"}},
		"several lines": {"220-mail.example ESMTP\r\n220-no spam\r\n220 please\r\n", ordinary,
			want{"is_smtp": true, "code": 220.0, "greeting": `220-mail.example ESMTP\n220-no spam\n220 please`}, []string{"EHLO", "QUIT"}},
		"a code and nothing else": {"220\r\n", ordinary,
			want{"is_smtp": true, "code": 220.0, "greeting": "220"}, []string{"EHLO", "QUIT"}},
		"421": {"421 mail.example too many connections\r\n", map[string]string{"QUIT": "221 bye\r\n"},
			want{"is_smtp": true, "code": 421.0, "greeting": "421 mail.example too many connections", "ehlo_name": nil, "closed_early": false}, []string{"QUIT"}},
		"450":       {"450 try later\r\n", ordinary, want{"is_smtp": true, "code": 450.0, "ehlo_name": nil}, []string{"QUIT"}},
		"554":       {"554-no\r\n554 service for you\r\n", ordinary, want{"is_smtp": true, "code": 554.0, "greeting": `554-no\n554 service for you`}, []string{"QUIT"}},
		"HELO only": {"220 old.example\r\n", map[string]string{"EHLO": "502 what?\r\n", "HELO": "250 old.example hello\r\n", "QUIT": "221 bye\r\n"}, want{"code": 220.0, "ehlo_name": "old.example", "extensions": []any{}}, []string{"EHLO", "HELO", "QUIT"}},
		"EHLO is answered with 421": {"220 mail.example\r\n", map[string]string{"EHLO": "421 shutting down\r\n", "QUIT": "221 bye\r\n"},
			want{"code": 220.0, "ehlo_name": nil, "closed_early": false}, []string{"EHLO", "QUIT"}},
		"EHLO is answered with noise": {"220 mail.example\r\n", map[string]string{"EHLO": "hello yourself\r\n"},
			want{"is_smtp": true, "code": 220.0, "ehlo_name": nil, "closed_early": false, "timed_out": false}, []string{"EHLO"}},
		"SSH":                  {"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": "SSH-2.0-OpenSSH_9.2p1 Debian-2", "greeting_ms": nil, "closed_early": false, "timed_out": false}, nil},
		"HTTP":                 {"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": "HTTP/1.1 400 Bad Request"}, nil},
		"binary":               {"\x16\x03\x01\x00\xff\x1b[31mred", nil, want{"is_smtp": false, "code": nil, "greeting": `\x16\x03\x01\x00\xff\x1b[31mred`}, nil},
		"binary behind a code": {"220 mail\x00.example\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": `220 mail\x00.example`}, nil},
		"an endless line":      {"220 " + strings.Repeat("x", 1<<20), nil, want{"is_smtp": false, "code": nil, "greeting": "220 " + long[:507] + "…"}, nil},
		"endless lines":        {strings.Repeat("220-more\r\n", 10000), nil, want{"is_smtp": false, "code": nil}, nil},
		"a code of no reply":   {"120 soon\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": "120 soon"}, nil},
		"four digits":          {"2200 mail.example\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": "2200 mail.example"}, nil},
		"two codes in a reply": {"220-mail.example\r\n554 no\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": `220-mail.example\n554 no`}, nil},
		"an empty line":        {"\r\n", nil, want{"is_smtp": false, "code": nil, "greeting": ""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan []string, 1)
			port := listenLocally(t, smtpServer(test.greeting, test.replies, heard))
			result := mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(port)})
			test.want.check(t, "result", result)
			var verbs []string
			for _, line := range <-heard {
				verb, _, _ := strings.Cut(line, " ")
				verbs = append(verbs, verb)
			}
			if got, want := strings.Join(verbs, " "), strings.Join(test.heard, " "); got != want {
				t.Errorf("the server heard %q, want %q", got, want)
			}
		})
	}
}

func TestSMTPIntroducesItself(t *testing.T) {
	for name, test := range map[string]struct {
		ehlo cty.Value
		want string
	}{
		"by its address": {cty.NullVal(cty.String), "EHLO [127.0.0.1]"},
		"by a name":      {cty.StringVal("gw.corp.example"), "EHLO gw.corp.example"},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan []string, 1)
			port := listenLocally(t, smtpServer("220 mail.example\r\n", ordinary, heard))
			mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(port), "ehlo": test.ehlo})
			if lines := <-heard; len(lines) == 0 || lines[0] != test.want {
				t.Errorf("the server heard %q, want %q first", lines, test.want)
			}
		})
	}
	if got, want := addressLiteral(&net.TCPAddr{IP: net.ParseIP("2001:db8::1")}), "[IPv6:2001:db8::1]"; got != want {
		t.Errorf("literal of an IPv6 address: %s, want %s", got, want)
	}
}

func TestSMTPRefused(t *testing.T) {
	result := mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(closedPort(t)), "starttls": cty.StringVal("try")})
	want{
		"connected": false, "refused": true, "timed_out": false, "is_smtp": false, "code": nil, "greeting": nil, "ehlo_name": nil,
		"extensions": []any{}, "connect_ms": nil, "greeting_ms": nil, "closed_early": false,
		"tls": map[string]any{"offered": false, "version": nil, "names": []any{}, "expires_in_days": nil, "verified": false, "problem": "the dialogue did not get so far"},
	}.check(t, "result", result)
	if runtime.GOOS == "linux" {
		want{"icmp": noICMP}.check(t, "result", result)
	}
}

// closedBeforeAnyByte and silence are the two faces of smtp_no_greeting.
func TestSMTPClosedBeforeAnyByte(t *testing.T) {
	port := listenLocally(t, func(net.Conn) {})
	want{"connected": true, "is_smtp": false, "code": nil, "greeting": nil, "closed_early": true, "timed_out": false}.
		check(t, "result", mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(port)}))
}

func TestSMTPResetBeforeAnyByte(t *testing.T) {
	port := listenLocally(t, func(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) })
	want{"connected": true, "greeting": nil, "closed_early": true, "timed_out": false}.
		check(t, "result", mustAsk(t, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(port)}))
}

// A program that never calls accept is what SIGSTOP makes of a mail server:
// the kernel shakes hands in its place.
func TestSMTPNobodyAccepts(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	// The check's own time is the shorter patience here.
	ctx, cancel := context.WithTimeout(t.Context(), leastSilence+50*time.Millisecond)
	defer cancel()
	result, err := ask(t, ctx, "smtp", &engine.World{}, "127.0.0.1", map[string]cty.Value{"port": number(listener.Addr().(*net.TCPAddr).Port)})
	if err != nil {
		t.Fatal(err)
	}
	want{"connected": true, "is_smtp": false, "code": nil, "greeting": nil, "closed_early": false, "timed_out": true}.check(t, "result", result)
}

func TestSMTPTime(t *testing.T) {
	// What a check's time leaves for a greeting, and for the look for TLS where
	// not one byte came.
	const checkTime, silence = 17 * time.Second, 17*time.Second - implicitTLSPatience
	pieces := func(pause time.Duration, parts ...string) func(net.Conn) {
		return func(conn net.Conn) {
			for _, part := range parts {
				time.Sleep(pause)
				if _, err := io.WriteString(conn, part); err != nil {
					return
				}
			}
			smtpServer("", ordinary, nil)(conn)
		}
	}
	for name, test := range map[string]struct {
		serve func(net.Conn)
		took  time.Duration
		want  want
	}{
		"greeting after 3 s": {pieces(3*time.Second, "220 mail.example\r\n"), 3 * time.Second,
			want{"code": 220.0, "greeting_ms": 3000.0, "total_ms": 3000.0, "connect_ms": 0.0, "timed_out": false, "ehlo_name": "mail.example"}},
		"greeting byte by byte": {pieces(100*time.Millisecond, strings.Split("220-mail\r\n220 ok\r\n", "")...), 1800 * time.Millisecond,
			want{"code": 220.0, "greeting": `220-mail\n220 ok`, "greeting_ms": 1800.0}},
		"a byte now and then does not last for ever": {pieces(1100*time.Millisecond, strings.Split(strings.Repeat("220-a\r\n", 100), "")...), silence,
			want{"is_smtp": false, "code": nil, "greeting": `220-a\n220-a`, "timed_out": true, "closed_early": false}},
		"silence": {silentServer, checkTime,
			want{"connected": true, "is_smtp": false, "code": nil, "greeting": nil, "timed_out": true, "closed_early": false, "greeting_ms": nil, "total_ms": 17000.0, "expects_tls": false, "provoked": nil}},
		"silence in mid-line": {pieces(0, "220 mail"), silence,
			want{"is_smtp": false, "code": nil, "greeting": "220 mail", "timed_out": true}},
		"silence after EHLO": {smtpServer("220 mail.example\r\n", nil, nil), silence,
			want{"dialogue": "unanswered", "ehlo_ms": 16200.0, "is_smtp": true, "code": 220.0, "timed_out": true, "ehlo_name": nil, "closed_early": false}},
		"EHLO after 12 s": {func(conn net.Conn) {
			io.WriteString(conn, "220 mail.example\r\n")
			conn.Read(make([]byte, 100))
			time.Sleep(12 * time.Second)
			io.WriteString(conn, "250 mail.example\r\n")
			conn.Read(make([]byte, 100))
		}, 12 * time.Second, want{"code": 220.0, "dialogue": "completed", "ehlo_ms": 12000.0, "greeting_ms": 0.0}},
		"silence after QUIT": {smtpServer("220 mail.example\r\n", map[string]string{"EHLO": "250 mail.example\r\n"}, nil), quitPatience,
			want{"code": 220.0, "timed_out": false, "closed_early": false, "ehlo_name": "mail.example"}},
		"noise without a line end": {pieces(0, "\x00\x01\x02"), strayPatience,
			want{"is_smtp": false, "greeting": `\x00\x01\x02`, "timed_out": false}},
		"closed in mid-line": {func(conn net.Conn) { io.WriteString(conn, "220 mail") }, 0,
			want{"is_smtp": false, "code": nil, "greeting": "220 mail", "timed_out": false, "closed_early": true}},
		"closed in answer to EHLO": {func(conn net.Conn) {
			io.WriteString(conn, "220 mail.example\r\n")
			conn.Read(make([]byte, 100))
		}, 0, want{"code": 220.0, "closed_early": true, "ehlo_name": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), checkTime)
				defer cancel()
				result, err := ask(t, ctx, "smtp", serving(test.serve), "192.0.2.1", nil)
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "result", result)
				if took := time.Since(began); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				time.Sleep(time.Minute) // until the server has noticed
			})
		})
	}
}

func TestSMTPCutOff(t *testing.T) {
	slow := func(conn net.Conn) {
		time.Sleep(3 * time.Second)
		io.WriteString(conn, "220 mail.example\r\n")
		io.Copy(io.Discard, conn)
	}
	for name, test := range map[string]struct {
		patience time.Duration
		want     want
	}{
		"before silence means anything": {leastSilence / 2,
			want{"connected": true, "timed_out": unknown, "is_smtp": unknown, "greeting": unknown, "code": unknown, "closed_early": unknown, "extensions": unknown}},
		"after a while of silence": {2 * time.Second,
			want{"connected": true, "timed_out": true, "is_smtp": false, "greeting": nil, "code": nil, "closed_early": false}},
		"soon after the greeting": {3500 * time.Millisecond,
			want{"connected": true, "timed_out": unknown, "is_smtp": true, "greeting": "220 mail.example", "code": 220.0, "closed_early": unknown, "extensions": unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.patience)
				defer cancel()
				began := time.Now()
				result, err := ask(t, ctx, "smtp", serving(slow), "192.0.2.1", nil)
				if err != nil {
					t.Fatal(err)
				}
				test.want.check(t, "result", result)
				if took := time.Since(began); took != test.patience {
					t.Errorf("took %v, want %v", took, test.patience)
				}
				time.Sleep(3 * time.Second) // until the server has noticed
			})
		})
	}
}

func TestSMTPLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for _, serve := range []func(net.Conn){smtpServer("220 mail.example\r\n", ordinary, nil), smtpServer("SSH-2.0-x\r\n", nil, nil)} {
		mustAsk(t, "smtp", serving(serve), "192.0.2.1", nil)
	}
}

func FuzzSMTPReply(f *testing.F) {
	for _, seed := range []string{
		"220 mail.example ESMTP\r\n", "220-a\r\n220 b\n", "220", "554\r\n", "SSH-2.0\r\n", "220-a\r\n554 b\r\n", "\x00", "220 a\rb\r\n", "250-\r\n250 \r\n",
	} {
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, data []byte, piece int) {
		reply, err := readSMTPReply(bufio.NewReader(strings.NewReader(string(data))))
		if (err == nil) != (reply.code != 0) {
			t.Fatalf("code %d with error %v", reply.code, err)
		}
		if err == nil && (reply.code < 200 || reply.code > 599 || len(reply.text) == 0) {
			t.Fatalf("reply %+v", reply)
		}
		if !strings.HasPrefix(string(data), string(reply.raw)) || len(reply.raw) > maxReplyLines*(maxReplyLine+1) {
			t.Fatalf("raw %q of %q", reply.raw, data)
		}
		if text := oneLine(reply.raw); strings.ContainsAny(text, "\n\r\x00\x1b") || len([]rune(text)) > maxText {
			t.Fatalf("one line: %q", text)
		}
		// How it arrives makes no difference.
		again, err2 := readSMTPReply(bufio.NewReaderSize(&piecewise{data, max(1, piece%7)}, 16))
		if again.code != reply.code || string(again.raw) != string(reply.raw) || (err == nil) != (err2 == nil) {
			t.Fatalf("in pieces %+v, %v; at once %+v, %v", again, err2, reply, err)
		}
	})
}

// piecewise reads at most so many bytes at a time.
type piecewise struct {
	data []byte
	size int
}

func (p *piecewise) Read(b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(len(b), p.size)], p.data)
	p.data = p.data[n:]
	return n, nil
}

// leastSilence is how long nothing must have come to be called silence.
const leastSilence = time.Second

package probe

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/panics"
	"github.com/zclconf/go-cty/cty"
)

const (
	// greetingLimit is how long the whole greeting may take where the check
	// sets no time (RFC 5321, 4.5.3.2.1). Servers that let spammers wait take
	// 3 to 20 s.
	greetingLimit = 5 * time.Minute
	// leastForTLS is the time for a greeting of which a part is kept for the
	// look for TLS: of less, the greeting needs all.
	leastForTLS = 10 * time.Second
	// replyPatience is how long each reply behind that to EHLO may take, and that
	// one where the check sets no time.
	replyPatience = 10 * time.Second
	// quitPatience is how long the reply to QUIT may take: nothing hangs on it
	// any more.
	quitPatience = 2 * time.Second
	// strayPatience is how long the rest of a line that is not SMTP may take,
	// so that a banner can be quoted whole.
	strayPatience = 500 * time.Millisecond
	// maxExtensions bounds the list of extensions; the longest seen have 40.
	maxExtensions = 100
)

// A smtpDialogue is what is said on one connection, and what came of it.
type smtpDialogue struct {
	ctx        context.Context
	ehlo       string // name to introduce ourselves with; "" for the own address
	starttls   string // "off", "try" or "require"
	serverName string
	roots      *x509.CertPool // nil: this computer's
	// identify is asked who it is that greets, beside the dialogue; nil: nobody is.
	identify    func(ctx context.Context, name string) greetingIdentity
	established time.Time // when the connection stood; zero: just now

	conn   net.Conn
	reader *bufio.Reader

	greeting     smtpReply
	waited       time.Duration // from the established connection to the greeting's end
	introduction smtpReply     // the last answer to EHLO or HELO
	introduced   time.Duration // what that took, or how long it was waited for
	unknown      smtpReply     // the answer to an EHLO that was not accepted
	accepted     bool          // that answer was 250
	ehloName     string        // "" unless EHLO or HELO was accepted
	extensions   []string
	tls          smtpTLS
	identity     greetingIdentity

	timedOut    bool // a reply was waited for in vain
	closedEarly bool // the server left while a reply was waited for
	hurried     bool // it was the check's end that ended the wait for a reply
	broken      bool // what comes next can't be understood
	cut         bool // the context ended before silence meant anything
}

// hold holds the dialogue on a connection that was just established, and
// closes it.
func (d *smtpDialogue) hold(conn net.Conn) {
	defer netconn.Interruptible(d.ctx, conn)()
	d.use(conn)
	defer func() { d.conn.Close() }()

	began := time.Now()
	if !d.established.IsZero() {
		began = d.established
	}
	var ok bool
	d.greeting, ok = d.read(openingPatience(d.ctx))
	d.waited = time.Since(began)
	if !ok {
		return
	}
	if d.identify != nil {
		var identified panics.Group
		identified.Go(func() { d.identity = d.identify(d.ctx, greetingName(d.greeting)) })
		defer identified.Wait()
	}
	if d.greeting.code == smtpReady && d.introduce() {
		d.tls.offered = d.offers("STARTTLS")
		if d.starttls != "off" {
			d.startTLS()
		}
	}
	d.quit()
}

// openingPatience is what the check's time leaves for the greeting and the
// answer to EHLO, who share it: all but what a look for TLS takes where no
// greeting comes.
func openingPatience(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return greetingLimit
	}
	left := time.Until(deadline)
	if left < leastForTLS {
		return greetingLimit // the check's end comes first
	}
	return min(greetingLimit, left-implicitTLSPatience)
}

// ehloPatience is how long the answer to EHLO is waited for behind a greeting.
func ehloPatience(ctx context.Context) time.Duration {
	if _, ok := ctx.Deadline(); !ok {
		return replyPatience
	}
	return openingPatience(ctx)
}

// Reply codes of RFC 5321, 4.2.3.
const (
	smtpReady          = 220
	smtpCompleted      = 250
	smtpUnrecognized   = 500
	smtpNotImplemented = 502
	smtpClosing        = 421 // not now, and the channel is closed
	smtpAccessDenied   = 530 // RFC 3207, 4: STARTTLS first; of FTP: not logged in (RFC 959, 4.2.2)
)

func (d *smtpDialogue) use(conn net.Conn) {
	d.conn, d.reader = conn, bufio.NewReader(conn)
}

// introduce says EHLO, or HELO where that is not known (RFC 5321, 3.2), and
// reports whether it was accepted.
func (d *smtpDialogue) introduce() bool {
	name := d.ehlo
	if name == "" {
		name = addressLiteral(d.conn.LocalAddr())
	}
	began := time.Now()
	defer func() { d.introduced = cmp.Or(d.introduced, time.Since(began)) }()
	reply, ok := d.command("EHLO "+name, ehloPatience(d.ctx))
	if ok && reply.code/100 == 5 {
		d.unknown = reply
		reply, ok = d.command("HELO "+name, ehloPatience(d.ctx))
	}
	if ok {
		d.introduction = reply
	}
	if !ok || reply.code != smtpCompleted {
		return false
	}
	d.accepted = true
	d.ehloName, _, _ = strings.Cut(oneLine([]byte(reply.text[0])), " ")
	d.extensions = nil
	for _, line := range reply.text[1:min(len(reply.text), 1+maxExtensions)] {
		keyword, parameters, _ := strings.Cut(oneLine([]byte(line)), " ")
		d.extensions = append(d.extensions, strings.TrimSpace(strings.ToUpper(keyword)+" "+parameters))
	}
	return true
}

// offers reports whether the last EHLO reply lists an extension.
func (d *smtpDialogue) offers(keyword string) bool {
	for _, extension := range d.extensions {
		if first, _, _ := strings.Cut(extension, " "); first == keyword {
			return true
		}
	}
	return false
}

// quit takes leave, so that the server need not log a lost connection.
func (d *smtpDialogue) quit() {
	if d.closedEarly || d.broken || d.cut {
		return
	}
	netconn.SetDeadline(d.ctx, d.conn, quitPatience)
	if _, err := d.conn.Write([]byte("QUIT\r\n")); err == nil && !d.timedOut {
		readSMTPReply(d.reader)
	}
}

// command sends a command line and reads the reply to it.
func (d *smtpDialogue) command(line string, patience time.Duration) (smtpReply, bool) {
	netconn.SetDeadline(d.ctx, d.conn, patience)
	began := time.Now()
	if _, err := d.conn.Write([]byte(line + "\r\n")); err != nil {
		d.note(began, err)
		return smtpReply{}, false
	}
	return d.read(patience)
}

// read reads one reply; false when there is none, for a reason that it notes.
func (d *smtpDialogue) read(patience time.Duration) (smtpReply, bool) {
	netconn.SetDeadline(d.ctx, d.conn, patience)
	began := time.Now()
	reply, err := readSMTPReply(d.reader)
	if errors.Is(err, errNotSMTP) {
		reply.raw = d.readStray(reply.raw)
	}
	if err != nil {
		d.note(began, err)
	}
	return reply, err == nil
}

// readStray reads the rest of a line that is not SMTP, as much as can be
// quoted and comes at once.
func (d *smtpDialogue) readStray(raw []byte) []byte {
	netconn.SetDeadline(d.ctx, d.conn, strayPatience)
	for len(raw) < maxReplyLine && !bytes.HasSuffix(raw, newline) {
		b, err := d.reader.ReadByte()
		if err != nil {
			break
		}
		raw = append(raw, b)
	}
	return raw
}

// note takes down why a reply that was waited for since then did not come.
func (d *smtpDialogue) note(began time.Time, err error) {
	switch {
	case errors.Is(err, errNotSMTP):
		d.broken = true
	case d.ctx.Err() != nil && !netconn.SilenceCounts(d.ctx, began):
		d.cut = true
	case d.ctx.Err() != nil || netconn.IsTimeout(err):
		d.timedOut, d.hurried = true, d.ctx.Err() != nil
	default:
		d.closedEarly = true
	}
}

// noteHandshake takes down how a TLS handshake failed: the server may have
// gone, or been silent, or only have refused the session.
func (d *smtpDialogue) noteHandshake(began time.Time, err error) {
	d.broken = true
	if d.ctx.Err() != nil || netconn.IsTimeout(err) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		d.note(began, err)
	}
}

// addressLiteral is the own end of a connection as RFC 5321, 4.1.3 has it.
func addressLiteral(local net.Addr) string {
	tcp, ok := local.(*net.TCPAddr)
	switch {
	case !ok:
		return "[127.0.0.1]"
	case tcp.IP.To4() != nil:
		return "[" + tcp.IP.String() + "]"
	}
	return "[IPv6:" + tcp.IP.String() + "]"
}

// dialogueWords are what may have come of the introduction, in the order in
// which outcome considers them.
var dialogueWords = []string{"completed", "tls_required", "not_understood", "not_now", "refused", "unanswered", "closed", "garbled", "unfinished"}

// outcome is what came of the introduction; "" where the greeting invited to
// none.
func (d *smtpDialogue) outcome() string {
	reply := d.introduction
	switch {
	case d.greeting.code != smtpReady:
		return ""
	case d.accepted:
		return "completed"
	case reply.code == smtpAccessDenied && bytes.Contains(bytes.ToUpper(reply.raw), []byte("TLS")):
		return "tls_required"
	case reply.code == smtpUnrecognized, reply.code == smtpNotImplemented, reply.code == smtpAccessDenied:
		return "not_understood"
	case reply.code == smtpClosing:
		return "not_now"
	case reply.code >= 400:
		return "refused"
	case d.closedEarly:
		return "closed"
	case d.broken, reply.code != 0:
		return "garbled"
	case d.timedOut && !d.hurried:
		return "unanswered"
	}
	return "unfinished"
}

// set states what came of the dialogue, which did not take place if there was
// no connection; timedOut says that the attempt to connect already did.
func (d *smtpDialogue) set(r *result, timedOut bool) {
	r.set("timed_out", timedOut || d.timedOut)
	if d.cut {
		r.set("timed_out", cty.UnknownVal(cty.Bool).RefineNotNull())
		if d.greeting.code == 0 {
			return
		}
	}
	isSMTP := d.greeting.code != 0
	r.set("is_smtp", isSMTP)
	r.set("code", nil)
	r.set("greeting_ms", nil)
	r.set("greeting", nil)
	r.set("dialogue", nullIfEmpty(d.outcome()))
	r.set("masked", nullIfEmpty(d.masked()))
	d.identity.set(r)
	if isSMTP {
		r.set("code", d.greeting.code)
		r.set("greeting_ms", milliseconds(d.waited))
	}
	if len(d.greeting.raw) > 0 {
		r.set("greeting", oneLine(d.greeting.raw))
	}
	if d.cut {
		return
	}
	r.set("closed_early", d.closedEarly)
	r.set("ehlo_ms", nil)
	if d.outcome() != "" {
		r.set("ehlo_ms", milliseconds(d.introduced))
	}
	r.set("ehlo_name", nil)
	r.set("ehlo_reply", nil)
	if d.introduction.code != 0 {
		r.set("ehlo_reply", oneLine(d.introduction.raw))
	}
	if d.ehloName != "" {
		r.set("ehlo_name", d.ehloName)
	}
	r.set("extensions", append([]string{}, d.extensions...))
	r.set("tls", d.tls.fields(d.starttls != "off"))
}

package probe

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/engine/probe/internal/hostfs"
	"github.com/linecheck/linecheck/engine/probe/internal/icmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"golang.org/x/sys/unix"
)

// How long TCP is watched. A segment is retransmitted after 0.2, 0.6, 1.4 and
// 3 s where the round trip is short (RFC 6298 with Linux' least timeout).
const (
	// segmentGreeting is how long a greeting is waited for before segments are
	// sent; a host that takes longer is not measured.
	segmentGreeting = 10 * time.Second
	// segmentPatience is how long a full segment may stay unacknowledged.
	segmentPatience = 3 * time.Second
	// probingPatience is the same where this computer looks for a smaller size
	// by itself, which it does after three timeouts in a row.
	probingPatience = 7 * time.Second
	// stepPatience is how long a segment of one size of a series may.
	stepPatience = 1300 * time.Millisecond
	// seriesPatience bounds the series.
	seriesPatience = 5 * time.Second
	// neededRetransmissions make a segment vanished, neededStepLosses one of a
	// series, before which others were acknowledged.
	neededRetransmissions = 3
	neededStepLosses      = 2
	// ackPoll is how often TCP_INFO (tcp(7)) is read.
	ackPoll = 10 * time.Millisecond
)

// tailBytes is a last small segment behind a full one: acknowledged out of
// order (RFC 2018), it shows that the full one alone is missing.
const tailBytes = 24

// A segmentLine is a connection to a mail server of which it is watched what
// becomes of single segments.
type segmentLine struct {
	ctx    context.Context
	conn   *net.TCPConn
	reader *bufio.Reader
	ehlo   string // the command
	// ehloReply is how many bytes the reply to it has; 0: it was turned down.
	ehloReply int
	sent      uint64 // bytes
}

// segmentMTU finds out what becomes of full segments to a mail server.
func segmentMTU(ctx context.Context, o mtuOptions) (*mtuOutcome, error) {
	outcome := &mtuOutcome{byTCP: true, verdict: mtuUnsure, complete: true}
	line, err := openSegmentLine(ctx, o)
	if line == nil || err != nil {
		outcome.complete = ctx.Err() == nil
		return outcome, err
	}
	defer line.close()
	full, ok := line.full(o.largest)
	if !ok {
		return outcome, nil
	}
	acked, smaller, losses := line.sendFull(full)
	switch {
	case ctx.Err() != nil:
		return &mtuOutcome{byTCP: true}, nil
	case acked && smaller > 0:
		outcome.mtu, outcome.verdict, outcome.recovers, outcome.direction = smaller, mtuVanish, true, "out"
	case acked:
		// A router may have said meanwhile what it takes.
		outcome.mtu, outcome.verdict = min(full, line.packet()), mtuPass
		if line.repliesVanish() {
			outcome.verdict, outcome.direction, outcome.mtu = mtuVanish, "back", 0
		}
	case losses >= neededRetransmissions:
		return segmentSeries(ctx, o, full)
	}
	return outcome, nil
}

// segmentSeries sends segments of growing size on a connection of its own,
// each when the one before was acknowledged, up to the one that is not.
func segmentSeries(ctx context.Context, o mtuOptions, full int) (*mtuOutcome, error) {
	outcome := &mtuOutcome{byTCP: true, verdict: mtuUnsure, complete: true}
	line, err := openSegmentLine(ctx, o)
	if line == nil || err != nil {
		return outcome, err
	}
	defer line.close()
	deadline := time.Now().Add(seriesPatience)
	sizes := seriesSizes(line.headers()+minNoop, full)
	before := line.retransmissions()
	for i, size := range sizes {
		start := line.retransmissions()
		if time.Now().After(deadline) || !line.write(size-line.headers()) {
			break
		}
		if line.acknowledged(stepPatience, neededStepLosses) {
			outcome.mtu = size
			continue
		}
		// Where others had to be sent again as well, all sizes are lost.
		lossy := start-before > i/3
		if i >= neededSmall && !lossy && line.retransmissions()-start >= neededStepLosses {
			outcome.verdict, outcome.direction = mtuVanish, "out"
		}
		break
	}
	if outcome.mtu == full {
		outcome.verdict = mtuPass // the first line's was lost by chance
	}
	if ctx.Err() != nil {
		return &mtuOutcome{byTCP: true}, nil
	}
	return outcome, nil
}

// neededSmall segments, smaller than what every link carries, must be
// acknowledged before larger ones are missed: where all sizes are lost, so many
// in a row hardly are.
const neededSmall = 4

// seriesSizes are growing sizes: small ones, those that links come in, full.
func seriesSizes(least, full int) []int {
	sizes := make([]int, 0, neededSmall+len(commonMTUs)+1)
	for i := range neededSmall {
		sizes = append(sizes, least+8*i)
	}
	common := between(commonMTUs, sizes[neededSmall-1], full)
	slices.Sort(common)
	return append(append(sizes, common...), full)
}

// openSegmentLine connects, waits for the greeting and says EHLO; nil where a
// mail server does not come so far.
func openSegmentLine(ctx context.Context, o mtuOptions) (*segmentLine, error) {
	attempt, cancel := context.WithTimeout(ctx, netconn.Patience)
	defer cancel()
	c, err := netconn.Connect(attempt, o.world, netconn.Options{Address: netip.AddrPortFrom(o.destination, o.port), Source: o.source})
	switch {
	case errors.Is(err, unix.ECONNRESET) || errors.Is(err, context.Canceled) || ctx.Err() != nil:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("path MTU to %s by TCP: %w", o.destination, err)
	case c.Conn == nil:
		return nil, nil
	}
	conn, ok := c.Conn.(*net.TCPConn)
	if !ok {
		c.Conn.Close()
		return nil, nil
	}
	line := &segmentLine{ctx: ctx, conn: conn, reader: bufio.NewReader(conn), ehlo: "EHLO " + addressLiteral(conn.LocalAddr()) + "\r\n"}
	if info, err := line.info(); err == nil {
		line.sent = info.Bytes_acked // the SYN counts as one
	}
	if !line.begin() {
		line.close()
		return nil, nil
	}
	return line, nil
}

// begin reads the greeting and says EHLO.
func (l *segmentLine) begin() bool {
	if greeting, ok := l.reply(segmentGreeting); !ok || greeting.code != smtpReady {
		return false
	}
	if !l.send([]byte(l.ehlo)) {
		return false
	}
	reply, ok := l.reply(segmentPatience)
	if ok && reply.code == smtpCompleted {
		l.ehloReply = len(reply.raw)
	}
	return ok
}

func (l *segmentLine) reply(patience time.Duration) (smtpReply, bool) {
	netconn.SetDeadline(l.ctx, l.conn, patience)
	defer netconn.Interruptible(l.ctx, l.conn)()
	reply, err := readSMTPReply(l.reader)
	return reply, err == nil
}

// send hands the kernel bytes, which it takes at once.
func (l *segmentLine) send(data []byte) bool {
	netconn.SetDeadline(l.ctx, l.conn, time.Second)
	n, err := l.conn.Write(data)
	l.sent += uint64(n)
	return err == nil
}

// write sends NOOP commands of so many bytes in all, each no longer than
// RFC 5321, 4.5.3.1.4 allows. Written at once, they share segments.
func (l *segmentLine) write(size int) bool { return l.send(noops(size)) }

// maxCommand and minNoop are the longest command line and the shortest NOOP,
// in bytes with the line's end.
const (
	maxCommand = 512
	minNoop    = len("NOOP\r\n")
)

// noops are NOOP commands (RFC 5321, 4.1.1.9) of size bytes in all, minNoop at
// least.
func noops(size int) []byte {
	var out bytes.Buffer
	for size > 0 {
		n := min(size, maxCommand)
		if rest := size - n; 0 < rest && rest < minNoop {
			n -= minNoop // the last one needs room
		}
		text := "NOOP"
		if n > minNoop {
			text += " " + strings.Repeat("x", n-minNoop-1)
		}
		out.WriteString(text + "\r\n")
		size -= n
	}
	return out.Bytes()
}

// sendFull sends a full segment and a small one behind it, and reports whether
// both were acknowledged, how large the packets were where that took smaller
// ones that nobody asked for (else 0), and how often it was sent again.
func (l *segmentLine) sendFull(full int) (acked bool, smaller, losses int) {
	before := l.retransmissions()
	if !l.write(full-l.headers()) || !l.write(tailBytes) {
		return false, 0, 0
	}
	patience, enough := segmentPatience, neededRetransmissions
	if searchesSize() {
		patience, enough = probingPatience, never
	}
	acked = l.acknowledged(patience, enough)
	losses = l.retransmissions() - before
	info, err := l.info()
	if err != nil {
		return false, 0, 0
	}
	// A router's word makes the path MTU smaller, the search of one's own only
	// the segments.
	packet := l.packet()
	if acked && losses >= neededRetransmissions && packet < full && packet < int(info.Pmtu) {
		smaller = packet
	}
	return acked, smaller, losses
}

// searchesSize reports whether this computer looks for a smaller size once a
// connection hangs (RFC 4821): net.ipv4.tcp_mtu_probing, which both families
// obey. Where it always does, segments begin small.
func searchesSize() bool {
	value, err := hostfs.Sysctl("ipv4/tcp_mtu_probing")
	return err == nil && value == "1"
}

// never is more retransmissions than there will be.
const never = 1 << 20

// acknowledged waits until all that was sent is: for so long, and until it was
// sent again more than enough times, so that so many of them had their time.
func (l *segmentLine) acknowledged(patience time.Duration, enough int) bool {
	before := l.retransmissions()
	for deadline := time.Now().Add(patience); ; {
		info, err := l.info()
		switch {
		case err != nil || l.ctx.Err() != nil:
			return false
		case info.Bytes_acked >= l.sent:
			return true
		case time.Now().After(deadline) || int(info.Total_retrans)-before > enough:
			return false
		}
		pause(l.ctx, ackPoll)
	}
}

// maxEHLOs bounds what is asked for to fill segments on the way back.
const maxEHLOs = 30

// repliesVanish asks for so many replies that the server fills segments with
// them, and reports whether a full one is missing although later ones came.
// That the server is slow, or writes each reply by itself, shows nothing.
func (l *segmentLine) repliesVanish() bool {
	info, err := l.info()
	if err != nil || l.ehloReply == 0 {
		return false
	}
	times := int(info.Advmss)*5/4/l.ehloReply + 1
	if times > maxEHLOs {
		return false
	}
	for l.reader.Buffered() > 0 { // what it said to the NOOPs
		l.reader.Discard(l.reader.Buffered())
	}
	early := info.Rcv_ooopack
	if !l.send([]byte(strings.Repeat(l.ehlo, times))) {
		return false
	}
	wanted := info.Bytes_received + uint64(times*l.ehloReply)
	for deadline := time.Now().Add(segmentPatience); time.Now().Before(deadline) && l.ctx.Err() == nil; pause(l.ctx, ackPoll) {
		if info, err = l.info(); err != nil || info.Bytes_received >= wanted {
			return false
		}
	}
	return l.ctx.Err() == nil && info.State == unix.BPF_TCP_ESTABLISHED && info.Rcv_ooopack > early
}

// full is the size of the largest packets that this connection sends, with all
// headers, or of less where less is asked for.
func (l *segmentLine) full(largest int) (int, bool) {
	size := min(l.packet(), largest)
	return size, size > l.headers()+tailBytes
}

// packet is the size of a full segment with all headers, 0 where it is not known.
func (l *segmentLine) packet() int {
	info, err := l.info()
	if err != nil {
		return 0
	}
	return int(info.Snd_mss) + l.headers()
}

// Lengths in bytes of the TCP header and of its option for time stamps as it is
// padded (RFC 9293, RFC 7323).
const (
	tcpHeaderLen    = 20
	timestampOption = 12
	// tcpiTimestamps is TCPI_OPT_TIMESTAMPS of linux/tcp.h.
	tcpiTimestamps = 1
)

// headers is how many bytes of a packet are not data.
func (l *segmentLine) headers() int {
	n := tcpHeaderLen + icmp.IPv4HeaderLen
	if address, ok := l.conn.RemoteAddr().(*net.TCPAddr); ok && address.IP.To4() == nil {
		n = tcpHeaderLen + icmp.IPv6HeaderLen
	}
	if info, err := l.info(); err == nil && info.Options&tcpiTimestamps != 0 {
		n += timestampOption
	}
	return n
}

func (l *segmentLine) retransmissions() int {
	info, err := l.info()
	if err != nil {
		return 0
	}
	return int(info.Total_retrans)
}

func (l *segmentLine) info() (info *unix.TCPInfo, err error) {
	raw, err := l.conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	controlErr := raw.Control(func(fd uintptr) {
		info, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	return info, errors.Join(controlErr, err)
}

// close takes leave and closes; what was not acknowledged goes with it.
func (l *segmentLine) close() {
	if l.acknowledged(0, never) {
		l.send([]byte("QUIT\r\n"))
		netconn.SetDeadline(l.ctx, l.conn, quitPatience)
		l.acknowledged(quitPatience, never)
	} else {
		l.conn.SetLinger(0)
	}
	l.conn.Close()
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

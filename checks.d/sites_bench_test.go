//go:build linux

package checks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/linecheck/linecheck/checks.d/internal/lab"
	"github.com/miekg/dns"
)

const (
	benchSites = 1000
	// pingsOfASite is how many pings a ladder that nothing is wrong with sends:
	// three to each of loopback, neighbour, gateway and remote host.
	pingsOfASite = 4
)

// BenchmarkThousandSites runs the built command with a thousand site profiles
// and the shipped ladder, in a network in which everything answers, beside fping
// with the same addresses and number of pings. Each site has a remote host and a
// mail host's name of its own. The command's figures are those of its whole
// process.
func BenchmarkThousandSites(b *testing.B) {
	lab.Need(b, "fping")
	n := answeringNetwork(b)
	// As most systems have it; the kernel's own default denies ping sockets.
	n.Host("gw").Sh("sysctl -qw net.ipv4.ping_group_range='0 2147483647'")
	profiles := writeSites(b, n)
	program := lab.Binary(b)
	var ours, theirs processUsage
	var memory float64
	var seen sitesSeen
	for b.Loop() {
		f, _ := measureProcess(b, n, pingedAddresses(n), "fping", "-q", "-c3", "-p200", "-i0", "-t1000")
		theirs.add(f)
		u, report := measureProcess(b, n, nil, program, "run", "embedded", "--sites", profiles, "--site", "all", "--format", "json")
		ours.add(u)
		memory = max(memory, u.memoryMB)
		seen = readSites(b, report)
	}
	times := float64(b.N)
	b.ReportMetric(ours.wall.Seconds()*1000/times, "wall-ms")
	b.ReportMetric(theirs.wall.Seconds()*1000/times, "fping-wall-ms")
	b.ReportMetric(ours.cpu.Seconds()*1000/times, "cpu-ms")
	b.ReportMetric(theirs.cpu.Seconds()*1000/times, "fping-cpu-ms")
	b.ReportMetric(memory, "peak-MB")
	b.ReportMetric(float64(seen.lost), "lost")
	b.ReportMetric(float64(seen.shared), "shared")
	b.ReportMetric(seen.longest, "shared-max-rtt-ms")
	b.ReportMetric(0, "ns/op") // says nothing of either
}

// answeringNetwork is one whose mail host plays a thousand remote hosts and mail
// services, and whose DNS knows all of them.
func answeringNetwork(b *testing.B) *lab.Network {
	n := lab.Bare(b, lab.Shape{Name: "a thousand sites", Routers: 1, IPv4: true})
	n.Host("r1").Sh("ip route add " + remoteHosts + " via $MAIL")
	n.Host("mail").Sh("ip route add local " + remoteHosts + " dev lo")
	n.Host("mail").Serve(25, lab.Says("220 mx ESMTP\r\n"))
	n.Host("dns").ServeDNS(func(w dns.ResponseWriter, query *dns.Msg) {
		reply := new(dns.Msg).SetReply(query)
		var i int
		q := query.Question[0]
		switch _, err := fmt.Sscanf(q.Name, "mx%d.", &i); {
		case err != nil:
			reply.Rcode = dns.RcodeNameError
		case q.Qtype == dns.TypeA:
			rr, _ := dns.NewRR(fmt.Sprintf("%s 60 IN A %v", q.Name, remoteHost(i)))
			reply.Answer = append(reply.Answer, rr)
		}
		w.WriteMsg(reply)
	})
	return n
}

// remoteHosts are addresses that no network of the lab uses (RFC 6598).
const remoteHosts = "100.64.0.0/16"

func remoteHost(i int) netip.Addr {
	base := netip.MustParsePrefix(remoteHosts).Addr().As4()
	return netip.AddrFrom4([4]byte{base[0], base[1], byte(i >> 8), byte(i)})
}

func writeSites(b *testing.B, n *lab.Network) string {
	b.Helper()
	var sites strings.Builder
	for i := 1; i <= benchSites; i++ {
		fmt.Fprintf(&sites, `site "branch-%d" {
  vars = {
    subnet_host     = %q
    default_gateway = %q
    remote_host     = "%v"
    mail_host       = "mx%d.%s"
    mail_address    = "%v"
  }
}
`, i, n.Getenv("PEER"), n.Getenv("ROUTER"), remoteHost(i), i, n.Domain, remoteHost(i))
	}
	file := filepath.Join(b.TempDir(), "sites.hcl")
	if err := os.WriteFile(file, []byte(sites.String()), 0o644); err != nil {
		b.Fatal(err)
	}
	return file
}

// pingedAddresses are what the ladders ping, one a line.
func pingedAddresses(n *lab.Network) []byte {
	var lines bytes.Buffer
	for i := 1; i <= benchSites; i++ {
		fmt.Fprintf(&lines, "127.0.0.1\n%s\n%s\n%v\n", n.Getenv("PEER"), n.Getenv("ROUTER"), remoteHost(i))
	}
	return lines.Bytes()
}

// A processUsage is what a process took.
type processUsage struct {
	wall, cpu time.Duration
	memoryMB  float64
}

func (u *processUsage) add(more processUsage) {
	u.wall += more.wall
	u.cpu += more.cpu
}

// measureProcess runs a program on the gateway computer.
func measureProcess(b *testing.B, n *lab.Network, stdin []byte, program string, args ...string) (processUsage, []byte) {
	b.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("ip", append([]string{"netns", "exec", n.Getenv("NS") + "gw", program}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	u := processUsage{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if err != nil {
		said := stderr.String()
		if len(stdout.Bytes()) > 0 {
			readSites(b, stdout.Bytes())
		}
		b.Fatalf("%s: %v\n%s", program, err, said[max(0, len(said)-4000):])
	}
	u.memoryMB = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
	return u, stdout.Bytes()
}

// sitesSeen is what a report says of the pings of all sites.
type sitesSeen struct {
	lost, shared int
	longest      float64 // round trip on a shared socket, milliseconds
}

// readSites reads a report, in which every check of every site must pass.
func readSites(b *testing.B, report []byte) sitesSeen {
	b.Helper()
	var r struct {
		Sites []struct {
			Site, Verdict string
			Vantages      []struct {
				Checks []struct {
					Address, Kind, Status, Cause string
					Result                       struct {
						Sent, Received int
						RTT            float64 `json:"rtt_max_ms"`
						Socket         string
					}
				}
			}
		}
	}
	if err := json.Unmarshal(report, &r); err != nil {
		b.Fatal(err)
	}
	var seen sitesSeen
	pings := 0
	causes := map[string]int{}
	for _, s := range r.Sites {
		for _, c := range s.Vantages[0].Checks {
			if c.Cause != "" {
				causes[c.Address+" "+c.Cause]++
			}
			if c.Kind != "ping" {
				continue
			}
			pings++
			seen.lost += 3 - c.Result.Received
			if c.Result.Socket == "shared" {
				seen.shared++
				seen.longest = max(seen.longest, c.Result.RTT)
			}
		}
	}
	if len(causes) > 0 {
		b.Errorf("accused, by how many sites: %v", causes)
	}
	if pings != benchSites*pingsOfASite {
		b.Errorf("%d pings in the report, want %d", pings, benchSites*pingsOfASite)
	}
	return seen
}

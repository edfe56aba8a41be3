//go:build linux

package lab

import (
	"testing"
	"time"
)

func TestStandardNetwork(t *testing.T) {
	start := time.Now()
	n := Bare(t, Standard)
	t.Logf("network: %v", time.Since(start))
	start = time.Now()
	n.Host("dns").StartDNS(DNS{})
	t.Logf("dns: %v", time.Since(start))
	start = time.Now()
	n.Host("mail").StartMail(Mail{})
	t.Logf("mail: %v", time.Since(start))
	gw := n.Host("gw")
	t.Log(gw.Sh("env | sort | grep -v ^_ ; ping -c1 -W1 $PEER; ping -c1 -W1 $ROUTER; ping -c1 -W1 $MAIL; dig +short $NAME $RR; cat /etc/resolv.conf; printf 'QUIT\r\n' | timeout 3 bash -c 'exec 3<>/dev/tcp/'$MAIL'/25; head -1 <&3'"))
}

func TestPF(t *testing.T) {
	n := Bare(t, Standard)
	for range 3 {
		start := time.Now()
		n.Host("mail").StartMail(Mail{})
		t.Logf("mail: %v", time.Since(start))
	}
	t.Log(n.Host("mail").Sh("cat " + n.Host("mail").MailLog()))
	h := n.Host("mail")
	h.stop("mail")
	t.Log(h.Sh("cat "+h.path("main.cf")+"; which strace; (strace -f -tt -o /tmp/st.out timeout 4 /usr/lib/postfix/sbin/master -c "+h.path()+" 2>&1) || true"))
}

package diagnostic

import (
	"fmt"
	"testing"
)

func TestSuggest(t *testing.T) {
	names := []string{"received", "sent", "loss_pct", "rtt_avg_ms", "rtt_min_ms", "code", "mtu", "ttl", "connect_ms", "default_gateway", "größe"}
	tests := []struct{ given, want string }{
		{"recieved", "received"},
		{"recived", "received"},
		{"reeceived", "received"},
		{"Received", "received"},
		{"rtt_agv_ms", "rtt_avg_ms"},
		{"rtt_mim_ms", "rtt_min_ms"},
		{"defalt_gatway", "default_gateway"},
		{"loss", "loss_pct"},
		{"lossPct", "loss_pct"},
		{"rttAvgMs", "rtt_avg_ms"},
		{"rtt-avg-ms", "rtt_avg_ms"},
		{"connect", "connect_ms"},
		{"mt", "mtu"},
		{"grösse", "größe"},
		{"xyz", ""},
		{"tx", ""},
		{"", ""},
		{"entirely_else", ""},
	}
	for _, test := range tests {
		want := ""
		if test.want != "" {
			want = ` Did you mean "` + test.want + `"?`
		}
		if got := DidYouMean(test.given, names); got != want {
			t.Errorf("%s: got %q, want %q", test.given, got, want)
		}
	}
	if got := Nearest("code", nil); got != "" {
		t.Errorf("no candidates: got %q", got)
	}
}

// TestSuggestAmongMany finds one name of ten thousand that are alike.
func TestSuggestAmongMany(t *testing.T) {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("check_%05d", i)
	}
	for _, given := range []string{"chekc_04711", "check04711", "check__04711", "chek_04711", "checkk_04711", "cheek_04711"} {
		if got := Nearest(given, names); got != "check_04711" {
			t.Errorf("%s: got %q", given, got)
		}
	}
	long := make([]byte, 1<<20)
	Nearest(string(long), []string{string(long[1:]), string(long) + "x"})
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "abd", 1},
		{"abc", "ab", 1}, {"abcd", "bacd", 1}, {"abcdef", "badcfe", 3}, {"kitten", "sitting", 3}, {"abcd", "wxyz", 4},
	}
	for _, test := range tests {
		if got := distance(test.a, test.b, 3); got != test.want {
			t.Errorf("%s, %s: got %d, want %d", test.a, test.b, got, test.want)
		}
		if got := distance(test.b, test.a, 3); got != test.want {
			t.Errorf("%s, %s: got %d, want %d", test.b, test.a, got, test.want)
		}
	}
}

package probe

import (
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
)

func TestResolver(t *testing.T) {
	w := &engine.World{Open: files(map[string]string{
		resolvConfFile: "# comment\nnameserver 10.1.0.53\nnameserver fe80::53%eth0\nsearch corp.example.\n",
		hostsFile:      "127.0.0.1 localhost\n10.2.0.99 Mail.Corp.Example mail # old\n2001:DB8::99 mail.corp.example\n10.2.0.7 other\n",
	})}
	servers := []any{"10.1.0.53", "fe80::53%eth0"}
	v4 := map[string]any{"address": "10.2.0.99", "names": []any{"mail.corp.example", "mail"}}
	v6 := map[string]any{"address": "2001:db8::99", "names": []any{"mail.corp.example"}}
	for target, entries := range map[string][]any{
		"mail.corp.example":  {v4, v6},
		"MAIL.corp.example.": {v4, v6},
		"mail":               {v4},
		"2001:db8:0::99":     {v6},
		"corp.example":       {},
	} {
		want{"servers": servers, "search": []any{"corp.example"}, "hosts_file_entries": entries}.
			check(t, target, mustAsk(t, "resolver", w, target, nil))
	}
	all := plain(mustAsk(t, "resolver", w, "", nil)).(map[string]any)["hosts_file_entries"].([]any)
	if len(all) != 4 {
		t.Errorf("%d entries without a target, want 4", len(all))
	}
}

func TestResolverWithNothingConfigured(t *testing.T) {
	want{"servers": []any{}, "search": []any{}, "hosts_file_entries": []any{}}.
		check(t, "result", mustAsk(t, "resolver", &engine.World{Open: files(nil)}, "", nil))
}

func TestResolverBoundsTheList(t *testing.T) {
	w := &engine.World{Open: files(map[string]string{hostsFile: strings.Repeat("0.0.0.0 advert.example\n", maxHostsEntries+1)})}
	entries := plain(mustAsk(t, "resolver", w, "advert.example", nil)).(map[string]any)["hosts_file_entries"].([]any)
	if len(entries) != maxHostsEntries {
		t.Errorf("%d entries, want %d", len(entries), maxHostsEntries)
	}
}

func TestResolverFilesThatCannotBeRead(t *testing.T) {
	w := &engine.World{Open: files(map[string]string{hostsFile: strings.Repeat("#", 16<<20+1)})}
	if _, err := ask(t, t.Context(), "resolver", w, "", nil); err == nil || !strings.Contains(err.Error(), hostsFile+": larger than 16MiB") {
		t.Errorf("error %v, want one about the size of %s", err, hostsFile)
	}
}

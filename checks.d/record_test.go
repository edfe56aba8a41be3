//go:build linux

package checks_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/linecheck/linecheck/checks.d/internal/lab"
)

// recordVar makes the lab leave what linecheck observed in its networks, as root,
// and a test of it, for TestRecorded to judge on every machine:
//
//	LINECHECK_RECORD=1 go test ./checks.d -run 'Test(Faults|Healthy)/.*/root'
const recordVar = "LINECHECK_RECORD"

// recordings is the folder of what the lab recorded.
const recordings = "tests/lab"

// recordTo is the file that linecheck is to record to, outside of the
// repository; "" where nobody wants a recording.
func (tr trial) recordTo(n *lab.Network, user string) string {
	if os.Getenv(recordVar) == "" || user != "root" {
		return ""
	}
	return filepath.Join(n.Getenv("DIR"), "recording.jsonl")
}

// keep keeps a recording, with a test that expects what was said of it.
func (tr trial) keep(t *testing.T, n *lab.Network, file string, out *lab.Outcome) {
	if file == "" || t.Failed() {
		return
	}
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(t.Name(), "/root")
	name = name[strings.LastIndex(name, "/")+1:]
	for suffix, content := range map[string][]byte{".jsonl": src, ".test.hcl": tr.test(n, name, out)} {
		if err := os.WriteFile(filepath.Join(recordings, name+suffix), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// test is the text of a test of a recording.
func (tr trial) test(n *lab.Network, name string, out *lab.Outcome) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Written by the lab: see record_test.go.\nrun %q {\nrecording = %q\nexpect {\nverdict = %q\n", name, name+".jsonl", tr.say.verdict)
	var roots []string
	for _, f := range tr.say.roots() {
		roots = append(roots, "check."+f.check)
	}
	fmt.Fprintf(&b, "root_cause = [%s]\n", strings.Join(roots, ", "))
	b.WriteString("status = {\n")
	statuses := tr.say.expected(tr.vars)
	for _, check := range slices.Sorted(maps.Keys(statuses)) {
		fmt.Fprintf(&b, "%s = %q\n", strings.TrimPrefix(check, "check."), statuses[check])
	}
	b.WriteString("}\n")
	for i, f := range tr.say.roots() {
		cause := "null"
		if f.cause != "" {
			cause = strconv.Quote(f.cause)
		}
		fmt.Fprintf(&b, "\ncheck %q {\ncause = %s\n", f.check, cause)
		if text := out.RootCauses()[i].Explain; len(f.names) > 0 {
			fmt.Fprintf(&b, "explain = %q\n", naming(text, f.names, n.Getenv))
		}
		b.WriteString("}\n")
	}
	b.WriteString("}\n}\n")
	return hclwrite.Format(b.Bytes())
}

// naming is a pattern for a text that has these names in it.
func naming(text string, names []string, getenv func(string) string) string {
	var addresses []string
	for _, name := range names {
		addresses = append(addresses, os.Expand(name, getenv))
	}
	slices.SortFunc(addresses, func(a, b string) int { return strings.Index(text, a) - strings.Index(text, b) })
	addresses = slices.Compact(addresses)
	return "…" + strings.Join(addresses, "…") + "…"
}

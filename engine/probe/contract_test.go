package probe

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine/probe/internal/netconn"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

const (
	// updateVar is the environment variable that rewrites goldens.
	updateVar     = "LINECHECK_UPDATE"
	kindsContract = "testdata/kinds.txt"
)

// TestContract holds what check files and readers of the JSON report rely on:
// the kinds, their arguments with types and defaults, and what they observe. A
// line may be added; one that changes or goes breaks runbooks elsewhere.
func TestContract(t *testing.T) {
	var b strings.Builder
	for _, p := range All() {
		fmt.Fprintf(&b, "%s\n", p.Name)
		for i := range p.Args {
			a := &p.Args[i]
			fmt.Fprintf(&b, "  %s %s%s\n", a.Name, typeOf(a), defaultOf(a))
		}
		b.WriteString("  ->\n")
		writeAttributes(&b, "", p.Result)
	}
	if os.Getenv(updateVar) != "" {
		if err := os.WriteFile(kindsContract, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(kindsContract)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s, which %s=1 rewrites, says otherwise (-want +got):\n%s", kindsContract, updateVar, diff)
	}
}

// TestTargets holds that each kind says whether its target is a host or a file:
// what a runbook asks for, and may do, is told by that.
func TestTargets(t *testing.T) {
	const host, file, command, neither = "host", "file", "command", "neither"
	want := map[string]string{
		"dns": host, "exec": command, "interface": neither, "listener": neither, "log": file, "mtu": host, "neighbour": host,
		"ping": host, "resolver": neither, "route": host, "smtp": host, "tcp": host, "trace": host,
	}
	got := map[string]string{}
	for _, k := range Kinds() {
		switch {
		case k.TargetHost:
			got[k.Name] = host
		case k.ReadsFile:
			got[k.Name] = file
		case k.NeedsExec:
			got[k.Name] = command
		default:
			got[k.Name] = neither
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the kinds' targets (-want +got):\n%s", diff)
	}
}

func writeAttributes(b *strings.Builder, prefix string, attrs []language.Attribute) {
	for i := range attrs {
		a := &attrs[i]
		null := ""
		if !a.NeverNull && a.Attrs == nil {
			null = " or null"
		}
		fmt.Fprintf(b, "  %s%s %s%s\n", prefix, a.Name, typeOf(a), null)
		writeAttributes(b, prefix+a.Name+".", a.Attrs)
	}
}

func typeOf(a *language.Attribute) string {
	switch {
	case a.List:
		return "list of object"
	case a.Attrs != nil:
		return "object"
	}
	return a.Type.FriendlyName()
}

func defaultOf(a *language.Attribute) string {
	switch {
	case a.Required:
		return ", needed"
	case a.Default == cty.NilVal:
		return ""
	}
	return " = " + terminal.Value(a.Default)
}

// The times that authors count on when they set a check's timeout.
func TestPatience(t *testing.T) {
	if netconn.Patience != 5*time.Second {
		t.Errorf("a TCP connect may take %v, want 5 s", netconn.Patience)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 16500*time.Millisecond)
	defer cancel()
	if got := openingPatience(ctx); got < 15500*time.Millisecond {
		t.Errorf("of 16.5 s an SMTP greeting may take %v, want more than 15 s", got)
	}
}

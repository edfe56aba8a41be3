package probe

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pastTheWorld lists what goes past the World's Dial, Lookup and Open, by file and
// call, and why: it is asked of this computer's own kernel, which is no World's, or
// only where the World leaves it to the operating system.
var pastTheWorld = map[string]string{
	"internal/dnsclient/ask.go: net.ListenPacket":         "only without a Dial: hears who else answers",
	"internal/hostfs/hostfs.go: disk.Open":                "the system's own Open",
	"internal/hostfs/kernel_linux.go: os.Open":            "the kernel's tables",
	"internal/hostfs/kernel_linux.go: os.ReadFile":        "the kernel's parameters and counters",
	"internal/icmp/batch_socket_linux.go: unix.Bind":      "an ICMP socket, which no Dial opens",
	"internal/icmp/socket_linux.go: unix.Socket":          "an ICMP socket, which no Dial opens",
	"internal/icmp/socket_linux.go: unix.Bind":            "an ICMP socket, which no Dial opens",
	"internal/neighbour/ask_linux.go: net.ListenPacket":   "neighbour discovery, which no Dial speaks",
	"internal/neighbour/ask_linux.go: unix.Socket":        "ARP, which no Dial speaks",
	"internal/neighbour/ask_linux.go: unix.Bind":          "ARP, which no Dial speaks",
	"internal/netconn/connect.go: net.Dialer":             "the system's own Dial",
	"internal/netconn/target.go: net.DialUDP":             "only without a Dial: asks the kernel for a source, and sends nothing",
	"internal/ping/goping.go: goping.New":                 "an ICMP socket, which no Dial opens",
	"internal/resolver/getent.go: exec.CommandContext":    "the system's own Lookup",
	"internal/resolver/names.go: net.DefaultResolver":     "only without a Lookup",
	"internal/resolver/lookup.go: net.Resolver":           "the system's own Lookup",
	"internal/traceroute/trace_linux.go: netconn.Connect": "without a World: a Dial has no time to live",
	"exec.go: exec.CommandContext":                        "what the kind is for; the plan allows it",
	"smtp_here_linux.go: netconn.Connect":                 "without a World, and only where it has no Dial: by the loopback adapter",
}

// reachesOut reports whether a name of a package is for dialling, looking names up
// or opening files.
func reachesOut(pkg, name string) bool {
	begins := func(beginnings ...string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(name, b) })
	}
	switch pkg {
	case "net":
		return begins("Dial", "Listen", "Lookup", "Resolve", "Resolver", "DefaultResolver")
	case "os":
		return begins("Open", "Create", "Read", "Write", "Stat", "Lstat", "Root", "DirFS")
	case "disk", "tls":
		return begins("Open", "Dial", "Read")
	case "exec":
		return begins("Command")
	case "unix", "syscall":
		return name == "Socket" || name == "Bind" || name == "Connect" || name == "Open"
	case "goping":
		return begins("New")
	}
	return false
}

// TestAllGoThroughTheWorld: whoever sets Dial, Lookup and Open has every kind dial,
// look up and read files by them.
func TestAllGoThroughTheWorld(t *testing.T) {
	fset := token.NewFileSet()
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "netnstest" {
			return fs.SkipDir // helps tests only
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		note := func(at token.Pos, what string) {
			place := filepath.ToSlash(name) + ": " + what
			if pastTheWorld[place] == "" {
				t.Errorf("%s: %s goes past the World", fset.Position(at), what)
			}
			found[place] = true
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if pkg, ok := n.X.(*ast.Ident); ok && reachesOut(pkg.Name, n.Sel.Name) {
					note(n.Pos(), pkg.Name+"."+n.Sel.Name)
				}
			case *ast.CallExpr: // with nil for a World
				called, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || len(n.Args) < 2 {
					break
				}
				pkg, isPackage := called.X.(*ast.Ident)
				world, isName := n.Args[1].(*ast.Ident)
				if isPackage && isName && world.Name == "nil" && (pkg.Name == "netconn" || pkg.Name == "resolver") {
					note(n.Pos(), pkg.Name+"."+called.Sel.Name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for place := range pastTheWorld {
		if !found[place] {
			t.Errorf("pastTheWorld lists %s, which does not", place)
		}
	}
}

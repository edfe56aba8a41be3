package expression

import (
	"iter"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// The name of a block that an import brought in is the import's, a period and
// the block's own: net.gateway. Its address, and what refers to it, has the
// root between them: net.check.gateway. An import within an import has both
// names, net.sub.gateway. No name of the runbook's own has a period in it.

// Module is the import that a block of this name came in by; "" for one of the
// runbook's own.
func Module(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return ""
}

// OwnName is the name of a block as its own file has it.
func OwnName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// Within is the name of something of an import.
func Within(module, name string) string {
	if module == "" || name == "" {
		return name
	}
	return module + "." + name
}

// RootOf is what references to a block begin with, which is the name that
// expressions find it by: check, or net.check.
func RootOf(root language.RefRoot, name string) string { return Within(Module(name), string(root)) }

// AddressOf is the address of a block: check.gateway, net.check.gateway.
func AddressOf(root language.RefRoot, name string) string {
	return RootOf(root, name) + "." + OwnName(name)
}

// InstanceAddress is the address of one instance of an expanded block.
func InstanceAddress(root language.RefRoot, name, key string) string {
	return AddressOf(root, name) + terminal.Reference(hcl.Traversal{hcl.TraverseIndex{Key: cty.StringVal(key)}})
}

// An Address is one taken apart.
type Address struct {
	Root language.RefRoot // RefCheck or RefFact
	Name string
	Key  cty.Value // of one instance; NilVal: none
}

// maxAddressBytes is far more than any name and key has: parsing takes time by
// the square of it.
const maxAddressBytes = 16 << 10

// ParseAddress takes the address of a check or fact, or of one instance, apart.
func ParseAddress(text string) (Address, bool) {
	if len(text) > maxAddressBytes {
		return Address{}, false
	}
	t, diags := hclsyntax.ParseTraversalAbs([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return Address{}, false
	}
	return AddressOfTraversal(t)
}

// AddressOfTraversal is the address that a traversal is.
func AddressOfTraversal(t hcl.Traversal) (Address, bool) {
	var a Address
	module := ""
	for i, step := range t {
		name := StepName(step)
		if root, ok := step.(hcl.TraverseRoot); ok {
			name = root.Name
		}
		if root := language.RefRoot(name); root != language.RefCheck && root != language.RefFact {
			module = Within(module, name)
			continue
		}
		rest := t[i+1:]
		if len(rest) == 0 || len(rest) > 2 || StepName(rest[0]) == "" {
			return a, false
		}
		a.Root, a.Name = language.RefRoot(name), Within(module, StepName(rest[0]))
		if len(rest) == 1 {
			return a, true
		}
		index, ok := rest[1].(hcl.TraverseIndex)
		if ok {
			a.Key = index.Key
		}
		return a, ok
	}
	return a, false
}

// SplitRoot takes what a reference begins with apart.
func SplitRoot(name string) (module string, root language.RefRoot) {
	return Module(name), language.RefRoot(OwnName(name))
}

// InImports is DidYouMean for the name of a block that an import alone has under
// the same name.
func InImports(root language.RefRoot, name string, blocks iter.Seq[string]) string {
	best := ""
	for block := range blocks {
		if Module(block) != "" && OwnName(block) == name && (best == "" || block < best) {
			best = block
		}
	}
	if best == "" {
		return ""
	}
	return diagnostic.Suggestion(AddressOf(root, best))
}

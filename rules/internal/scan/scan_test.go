package scan

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// lexedHeight is what scan must never fall below: the highest number of
// brackets, templates and blocks that HCL's own lexer finds open, in text whose
// brackets match. ok is false where they don't.
func lexedHeight(src []byte) (height int, ok bool) {
	tokens, _ := hclsyntax.LexConfig(src, "x", hcl.InitialPos)
	var open []hclsyntax.TokenType
	closer := map[hclsyntax.TokenType][]hclsyntax.TokenType{
		hclsyntax.TokenCBrace:         {hclsyntax.TokenOBrace},
		hclsyntax.TokenCParen:         {hclsyntax.TokenOParen},
		hclsyntax.TokenCBrack:         {hclsyntax.TokenOBrack},
		hclsyntax.TokenCQuote:         {hclsyntax.TokenOQuote},
		hclsyntax.TokenCHeredoc:       {hclsyntax.TokenOHeredoc},
		hclsyntax.TokenTemplateSeqEnd: {hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl},
	}
	for _, tok := range tokens {
		switch tok.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOQuote,
			hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			open = append(open, tok.Type)
			height = max(height, len(open))
		case hclsyntax.TokenQuotedNewline:
			return height, false
		default:
			openers := closer[tok.Type]
			if openers == nil {
				continue
			}
			if len(open) == 0 || !slices.Contains(openers, open[len(open)-1]) {
				return height, false
			}
			open = open[:len(open)-1]
		}
	}
	return height, len(open) == 0
}

// scannedHeight is the highest number of things that scan finds open.
func scannedHeight(src []byte) (height int, ok bool) {
	s := newScanner(ctxFile, src, "x", hcl.InitialPos)
	for s.at.offset < len(s.src) {
		var d *hcl.Diagnostic
		switch s.top().kind {
		case ctxQuote:
			d = s.quoted()
		case ctxHeredoc:
			d = s.lines()
		default:
			d = s.token()
		}
		height = max(height, len(s.stack)-1)
		if d != nil {
			return height, false
		}
	}
	return height, len(s.stack) == 1
}

// holdScanAgainstLexer fails unless scan sees the brackets that HCL sees. It
// may refuse text that HCL takes apart in a way of its own; it must not take
// text for sound that HCL does not, nor see less of it.
func holdScanAgainstLexer(t *testing.T, src []byte) {
	t.Helper()
	if bytes.IndexByte(src, 0) >= 0 || strayReturn(src) >= 0 || invalidUTF8(src) >= 0 {
		return // never gets that far
	}
	ours, sound := scannedHeight(src)
	if !sound {
		return
	}
	theirs, matched := lexedHeight(src)
	if !matched || ours < theirs {
		t.Fatalf("scan sees %d levels, sound; HCL sees %d levels, matched: %v\n%q", ours, theirs, matched, src)
	}
}

var lexerTraps = []string{
	"a = \"$${b}\"\n", "a = \"$$${b}\"\n", "a = \"$\"\n", "a = \"%\"\n", "a = \"\\${b}\"\n", "a = \"\\\\${b}\"\n",
	"a = \"%%{if x}\"\n", "a = \"%{if x}y%{endif}\"\n", "a = \"${\"${b}\"}\"\n", "a = \"${{b=1}}\"\n", "a = \"${ {b=1}.b ~}\"\n",
	"a = <<EOT\n$\nEOT\n", "a = <<EOT\n$b\nEOT\n", "a = <<EOT\n$EOT\nEOT\n", "a = <<EOT\n%\nEOT\nEOT\n", "a = <<EOT\n$${\nEOT\n",
	"a = <<EOT\n${b}EOT\nEOT\n", "a = <<EOT\n${b\n}EOT\nEOT\n", "a = <<-EOT\n  x\n  EOT\n", "a = <<EOT\r\nx\r\nEOT\r\n",
	"a = <<EOT\n${<<E2\nx\nE2\n}\nEOT\n", "a = <<EOT\n\"{\nEOT\n", "a = \"$${~b}\"\n", "a = <<EOT\n%%{\n$$${b}\nEOT\n",
	"# {\n", "// (\n", "/* [ \n */\n", "a = 1 /* \" */ + 2\n", "a = \"#\"\n", "a = \"/*\"\n", "/**/\n", "/*/ { */\n",
	"a = 1e-5\n", "a-b = a-b\n", "a = b.*.c[*].d\n", "a = <<EOT\n\nEOT\n", "a = <<EOT\nEOT\n", "a = f(<<EOT\nx\nEOT\n)\n",
	"\xef\xbb\xbfa = 1\n", "a = \"\\\"{\"\n", "a = \"é{\"\n", "ä = { ö = 1 }\n", "a = <<A\n$\nA\n$\nA\n", "a = \"$%{if x}%{endif}\"\n", "a = \"%${x}\"\n",
}

func TestScanSeesTheBracketsThatHCLSees(t *testing.T) {
	for _, src := range lexerTraps {
		if _, ok := scannedHeight([]byte(src)); !ok && src != "/*/ { */\n" {
			if _, matched := lexedHeight([]byte(src)); matched {
				t.Errorf("scan refuses %q", src)
			}
		}
		holdScanAgainstLexer(t, []byte(src))
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	sound, high := 0, 0
	for range 50_000 {
		g := textGenerator{rnd: rnd}
		g.code(6)
		src := []byte(g.String())
		holdScanAgainstLexer(t, src)
		if height, ok := scannedHeight(src); ok {
			sound++
			high = max(high, height)
		}
	}
	if sound < 10_000 || high < 6 {
		t.Errorf("only %d texts were sound, the highest %d: the generator has lost its point", sound, high)
	}
}

// A textGenerator writes text that is mostly sound, with traps.
type textGenerator struct {
	strings.Builder
	rnd *rand.Rand
}

func (g *textGenerator) one(words ...string) { g.WriteString(words[g.rnd.IntN(len(words))]) }

// code writes text outside of templates.
func (g *textGenerator) code(depth int) {
	for range g.rnd.IntN(5) {
		if depth == 0 {
			g.one("a", " ", "1")
			continue
		}
		switch g.rnd.IntN(14) {
		case 0:
			g.WriteString("{")
			g.code(depth - 1)
			g.WriteString("}")
		case 1:
			g.WriteString("(")
			g.code(depth - 1)
			g.WriteString(")")
		case 2:
			g.WriteString("[")
			g.code(depth - 1)
			g.WriteString("]")
		case 3, 4, 5:
			g.WriteString(`"`)
			g.template(depth-1, false)
			g.WriteString(`"`)
		case 6, 7:
			g.one("<<E\n", "<<-E\n", "<<E\r\n")
			g.template(depth-1, true)
			g.one("\nE\n", "\n  E\n", "\nE\r\n", "E\n", "\nE \n")
		case 8:
			g.one("# {\n", "// \"\n", "/* ( */", "/**/", "/* \n*/", "#\n")
		case 9:
			g.one("\n", "\r\n", " ", ",", "~", "%", "$", "!", "\\", "'", "`", ";", "é", "\ufeff")
		case 10:
			g.one("<", "<<", "<<5", "<<-", "<<é", "/", "*", "=", "=>", "==", "&&", "-", ".", "...")
		case 11:
			g.one("}", "{", ")", "]", "\"", "~}", "/*")
		default:
			g.one("a", "for", "if", "1", "1e-", "a-b", "E", "é", "_")
		}
	}
}

// template writes text within a template.
func (g *textGenerator) template(depth int, lines bool) {
	for range g.rnd.IntN(5) {
		switch g.rnd.IntN(9) {
		case 0, 1, 2:
			if depth > 0 {
				g.one("${", "${~", "%{", "%{if ", "%{~for ")
				g.code(depth - 1)
				g.one("}", "~}", "}")
			}
		case 3:
			g.one("$", "%", "$$", "$${", "%%{", "$$${", "$%{", "{", "}", "(", "$$", "~")
		case 4:
			if lines {
				g.one("\n", "\nE\n", "\r\n", "\nEE\n", "$\nE\n", "\n$E\n", "\"", "\\")
			} else {
				g.one("\\\"", "\\\\", "\\$", "\\n", "#", "//", "/*")
			}
		default:
			g.one("a", " ", "é", "E")
		}
	}
}

// TestScanNeverUnderestimates builds expressions that lean every way and holds
// the height that scan finds against that of HCL's tree, of which a level of
// ours can be a few.
func TestScanNeverUnderestimates(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	parsed, highest := 0, 0
	for range 5_000 {
		g := textGenerator{rnd: rnd}
		g.WriteString("a = ")
		g.expression(3 + rnd.IntN(30))
		g.WriteString("\n")
		src := []byte(g.String())
		f, diags := hclsyntax.ParseConfig(src, "x", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("generator: %s\n%s", diags, src)
		}
		parsed++
		tree := treeHeight(f.Body.(*hclsyntax.Body).Attributes["a"].Expr)
		ours := boundOf(src)
		highest = max(highest, tree)
		if tree > 4*ours+4 {
			t.Fatalf("scan finds %d levels, the tree has %d:\n%s", ours, tree, src)
		}
	}
	if highest < 40 {
		t.Errorf("the highest tree had %d levels only", highest)
	}
}

// boundOf is what scan holds against maxDepth.
func boundOf(src []byte) int {
	s := newScanner(ctxFile, src, "x", hcl.InitialPos)
	height := 0
	for s.at.offset < len(s.src) {
		switch s.top().kind {
		case ctxQuote:
			s.quoted()
		case ctxHeredoc:
			s.lines()
		default:
			s.token()
		}
		height = max(height, s.open+s.top().deep)
	}
	return height
}

type heights struct{ now, max int }

func (h *heights) Enter(hclsyntax.Node) hcl.Diagnostics {
	h.now++
	h.max = max(h.max, h.now)
	return nil
}

func (h *heights) Exit(hclsyntax.Node) hcl.Diagnostics {
	h.now--
	return nil
}

func treeHeight(n hclsyntax.Node) int {
	var h heights
	hclsyntax.Walk(n, &h)
	return h.max
}

// expression writes an expression of some size. Every kind of nesting leans
// to the left, to the right, or both ways.
func (g *textGenerator) expression(size int) {
	if size <= 1 {
		g.one("a", "1", `"x"`, "a.b", "true", "a[0]")
		return
	}
	left := 1 + g.rnd.IntN(size)
	if g.rnd.IntN(2) == 0 {
		left = []int{1, size - 1}[g.rnd.IntN(2)]
	}
	right := max(1, size-left)
	switch g.rnd.IntN(16) {
	case 0:
		g.one("!", "-", "! ", "- ")
		g.expression(size - 1)
	case 1:
		g.WriteString("(\n")
		g.expression(size - 1)
		g.WriteString("\n)")
	case 2:
		g.expression(left)
		g.WriteString(" ? ")
		g.expression(right)
		g.WriteString(" : ")
		g.expression(1)
	case 3:
		g.expression(1)
		g.WriteString(" ? 1 : ")
		g.expression(size - 1)
	case 4:
		g.WriteString("f(")
		g.expression(left)
		g.WriteString(", ")
		g.expression(right)
		g.one(")", "...)")
	case 5:
		g.WriteString("(")
		g.expression(left)
		g.WriteString(")[")
		g.expression(right)
		g.one("]", "].c", "][a].d")
	case 6:
		g.WriteString("[")
		g.expression(left)
		g.WriteString(",\n")
		g.expression(right)
		g.WriteString("]")
	case 7:
		g.WriteString("{\n a = ")
		g.expression(left)
		g.WriteString("\n b = ")
		g.expression(right)
		g.WriteString("\n}")
	case 8:
		g.one("{ for x in ", "{\nfor k, x in\n")
		g.expression(left)
		g.WriteString(" :\n x =>\n")
		g.expression(right)
		g.WriteString("\n}")
	case 9:
		g.WriteString("[for x in ")
		g.expression(left)
		g.WriteString(": ")
		g.expression(right)
		g.WriteString(" if a ]")
	case 10:
		g.WriteString(`"x${`)
		g.expression(left)
		g.WriteString(`}y${`)
		g.expression(right)
		g.WriteString(`}"`)
	case 11:
		g.WriteString(`"%{ if `)
		g.expression(left)
		g.WriteString(`}x%{ for x in a ~}${`)
		g.expression(right)
		g.WriteString(`}%{ endfor }%{ endif }"`)
	case 12:
		g.WriteString("(")
		g.expression(left)
		g.one(")[*].a", ").*.b", ")[a][a]")
		if right > 1 {
			g.WriteString("[")
			g.expression(right)
			g.WriteString("]")
		}
	default:
		g.expression(left)
		g.one(" + ", " - ", "+", " && ", "||", "==", " <= ", "*", " / ", " % ", "!=")
		g.expression(right)
	}
}

func FuzzScan(f *testing.F) {
	for _, src := range lexerTraps {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) { holdScanAgainstLexer(t, src) })
}

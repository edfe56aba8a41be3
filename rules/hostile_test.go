package rules_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine/probe"
	"github.com/linecheck/linecheck/rules"
)

// withPass is a check with an expression of somebody's making.
func withPass(expr string) string {
	return "check \"a\" {\n  target = \"127.0.0.1\"\n  probe \"ping\" {}\n  pass = " + expr + "\n  explain = \"No answer.\"\n}\n"
}

func jsonPass(expr string) string {
	return `{"check":{"a":{"target":"127.0.0.1","probe":{"ping":{}},"explain":"No answer.","pass":` + expr + `}}}`
}

// within loads files in bounded time and memory. The bounds are far above what
// is needed, a few seconds, and far below what an input that grows on it takes.
func within(t *testing.T, files map[string]string) hcl.Diagnostics {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	_, diags := rules.Load(probe.Kinds(), overlay("case", files))
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%v, %d MiB allocated, %d diagnostics", elapsed.Round(time.Millisecond), allocated, len(diags))
	if elapsed > time.Minute {
		t.Errorf("took %v", elapsed)
	}
	if allocated > 4<<10 {
		t.Errorf("allocated %d MiB", allocated)
	}
	return diags
}

func wantError(t *testing.T, diags hcl.Diagnostics, summary string) {
	t.Helper()
	for _, d := range diags {
		if strings.Contains(d.Summary+": "+d.Detail, summary) {
			return
		}
	}
	t.Errorf("no diagnostic %q among %d: %.2000v", summary, len(diags), messages(diags[:min(len(diags), 5)]))
}

func TestDeepInputIsRefused(t *testing.T) {
	const n = 100_000
	rep := strings.Repeat
	tests := map[string]struct{ file, text string }{
		"parens":               {"a.hcl", withPass(rep("(", n) + "1" + rep(")", n))},
		"parens unclosed":      {"a.hcl", withPass(rep("(", n))},
		"lists":                {"a.hcl", withPass(rep("[", n) + rep("]", n))},
		"lists unclosed":       {"a.hcl", withPass(rep("[", n))},
		"objects":              {"a.hcl", withPass(rep("{a=", n) + "1" + rep("}", n))},
		"calls":                {"a.hcl", withPass(rep("try(", n) + "1" + rep(")", n))},
		"templates":            {"a.hcl", withPass(rep(`"${`, n) + "1" + rep(`}"`, n))},
		"templates unclosed":   {"a.hcl", withPass(rep(`"${`, n))},
		"directives":           {"a.hcl", withPass(`"` + rep("%{if true}", n) + rep("%{endif}", n) + `"`)},
		"directives unclosed":  {"a.hcl", withPass(`"` + rep("%{if true}", n) + `"`)},
		"loops":                {"a.hcl", withPass(rep("[for x in ", n) + "y" + rep(": x]", n))},
		"heredocs":             {"a.hcl", withPass(rep("<<E\n${", n) + "1" + rep("}\nE\n", n))},
		"blocks":               {"a.hcl", rep("check \"a\" {\n", n) + rep("}\n", n)},
		"indented blocks":      {"a.hcl", rep(" check \"a\" {\n", n) + rep("}\n", n)},
		"blocks unclosed":      {"a.hcl", rep(" a {\n", n)},
		"brackets that cross":  {"a.hcl", rep(" a {\n x = [ }\n ]\n", n)},
		"nots":                 {"a.hcl", withPass(rep("!", n) + "true")},
		"minuses":              {"a.hcl", withPass(rep("- ", n) + "1")},
		"sum":                  {"a.hcl", withPass("1" + rep("+1", n))},
		"sum without signs":    {"a.hcl", withPass("1e1" + rep("-1", n))},
		"sum of products":      {"a.hcl", withPass("1" + rep("*1+1", n))},
		"or":                   {"a.hcl", withPass("a" + rep(" || a", n))},
		"comparison":           {"a.hcl", withPass("1" + rep("==1", n))},
		"conditionals right":   {"a.hcl", withPass(rep("true ? 1 : ", n) + "1")},
		"conditionals middle":  {"a.hcl", withPass(rep("true ? ", n) + "1" + rep(" : 1", n))},
		"indexes":              {"a.hcl", withPass("a" + rep("[b]", n))},
		"indexes with dots":    {"a.hcl", withPass("a" + rep("[b].c", n))},
		"splats":               {"a.hcl", withPass("a" + rep("[*]", n))},
		"attribute splats":     {"a.hcl", withPass("a" + rep(".*", n))},
		"sum over lines":       {"a.hcl", withPass("(1" + rep("\n+1", n) + ")")},
		"sum in a for":         {"a.hcl", withPass("{for\n x in y : 1" + rep("\n+1", n) + " => 2}")},
		"sum behind comments":  {"a.hcl", withPass("(1" + rep("/*\n*/+1#\n", n) + ")")},
		"type":                 {"a.hcl", "variable \"x\" {\n type = " + rep("list(", n) + "string" + rep(")", n) + "\n}\n"},
		"JSON lists":           {"a.hcl.json", jsonPass(rep("[", n) + rep("]", n))},
		"JSON lists unclosed":  {"a.hcl.json", rep("[", n)},
		"JSON objects":         {"a.hcl.json", rep(`{"a":`, n) + "1" + rep("}", n)},
		"JSON mixture":         {"a.hcl.json", rep(`[{"a":`, n) + "1" + rep("}]", n)},
		"JSON crossed":         {"a.hcl.json", "[" + rep("[}", n) + "]"},
		"JSON template":        {"a.hcl.json", jsonPass(`"` + rep(`${(`, n) + "1" + rep(`)}`, n) + `"`)},
		"JSON template quotes": {"a.hcl.json", jsonPass(`"` + rep(`${\"`, n/4) + "1" + rep(`\"}`, n/4) + `"`)},
		"JSON expression":      {"a.hcl.json", `{"variable":{"x":{"type":"` + rep("list(", n/10) + "string" + rep(")", n/10) + `"}}}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			diags := within(t, map[string]string{tt.file: tt.text, "good.hcl": goodCheck})
			if !diags.HasErrors() {
				t.Error("no error")
			}
			if len(diags) > 10 && name != "blocks" { // of which each is a mistake
				t.Errorf("%d diagnostics for one mistake", len(diags))
			}
		})
	}
}

// TestDepthThatIsAllowed goes to the bound itself: no error, no overflow.
func TestDepthThatIsAllowed(t *testing.T) {
	rep := strings.Repeat
	for name, expr := range map[string]string{
		"parens": rep("(", 480) + "result.received > 0" + rep(")", 480),
		"or":     "result.received > 0" + rep(" || result.received > 0", 230),
		"nots":   rep("!", 480) + "(result.received > 0)",
	} {
		t.Run(name, func(t *testing.T) {
			noDiagnostics(t, within(t, map[string]string{"a.hcl": withPass(expr)}))
		})
	}
}

func TestBigInputIsRefusedOrRead(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a few seconds")
	}
	rep := strings.Repeat
	const mib = 1 << 20
	many := &strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(many, "check \"c%05d\" {\n  target = \"127.0.0.1\"\n  probe \"ping\" {}\n  pass    = result.recieved > 0\n  explain = \"No answer.\"\n}\n", i)
	}
	names := &strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(names, "fact \"fact_%05d\" {\n  probe \"route\" {}\n}\n", i)
	}
	unknown := &strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(unknown, "check \"d%05d\" {\n  depends_on = [check.x%05d]\n  target = \"127.0.0.1\"\n  probe \"ping\" {}\n  pass    = result.received > 0 && fact.fcat_%05d.found\n  explain = \"No answer.\"\n}\n", i, i, i)
	}
	far := &strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(far, "check \"e%05d\" {\n  depends_on = [check.e%05d]\n  target = \"127.0.0.1\"\n  probe \"ping\" {}\n  pass    = result.received > 0\n  explain = check.e00000.passed ? \"No answer.\" : \"Odd.\"\n}\n", i+1, i)
	}
	far.WriteString(strings.Replace(goodCheck, "good", "e00000", 1))
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = fmt.Sprintf("%q", fmt.Sprintf("host%06d", i))
	}
	tests := map[string]struct {
		file, text string
		want       string // part of a diagnostic; "" for none
	}{
		"line of commas":       {"a.hcl", "a = [" + rep(",", 15*mib) + "]", "words and signs"},
		"list of numbers":      {"a.hcl", withPass("[" + rep("1,", 7*mib) + "]"), "words and signs"},
		"attributes":           {"a.hcl", rep("a=1\n", 15*mib/4), "words and signs"},
		"comments":             {"a.hcl", rep("#\n", 7*mib), "words and signs"},
		"one comment":          {"a.hcl", "# " + rep("x", 15*mib) + "\n" + goodCheck, ""},
		"spaces":               {"a.hcl", rep(" ", 15*mib) + "\n" + goodCheck, ""},
		"long number":          {"a.hcl", withPass("result.received > " + rep("1", 15*mib)), "Name or number too long"},
		"long number in JSON":  {"a.hcl.json", jsonPass(rep("1", 15*mib)), "Name or number too long"},
		"big exponent":         {"a.hcl", withPass("result.received > 1e999999999"), "Number out of range"},
		"long string":          {"a.hcl", withPass(`result.received > "` + rep("1", 15*mib) + `"`), "Text too long"},
		"long string in JSON":  {"a.hcl.json", `{"check":{"a":{"target":"` + rep("1", 15*mib) + `"}}}`, "Text too long"},
		"long heredoc":         {"a.hcl", withPass("<<E\n" + rep("\n", 15*mib) + "E\n"), "Text too long"},
		"heredocs":             {"a.hcl", rep("locals {\n a = <<E\n"+rep("\n", 1900)+"E\n}\n", 200), "Duplicate local"},
		"many dollars":         {"a.hcl", withPass(`"` + rep("$", mib) + `"`), "Text too long"},
		"long name":            {"a.hcl", withPass(rep("x", 15*mib) + " > 0"), "Name or number too long"},
		"long reference":       {"a.hcl", withPass("result" + rep(".x", mib/4)), "no attribute"},
		"misspelt 10,000 ways": {"a.hcl", many.String(), `Did you mean "received"`},
		"misspelt among many":  {"a.hcl", names.String() + unknown.String(), `There is no fact "fcat_00000"`},
		"far upstream":         {"a.hcl", far.String(), ""},
		"for_each":             {"a.hcl", "check \"a\" {\n  for_each = toset([" + strings.Join(keys, ",") + "])\n  target = each.value\n  probe \"ping\" {}\n  pass = result.received > 0\n  explain = \"No.\"\n}\n", ""},
		"laughing locals":      {"a.hcl", laughs("[%s, %s]") + withPass("result.received > 0 && length(local.l60) > 1"), "takes more than 16777216 steps"},
		"laughing strings":     {"a.hcl", laughs(`"${%s}${%s}"`) + withPass("result.received > 0 && length(local.l60) > 1"), "takes more than 16777216 steps"},
		"laughing objects":     {"a.hcl", laughs(`{ a = %s, b = %s }`) + withPass("result.received > 0 && length(local.l60) > 1"), "takes more than 16777216 steps"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			diags := within(t, map[string]string{tt.file: tt.text})
			if tt.want == "" {
				noDiagnostics(t, diags[:min(len(diags), 5)])
			} else {
				wantError(t, diags, tt.want)
			}
		})
	}
}

// laughs is a chain of locals each of which holds the one before it twice.
func laughs(form string) string {
	var b strings.Builder
	b.WriteString("locals {\n  l0 = \"ha\"\n")
	for i := range 60 {
		ref := fmt.Sprintf("local.l%d", i)
		fmt.Fprintf(&b, "  l%d = "+form+"\n", i+1, ref, ref)
	}
	b.WriteString("}\n")
	return b.String()
}

func TestTextThatIsNone(t *testing.T) {
	tests := map[string]struct {
		file, text, want string
		line, column     int
	}{
		"NUL":               {"a.hcl", goodCheck + "# a\x00b\n", "NUL byte", 7, 4},
		"invalid UTF-8":     {"a.hcl", goodCheck + "# é \xff\n", "Not UTF-8", 7, 5},
		"UTF-16":            {"a.hcl", "\xff\xfec\x00h\x00", "UTF-16", 1, 1},
		"carriage return":   {"a.hcl", goodCheck + "# a\rcheck \"b\" {}\n", "Stray carriage return", 7, 4},
		"NUL in JSON":       {"a.hcl.json", "{\n\"a\": \"\x00\"}", "NUL byte", 2, 7},
		"BOM":               {"a.hcl", "\xef\xbb\xbf" + goodCheck, "", 0, 0},
		"BOM in JSON":       {"a.hcl.json", "\xef\xbb\xbf" + jsonPass(`"${result.received > 0}"`), "", 0, 0},
		"BOM then error":    {"a.hcl", "\xef\xbb\xbfchekc \"a\" {}\n" + goodCheck, "Unknown block", 1, 1},
		"CRLF":              {"a.hcl", strings.ReplaceAll(goodCheck, "\n", "\r\n"), "", 0, 0},
		"CRLF then error":   {"a.hcl", strings.ReplaceAll(goodCheck+"chekc \"a\" {}\n", "\n", "\r\n"), "Unknown block", 7, 1},
		"no newline at end": {"a.hcl", strings.TrimSuffix(goodCheck, "\n"), "", 0, 0},
		"empty JSON":        {"a.hcl.json", "", "", 1, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, diags := rules.Load(probe.Kinds(), overlay("case", map[string]string{tt.file: tt.text}))
			if tt.want == "" && tt.line == 0 {
				noDiagnostics(t, diags)
				return
			}
			if len(diags) != 1 {
				t.Fatalf("%q", messages(diags))
			}
			wantError(t, diags, tt.want)
			if got := diags[0].Subject.Start; got.Line != tt.line || got.Column != tt.column {
				t.Errorf("at %d:%d, want %d:%d", got.Line, got.Column, tt.line, tt.column)
			}
		})
	}
}

package engine_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/engine/report"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

const (
	// fuzzTimeout is what --timeout is in a run, and fuzzEnd when all of it must be
	// over on any computer: what never ends takes longer.
	fuzzTimeout = time.Second
	fuzzEnd     = 30 * time.Second
)

// FuzzRunbook loads, plans and runs whole runbooks, of which probes answer at once
// with what a peer may have said, and writes the report: it ends, within a bound of
// memory.
func FuzzRunbook(f *testing.F) {
	const grows = "\x00grown"
	for i := range 8 {
		f.Add(grows+strings.Repeat(string(rune('!'+5*i)), 40), strings.Repeat("a,b\n", 1<<(2*i)))
	}
	f.Add(passes(`alltrue([for a in result.list : a != "z"])`, `l = [for i in range(var.n) : "${i}"]`), "a,b\n{\"k\": 1e9}")
	f.Add(passes(`jsondecode(result.text).queue > 5`, `d = "${local.text}${local.text}"`), `{"queue": 1e9999999}`)
	f.Add(passes(`length(setproduct(split(",", result.text), range(var.n))) > length(replace(local.text, "", "abc"))`, ""), "a,b,c")
	f.Add(passes(`try(tonumber(result.text), 0) * 10 < length(regexall("(.)", result.text))`, `f = format("%s-%5d", local.text, var.n)`), "1e300")
	f.Add(`
check "each" {
  for_each = toset(split(",", "a,b,c"))
  target   = each.value
  probe "ask" {}
  pass    = result.ok && distinct(result.list) != sort(result.list)
  explain = "%{ for x in result.list }${x}: ${join(each.key, result.list)}%{ endfor }"
  cause "none" {
    when    = length(flatten([result.list, [result.list]])) > 3 || merge({ a = 1 }, { for x in result.list : x => 2 }).a == 1
    explain = title(strrev(indent(3, coalesce(result.text, "none"))))
  }
}`, "é\n\x00")
	text := report.All()[slices.IndexFunc(report.All(), func(f report.Format) bool { return f.Name == "text" })]
	f.Fuzz(func(t *testing.T, src, said string) {
		if choices, is := strings.CutPrefix(src, grows); is {
			g := grower{choices: choices}
			src = passes("can("+g.expression(4)+") || "+g.expression(4)+" == null", "a = "+g.expression(3)+"\n  b = [local.a, local.text, "+g.expression(3)+"]")
		}
		start := time.Now()
		bytes := allocated(func() {
			rb, diags := rules.Load(kinds, rules.Overlay{Name: "t", FS: fstest.MapFS{"t.hcl": {Data: []byte(src)}}})
			if diags.HasErrors() {
				return
			}
			p, diags := engine.NewPlan(rb, engine.Settings{})
			if diags.HasErrors() {
				return
			}
			ctx, cancel := context.WithTimeout(t.Context(), fuzzTimeout)
			defer cancel()
			rep := p.Run(ctx, saying(said))
			if err := text.Write(io.Discard, rep, report.Options{}); err != nil {
				t.Error(err)
			}
		})
		if took := time.Since(start); took > fuzzEnd {
			t.Errorf("took %v", took)
		}
		if bytes > mostAllocated {
			t.Errorf("allocated %d MiB", bytes>>20)
		}
	})
}

// A grower makes expressions that parse, most of them far too large, of choices.
type grower struct {
	choices string
	loops   int
}

func (g *grower) choose(n int) int {
	if g.choices == "" {
		return 0
	}
	c := int(g.choices[0])
	g.choices = g.choices[1:]
	return c % n
}

// forms are what an expression is made of: @ is another one, # a loop's name.
var forms = []string{
	`"x"`, `range(var.n)`, `result.text`, `result.list`, `local.text`, `#`, `"${@}${@}"`, `[@, @]`, `{ a = @, (@) = @ }`,
	`[for # in @ : @]`, `[for # in @ : @ if @ != @]`, `{ for # in @ : # => @... }`, `@[*]`, `(@ == @ ? @ : @)`, `"%{ for # in @ }${@}%{ endfor }"`,
	`setproduct(@, @)`, `replace(@, @, @)`, `replace(@, "/(.)/", "$1$1")`, `regexall("(.)(.)?", @)`, `join(@, @)`, `split(@, @)`, `format(@, @, @)`,
	`concat(@, @)`, `flatten([@, [@]])`, `jsonencode(@)`, `jsondecode(@)`, `csvdecode(@)`, `distinct(@)`, `toset(@)`, `tolist(@)`, `merge(@, { b = @ })`,
	`chunklist(@, 2)`, `coalesce(@, @)`, `try(@, @)`, `length(@)`, `tonumber(@)`, `(@ * @)`, `(@ % @)`, `pow(@, @)`, `sum(@)`, `sort(@)`, `zipmap(@, @)`,
	`indent(9, @)`, `formatlist("%s %s", @, @)`, `strrev(@)`, `@[@]`, `-(@)`, `lookup(@, @, @)`, `alltrue([for # in @ : @ == @])`, `parseint(@, 36)`,
}

func (g *grower) expression(depth int) string {
	form := forms[g.choose(len(forms))]
	if depth == 0 {
		form = forms[g.choose(5)]
	}
	var b strings.Builder
	own := ""
	for _, c := range form {
		switch {
		case c == '@':
			b.WriteString(g.expression(depth - 1))
		case c != '#':
			b.WriteRune(c)
		case form == "#" && g.loops == 0:
			b.WriteString("var.n")
		case form == "#":
			fmt.Fprintf(&b, "v%d", g.choose(g.loops))
		default:
			if own == "" {
				own = fmt.Sprintf("v%d", g.loops)
				g.loops++
			}
			b.WriteString(own)
		}
	}
	if own != "" {
		g.loops--
	}
	return b.String()
}

// saying is a world in which every target says the same.
func saying(text string) engine.World {
	w := script{}.world()
	for i, p := range w.Probes {
		if p.Kind != askKind {
			continue
		}
		result := attrs{"ok": cty.False, "number": cty.NumberIntVal(7), "text": cty.StringVal(text),
			"list": cty.ListVal([]cty.Value{cty.StringVal(text), cty.StringVal("x")}), "icmp": p.Kind.UnknownResult().GetAttr("icmp")}.value(askKind)
		w.Probes[i] = &engine.Probe{Kind: askKind, Observe: func(context.Context, *engine.World, engine.Query) (cty.Value, error) { return result, nil }}
	}
	return w
}

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
			src = g.runbook()
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

// A grower makes expressions of choices, which are of the right types, and of
// which most grow.
type grower struct {
	choices  string
	observed bool     // result may be referred to
	names    []string // of the loops around
}

func (g *grower) choose(n int) int {
	if g.choices == "" {
		return 0
	}
	c := int(g.choices[0])
	g.choices = g.choices[1:]
	return c % n
}

// forms are what an expression of a type is made of: a letter behind @ is one of
// that type (text, list of texts, number, bool), # the name of a loop's element.
// The first needs no other.
var forms = map[byte][]string{
	't': {`local.text`, `result.text`, `"${@n}${@t}"`, `join(@t, @l)`, `replace(@t, @t, @t)`, `replace(@t, "/(.)/", "$1$1")`, `format("%s-%s", @t, @t)`,
		`jsonencode(@l)`, `strrev(@t)`, `indent(9, @t)`, `title(@t)`, `"%{ for # in @l }${#}${@t}%{ endfor }"`, `(@b ? @t : @t)`, `try(@t, "x")`, `substr(@t, 0, @n)`,
		`element(concat(@l, ["x"]), @n)`, `jsonencode([@t, @t])`},
	'l': {`["x", "y"]`, `result.list`, `split(@t, @t)`, `[for # in @l : @t]`, `[for # in @l : # if @b]`, `concat(@l, @l)`, `sort(@l)`, `distinct(@l)`, `tolist(toset(@l))`,
		`[for # in setproduct(@l, @l) : #[0]]`, `regexall("..?", @t)`, `formatlist("%s%s", @l, @t)`, `keys({ for # in @l : # => @t... })`, `[for # in range(var.n) : "${#}"]`,
		`[@t, @t]`, `reverse(@l)`, `(@b ? @l : @l)`, `[for # in chunklist(@l, 2) : #[0]]`, `@l[*]`, `[for # in csvdecode("k\n${@t}") : #.k]`, `values({ for # in @l : # => # })`,
		`setunion(@l, @l)`, `compact(@l)`, `[for # in flatten([@l, [@l]]) : #]`},
	'n': {`var.n`, `length(@l)`, `length(@t)`, `(@n * @n)`, `(@n % 7)`, `(@n + 1)`, `sum([for # in concat(@l, ["x"]) : length(#)])`, `try(tonumber(@t), 3)`, `pow(@n, 2)`, `max(@n, @n)`,
		`try(jsondecode(@t).queue, 2)`, `try(parseint(@t, 36), 4)`, `-(@n)`},
	'b': {`local.text == "z"`, `@n < @n`, `@t == @t`, `@l == @l`, `contains(@l, @t)`, `alltrue([for # in @l : @b])`, `can(regex("(x|y)*z", @t))`, `startswith(@t, @t)`,
		`anytrue([for # in @l : # != @t])`, `!(@b)`, `(@b && @b)`},
}

func (g *grower) expression(of byte, depth int) string {
	form := forms[of][g.choose(len(forms[of]))]
	if depth == 0 || !g.observed && strings.Contains(form, "result.") {
		form = forms[of][0]
	}
	if of == 't' && len(g.names) > 0 && g.choose(3) == 0 {
		return `"${` + g.names[g.choose(len(g.names))] + `}"`
	}
	own := fmt.Sprintf("v%d", len(g.names))
	collection, rest, loops := strings.Cut(form, " : ")
	if loops = loops && strings.Contains(form, "for #"); !loops {
		collection, rest, loops = strings.Cut(form, " }${#}")
		if loops {
			rest = " }${#}" + rest
		}
	} else {
		rest = " : " + rest
	}
	text := g.fill(collection, own, depth)
	if loops { // the element is there in the body only
		g.names = append(g.names, own)
		defer func() { g.names = g.names[:len(g.names)-1] }()
		text += g.fill(rest, own, depth)
	}
	return text
}

func (g *grower) fill(form, own string, depth int) string {
	var b strings.Builder
	for i := 0; i < len(form); i++ {
		switch {
		case form[i] == '@':
			i++
			b.WriteString(g.expression(form[i], depth-1))
		case form[i] == '#':
			b.WriteString(own)
		default:
			b.WriteByte(form[i])
		}
	}
	return b.String()
}

// runbook is a whole one.
func (g *grower) runbook() string {
	locals := "a = " + g.expression('l', 3) + "\n  b = [local.a, " + g.expression('t', 3) + "]"
	g.observed = true
	return passes(g.expression('b', 4)+" && "+g.expression('n', 3)+" > 2", locals)
}

// saying is a world in which every target says the same.
func saying(text string) engine.Options {
	w := script{}.options()
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

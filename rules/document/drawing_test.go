package document

import (
	"fmt"
	"strings"
	"testing"
)

// ladder is a runbook of n checks with long names and titles, each below the
// one that under gives.
func ladder(n int, under func(i int) []int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "check \"c%d_%s\" {\n  title = \"%s %d\"\n", i, strings.Repeat("m", i%60), strings.Repeat("WWWW mmm 網路 ", 1+i%9), i)
		var gates []string
		for _, j := range under(i) {
			gates = append(gates, fmt.Sprintf("check.c%d_%s", j, strings.Repeat("m", j%60)))
		}
		fmt.Fprintf(&b, "  depends_on = [%s]\n  target = \"192.0.2.1\"\n  probe \"ping\" {}\n  pass = result.received > 0\n  explain = \"x\"\n}\n", strings.Join(gates, ", "))
	}
	return b.String()
}

func TestDrawing(t *testing.T) {
	for name, under := range map[string]func(i int) []int{
		"chain":  func(i int) []int { return []int{i - 1} },
		"star":   func(i int) []int { return []int{0} },
		"tree":   func(i int) []int { return []int{(i - 1) / 2} },
		"lanes":  func(i int) []int { return []int{max(0, i-2)} },
		"many":   func(i int) []int { return []int{i - 1, i / 2, 0}[:min(3, i)] },
		"single": func(int) []int { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			const n = 61
			rb := load(t, map[string]string{"a.hcl": ladder(n, func(i int) []int {
				if i == 0 {
					return nil
				}
				return under(i)
			})})
			d := describe(t, rb, nil)
			g := d.drawing(d.parts[0])
			seen, at := map[string]bool{}, map[[2]int]bool{}
			for _, s := range g.Sheets {
				if s.Height > 800 || s.Width > 657 {
					t.Errorf("a sheet of %d by %d does not fit a page", s.Width, s.Height)
				}
				for _, r := range s.Rungs {
					seen[r.Full] = true
					if at[[2]int{r.X, r.Y}] {
						t.Errorf("two rungs at %d, %d", r.X, r.Y)
					}
					at[[2]int{r.X, r.Y}] = true
					if r.X+ringRadius > r.TextX || r.Y-ringRadius < s.Top || r.Y+ringRadius > s.Top+s.Height {
						t.Errorf("rung %s is cut off or lies under its text", r.First)
					}
					first := textWidth(r.First) * bold
					if r.Title != "" {
						first += 8/fontSize + textWidth(r.Title)
					}
					if w := float64(r.TextX) + fontSize*max(first, textWidth(r.Second)); w > float64(s.Width)+1 {
						t.Errorf("the text of %s ends at %.0f of %d", r.First, w, s.Width)
					}
				}
			}
			if len(seen) != n {
				t.Errorf("%d of %d checks are drawn", len(seen), n)
			}
			if lines := strings.Count(g.Tree, "\n"); lines != n {
				t.Errorf("the tree has %d lines", lines)
			}
		})
	}
}

// TestOrder puts each check behind what it waits for.
func TestOrder(t *testing.T) {
	rb := load(t, everything)
	var names []string
	for _, s := range describe(t, rb, nil).parts[0].steps {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "first side last from_json" {
		t.Error(got)
	}
}

// TestOrderByWayOfFacts puts a check behind one whose result a fact of it reads,
// although it refers to none itself.
func TestOrderByWayOfFacts(t *testing.T) {
	rb := load(t, map[string]string{"a.hcl": `
check "reads" {
  target = "a"
  probe "tcp" { port = 25 }
  pass    = result.connected && fact.between.connected
  explain = "${target} does not answer."
}
fact "between" {
  target = check.later.result.connected ? "b" : "c"
  probe "tcp" { port = 25 }
}
check "later" {
  target = "b"
  probe "tcp" { port = 25 }
  pass    = result.connected
  explain = "${target} does not answer."
}
`})
	text := write(t, Markdown, describe(t, rb, nil).Page())
	first, second := strings.Index(text, "### 1. `later`"), strings.Index(text, "### 2. `reads`")
	if first < 0 || second < first {
		t.Errorf("later is at %d, reads at %d of\n%s", first, second, text)
	}
}

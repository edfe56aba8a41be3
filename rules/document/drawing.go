package document

import (
	"fmt"
	"strings"

	"github.com/linecheck/linecheck/rules/terminal"
)

// A Drawing is the order of the checks: a ladder that is climbed from top to
// bottom, with branches to its right. It is drawn in sheets that fit a page
// each, in black on white, and said in words beside it.
type Drawing struct {
	Sheets []pictureSheet
	// Tree is the same for readers without pictures.
	Tree string
}

// A pictureSheet is one picture, in units of a CSS pixel.
type pictureSheet struct {
	Top, Width, Height int
	Label              string // what it shows, for those who don't see it
	Lines              []string
	Rungs              []pictureRung
}

// A pictureRung is a check in a picture.
type pictureRung struct {
	Number                int
	X, Y, TextX, Name, At int // centre of the circle, start and baselines of the texts
	Title                 string
	First, Second, Full   string
}

// Measures of the drawing, in CSS pixels. A4 with our margins is 657 wide and
// 970 high; a heading and a caption stand above a sheet.
const (
	sheetWidth  = 640
	rowHeight   = 44
	rowsOnSheet = 18
	laneWidth   = 26
	deepest     = 24 // levels of the tree in letters; what is deeper stands there
	lanes       = 8  // further branches stand in the last one and say what they come after
	ringRadius  = 11
	bend        = 10
	marginLeft  = 18
	fontSize    = 12.5
	bold        = 1.12 // how much wider bold letters are
)

// drawing draws the ladder as one part climbs it.
func (d *Document) drawing(p *part) *Drawing {
	rungs := d.order.rungs()
	steps := map[string]*step{}
	for _, s := range p.steps {
		if steps[s.Name] == nil {
			steps[s.Name] = s
		}
	}
	used := 0
	for _, r := range rungs {
		r.lane = min(r.lane, lanes-1)
		used = max(used, r.lane)
	}
	textX := marginLeft + ringRadius + used*laneWidth + 14
	g := &Drawing{Tree: d.tree(rungs, steps)}
	for first := 0; first < len(rungs); first += rowsOnSheet {
		last := min(first+rowsOnSheet, len(rungs))
		sheet := pictureSheet{
			Top: first * rowHeight, Width: sheetWidth, Height: (last - first) * rowHeight,
			Label: fmt.Sprintf("The order of the steps, %d to %d of %d from top to bottom", first+1, last, len(rungs)),
		}
		for i, r := range rungs {
			if i > 0 && r.under != nil && r.under.row < last && r.row >= first {
				sheet.Lines = append(sheet.Lines, edge(r.under, r))
			}
		}
		for _, r := range rungs[first:last] {
			sheet.Rungs = append(sheet.Rungs, d.rung(r, steps[r.check.Name], textX))
		}
		g.Sheets = append(g.Sheets, sheet)
	}
	return g
}

func ring(r *rung) (x, y int) {
	return marginLeft + r.lane*laneWidth, r.row*rowHeight + rowHeight/2
}

// edge is the path of the line from one rung to the next: straight down, or
// down the lane of the first and round a corner.
func edge(from, to *rung) string {
	x, y := ring(from)
	toX, toY := ring(to)
	if toX == x {
		return fmt.Sprintf("M%d %dV%d", x, y+ringRadius, toY-ringRadius)
	}
	return fmt.Sprintf("M%d %dV%dQ%d %d %d %dH%d", x, y+ringRadius, toY-bend, x, toY, x+bend, toY, toX-ringRadius)
}

func (d *Document) rung(r *rung, s *step, textX int) pictureRung {
	x, y := ring(r)
	out := pictureRung{X: x, Y: y, TextX: textX, Name: y - 4, At: y + 12}
	if s == nil {
		// A check that the site's values make no instance of.
		out.First, out.Second = r.check.Name, "not at this site"
		return out
	}
	title := s.title()
	second := r.check.Probe.Kind.Name
	if r.check.Target != nil {
		to, _ := s.gated(r.check.Target)
		second += " → " + s.value(to).String()
	}
	if after := d.otherGates(r); after != "" {
		second += " · also after " + after
	}
	if s.Skip != "" {
		second = "skipped: " + s.Skip
	}
	full := r.check.Name + ": " + title + " (" + second + ")"
	room := float64(sheetWidth-textX) / fontSize
	out.Number, out.Full = s.number, full
	out.First = fit(r.check.Name, room/bold)
	out.Title = fit(title, room-textWidth(out.First)*bold-1)
	out.Second = fit(second, room)
	return out
}

// otherGates are the gates that a rung is not drawn below.
func (d *Document) otherGates(r *rung) string {
	var others []string
	for _, g := range d.order.gates[r.check.Name] {
		if r.under == nil || g != r.under.check.Name || r.lane == lanes-1 {
			others = append(others, g)
		}
	}
	return strings.Join(others, ", ")
}

// tree is the drawing in letters.
func (d *Document) tree(rungs []*rung, steps map[string]*step) string {
	last := map[*rung]*rung{} // of each rung the last one below it
	for _, r := range rungs {
		last[r.under] = r
	}
	var b strings.Builder
	indents := map[*rung]string{}
	for _, r := range rungs {
		indent, tee := "", ""
		if r.under != nil {
			indent = indents[r.under]
			tee = "├─ "
			if last[r.under] == r {
				tee = "└─ "
			}
		}
		switch {
		case r.under == nil:
			indents[r] = ""
		case len([]rune(indent)) >= 3*deepest:
			indents[r] = indent
		case last[r.under] == r:
			indents[r] = indent + "   "
		default:
			indents[r] = indent + "│  "
		}
		line := indent + tee + r.check.Name + "  " + r.check.Probe.Kind.Name
		if s := steps[r.check.Name]; s != nil {
			line = fmt.Sprintf("%s%s%d. %s  %s", indent, tee, s.number, r.check.Name, r.check.Probe.Kind.Name)
		}
		if after := d.otherGates(r); after != "" {
			line += ", also after " + after
		} else if len([]rune(indent)) >= 3*deepest {
			line += ", after " + r.under.check.Name
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// String is the text without its styles.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// fit cuts a text that is wider than room, in units of the font's size.
func fit(text string, room float64) string {
	if room <= 1 {
		return ""
	}
	if textWidth(text) <= room {
		return text
	}
	used := letterWidth('…')
	for i, r := range text {
		if used += letterWidth(r); used > room {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}

func textWidth(text string) float64 {
	w := 0.0
	for _, r := range text {
		w += letterWidth(r)
	}
	return w
}

// letterWidth is about how wide a letter is in the widest of the usual
// sans-serif fonts (Verdana, DejaVu Sans), in units of the font's size.
func letterWidth(r rune) float64 {
	switch {
	case strings.ContainsRune("iljI|.,:;'! ", r):
		return 0.36
	case strings.ContainsRune("ftr()[]-\"/", r):
		return 0.45
	case strings.ContainsRune("mwMW@%→…", r):
		return 1.0
	case r >= 'A' && r <= 'Z':
		return 0.75
	case r >= 0x1100 && terminal.Width(string(r)) > 1:
		return 1.05
	}
	return 0.64
}

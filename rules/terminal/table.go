package terminal

import "strings"

// A Table is rows whose cells stand below one another.
type Table struct {
	// Indent is how many spaces stand before each row.
	Indent int
	// Most is how many columns of a terminal one of the table takes for the sake
	// of its cells; a longer cell pushes on the rest of its own row alone, not
	// that of all others. 0 means that there is no bound.
	Most int

	rows [][]string
}

// tableGap is what stands between two columns of a table.
const tableGap = 2

// Row adds a row of disarmed texts.
func (t *Table) Row(cells ...string) { t.rows = append(t.rows, cells) }

// Lines are the rows as lines. What comes last in a row is not filled up.
func (t *Table) Lines() []string {
	var widths []int
	for _, row := range t.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if n := Width(cell); t.Most == 0 || n <= t.Most {
				widths[i] = max(widths[i], n)
			}
		}
	}
	lines := make([]string, len(t.rows))
	for i, row := range t.rows {
		lines[i] = Indent(t.Indent)
		for j, cell := range row {
			if j < len(row)-1 {
				cell = Pad(cell, widths[j]) + Indent(tableGap)
			}
			lines[i] += cell
		}
	}
	return lines
}

// String is the rows as a text, each ended by a line end.
func (t *Table) String() string {
	var b strings.Builder
	for _, line := range t.Lines() {
		b.WriteString(line + "\n")
	}
	return b.String()
}

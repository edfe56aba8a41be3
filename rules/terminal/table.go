package terminal

// A Table lays out rows whose cells stand below one another.
type Table struct {
	// Most is how many columns of a terminal one of the table takes for the sake
	// of its cells; a longer cell pushes on the rest of its own row alone, not
	// that of all others. 0 means that there is no bound.
	Most int
}

// tableGap is what stands between two columns of a table.
const tableGap = 2

// Lines are the rows as lines. What comes last in a row is not filled up.
func (t Table) Lines(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if n := Width(cell); t.Most == 0 || n <= t.Most {
				widths[i] = max(widths[i], n)
			}
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		for j, cell := range row {
			if j < len(row)-1 {
				cell = Pad(cell, widths[j]) + Indent(tableGap)
			}
			lines[i] += cell
		}
	}
	return lines
}

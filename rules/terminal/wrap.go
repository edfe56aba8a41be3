package terminal

import "strings"

// A Wrap says how text is broken into lines.
type Wrap struct {
	// Columns is how many a line has.
	Columns int
	// First is how many the first line has, where a label takes more or less of
	// it than stands before the others; 0 means Columns.
	First int
	// Whole leaves a word that is longer than a line as it is, so that it can be
	// copied. Otherwise it is broken.
	Whole bool
}

// Lines breaks text between words, and at its own line ends; between two words
// of a line stands one space. There is at least one line.
func (w Wrap) Lines(text string) []string {
	var lines []string
	columns := func() int {
		if len(lines) == 0 && w.First != 0 {
			return max(w.First, 1)
		}
		return max(w.Columns, 1)
	}
	for paragraph := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			// The line is measured as a whole: what begins with a combining mark
			// is no wider than what it stands on.
			if line != "" && Width(line+" "+word) <= columns() {
				line += " " + word
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			line = word
			for !w.Whole && Width(line) > columns() {
				head, tail := cutSome(line, columns())
				if tail == "" {
					break
				}
				lines = append(lines, head)
				line = tail
			}
		}
		lines = append(lines, line)
	}
	return lines
}

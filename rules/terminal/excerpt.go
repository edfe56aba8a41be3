package terminal

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

const (
	tabWidth    = 4 // columns from one tab stop to the next
	longLine    = 8 // times the width: beyond it a line is cut before it is looked at
	leadOfFocus = 3 // a shortened line shows 1/3 of the width before its focus
)

// A cell is what one character of a line takes on a terminal.
type cell struct {
	text   string
	width  int // in columns
	offset int // of its first byte
}

// cells splits a line into what is shown of it.
func cells(line []byte) []cell {
	list := make([]cell, 0, len(line))
	column, offset := 0, 0
	for g := displaywidth.BytesGraphemes(line); g.Next(); offset += len(g.Value()) {
		text := string(g.Value())
		if text == "\t" {
			text = Indent(tabWidth - column%tabWidth)
		} else {
			text = disarm(text, false, func(r rune) bool { return joins(r) || unicode.Is(unicode.Zs, r) })
		}
		c := cell{text, Width(text), offset}
		list = append(list, c)
		column += c.width
	}
	return list
}

// Excerpt is what is shown of a line of a file whose bytes from..to are to be
// underlined, both of which may lie outside of it: its text, disarmed, with tabs
// as spaces and at most so many columns wide, and the columns before and under
// which the underline stands. A width of 0 shows all of the line.
func Excerpt(line []byte, from, to, width int) (text string, lead, under int) {
	through := from < 0 || to > len(line) // the range goes on in other lines
	from, to = max(from, 0), min(to, len(line))
	left, right := 0, len(line)
	if width > 0 && len(line) > longLine*width {
		left, right = max(0, from-longLine/2*width), min(len(line), from+longLine/2*width)
		left, right = RuneStart(line, left), RuneStart(line, right)
	}
	list := cells(line[left:right])
	if from == 0 { // an underline does not begin with the indentation
		for _, c := range list {
			if strings.TrimSpace(c.text) != "" || c.offset+left >= to {
				break
			}
			from = left + c.offset + 1
		}
	}
	begin, end := 0, len(list)
	if width > 0 && (totalWidth(list) > width || left > 0 || right < len(line)) {
		begin, end = window(list, from-left, width-2)
	}
	cutLeft, cutRight := left > 0 || begin > 0, right < len(line) || end < len(list)

	var b strings.Builder
	column := 0
	add := func(text string, width int) {
		b.WriteString(text)
		column += width
	}
	if cutLeft {
		add("…", 1)
	}
	lead = -1
	for _, c := range list[begin:end] {
		if at := c.offset + left; at >= from && at < to {
			if lead < 0 {
				lead = column
			}
			under = column + c.width - lead
		}
		add(c.text, c.width)
	}
	if cutRight {
		add("…", 1)
	}
	if lead < 0 { // an empty range, or one at the end of the line
		if through && len(bytes.TrimSpace(line)) == 0 {
			return b.String(), 0, 0
		}
		lead, under = columnsBefore(list[begin:end], from-left, cutLeft), 1
	}
	return b.String(), lead, max(under, 1)
}

func columnsBefore(list []cell, offset int, cutLeft bool) int {
	n := 0
	if cutLeft {
		n = 1
	}
	for _, c := range list {
		if c.offset >= offset {
			break
		}
		n += c.width
	}
	return n
}

// window is the cells of a line that are shown, at most so many columns of
// them, so that the one at an offset has room on both sides.
func window(list []cell, offset, width int) (begin, end int) {
	focus := 0
	for focus < len(list) && list[focus].offset < offset {
		focus++
	}
	begin = focus
	for room := width / leadOfFocus; begin > 0 && room >= list[begin-1].width; begin-- {
		room -= list[begin-1].width
	}
	end = begin
	for room := width; end < len(list) && room >= list[end].width; end++ {
		room -= list[end].width
	}
	for used := totalWidth(list[begin:end]); begin > 0 && used+list[begin-1].width <= width; begin-- {
		used += list[begin-1].width
	}
	return begin, end
}

func totalWidth(list []cell) int {
	n := 0
	for _, c := range list {
		n += c.width
	}
	return n
}

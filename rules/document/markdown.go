package document

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes an article as CommonMark with tables.
func Markdown(w io.Writer, a *Article) error {
	a.clean()
	m := &markdown{Writer: bufio.NewWriter(w)}
	fmt.Fprintf(m, "# %s\n", escaped(a.Title))
	m.nodes(a.Body, 2)
	return m.Flush()
}

type markdown struct {
	*bufio.Writer
	table bool // within one, where code must not hold a bare bar
}

func (m *markdown) nodes(nodes []Node, level int) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *Section:
			box := ""
			if n.Box {
				box = "☐ "
			}
			fmt.Fprintf(m, "\n<a id=\"%s\"></a>\n\n%s %s%s\n", n.ID, strings.Repeat("#", min(level, 6)), box, m.text(n.Title))
			m.nodes(n.Body, level+1)
		case *Paragraph:
			fmt.Fprintf(m, "\n%s\n", m.text(n.Text))
		case *Fields:
			m.WriteByte('\n')
			for _, f := range n.Rows {
				m.item(fmt.Sprintf("**%s:** ", escaped(f.Label)), f.Lines)
			}
		case *Table:
			m.rows(n)
		case *Bullets:
			m.WriteByte('\n')
			for _, t := range n.Items {
				fmt.Fprintf(m, "- %s\n", m.text(t))
			}
		case *Code:
			m.code(n.Text)
		case *Drawing:
			m.code(n.Tree)
		case *Form:
			m.WriteByte('\n')
			for _, l := range n.Labels {
				fmt.Fprintf(m, "- %s: \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\n", strings.Join(strings.Fields(escaped(l)), " "))
			}
		}
	}
}

// item is an item of a list; further lines of it stand below the first.
func (m *markdown) item(head string, lines []Text) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(m, "- %s%s\n", head, m.text(lines[0]))
	for _, l := range lines[1:] {
		fmt.Fprintf(m, "  - %s\n", m.text(l))
	}
}

// code is preformatted text, fenced by more backquotes than it holds.
func (m *markdown) code(text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(m, "\n%s\n%s\n%s\n", fence, strings.TrimRight(text, "\n"), fence)
}

func (m *markdown) rows(t *Table) {
	m.WriteByte('\n')
	if !t.Long {
		m.table = true
		defer func() { m.table = false }()
		cells := func(cells []string) { fmt.Fprintf(m, "| %s |\n", strings.Join(cells, " | ")) }
		heads, rules := make([]string, len(t.Head)), make([]string, len(t.Head))
		for i, h := range t.Head {
			heads[i], rules[i] = escaped(h), "---"
		}
		cells(heads)
		cells(rules)
		for _, row := range t.Rows {
			line := make([]string, len(row.Cells))
			for i, c := range row.Cells {
				var texts []string
				for _, l := range c {
					texts = append(texts, m.text(l))
				}
				line[i] = strings.Join(texts, "<br>")
			}
			cells(line)
		}
		return
	}
	for _, row := range t.Rows {
		box := ""
		if row.Box {
			box = "☐ "
		}
		for i, c := range row.Cells {
			switch {
			case len(c) == 0:
			case i == 0:
				m.item(box, c)
			default:
				fmt.Fprintf(m, "  - *%s:* %s\n", escaped(t.Head[i]), m.text(c[0]))
			}
		}
	}
}

func (m *markdown) text(t Text) string {
	var b strings.Builder
	for _, s := range t {
		switch {
		case s.Text == "":
		case s.Link != "":
			fmt.Fprintf(&b, "[%s](#%s)", escaped(s.Text), s.Link)
		case s.Style == Mono:
			code := codeSpan(s.Text)
			if m.table {
				code = strings.ReplaceAll(code, "|", `\|`)
			}
			b.WriteString(code)
		case s.Style == Strong, s.Style == Value && strings.TrimSpace(s.Text) == s.Text:
			fmt.Fprintf(&b, "**%s**", escaped(s.Text))
		default:
			b.WriteString(escaped(s.Text))
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// codeSpan is text as code, fenced by more backquotes than it holds.
func codeSpan(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 || strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// escaped is text that means nothing but itself in Markdown.
func escaped(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>&|~#", r),
			(r == '-' || r == '+') && strings.TrimSpace(text[:i]) == "":
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

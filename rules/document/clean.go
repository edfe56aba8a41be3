package document

import "github.com/linecheck/linecheck/rules/terminal"

// clean spells out, in all of an article, what can't be seen: texts come from
// files that anybody may have written.
func (a *Article) clean() {
	a.Title, a.Head = terminal.Lines(a.Title), terminal.Lines(a.Head)
	cleanNodes(a.Body)
}

func cleanNodes(nodes []Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *Section:
			n.Title.clean()
			cleanNodes(n.Body)
		case *Paragraph:
			n.Text.clean()
		case *Fields:
			for _, f := range n.Rows {
				cleanTexts(f.Lines)
			}
		case *Table:
			for _, r := range n.Rows {
				for _, c := range r.Cells {
					cleanTexts(c)
				}
			}
		case *Bullets:
			cleanTexts(n.Items)
		case *Code:
			n.Text = terminal.Lines(n.Text)
		case *Drawing:
			n.Tree = terminal.Lines(n.Tree)
			for i := range n.Sheets {
				for j := range n.Sheets[i].Rungs {
					r := &n.Sheets[i].Rungs[j]
					r.First, r.Title, r.Second, r.Full = terminal.Lines(r.First), terminal.Lines(r.Title), terminal.Lines(r.Second), terminal.Lines(r.Full)
				}
			}
		}
	}
}

func cleanTexts(texts []Text) {
	for _, t := range texts {
		t.clean()
	}
}

func (t Text) clean() {
	for i := range t {
		t[i].Text = terminal.Lines(t[i].Text)
	}
}

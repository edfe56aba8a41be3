package document

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"sync"
)

//go:embed page.tmpl
var pageSource string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"outline": outline,
		"kind":    kind,
		"first":   func(i int) bool { return i == 0 },
		"add":     func(a, b int) int { return a + b },
	}).Parse(pageSource))
})

// HTML writes an article as one file that needs nothing else: it asks for
// nothing from anywhere and prints on A4.
func HTML(w io.Writer, a *Article) error {
	a.clean()
	setLevels(a.Body, 2)
	var b bytes.Buffer
	if err := pageTemplate().Execute(&b, a); err != nil {
		return err
	}
	// What the template's own layout leaves between lines says nothing.
	_, err := w.Write(between.ReplaceAll(b.Bytes(), []byte("\n")))
	return err
}

var between = regexp.MustCompile(`\n\s*\n+`)

// kind names the type of a node for the template.
func kind(n Node) string {
	switch n.(type) {
	case *Section:
		return "section"
	case *Paragraph:
		return "paragraph"
	case *Fields:
		return "fields"
	case *Table:
		return "table"
	case *Bullets:
		return "bullets"
	case *Code:
		return "code"
	case *Form:
		return "form"
	case *Drawing:
		return "drawing"
	}
	panic(fmt.Sprintf("document: no HTML for %T", n)) // a slip in this package
}

// setLevels numbers the headings by their depth.
func setLevels(nodes []Node, level int) {
	for _, n := range nodes {
		if s, ok := n.(*Section); ok {
			s.Level = min(level, 6)
			setLevels(s.Body, level+1)
		}
	}
}

// An entry is a line of the table of contents.
type entry struct {
	ID, Title string
	Deep      bool
}

// outlineMost bounds the table of contents; beyond it, it lists chapters only.
const outlineMost = 60

func outline(a *Article) []entry {
	var chapters, all []entry
	for _, n := range a.Body {
		s, ok := n.(*Section)
		if !ok {
			continue
		}
		chapters = append(chapters, entry{s.ID, s.Title.String(), false})
		all = append(all, chapters[len(chapters)-1])
		if s.Class == "facts" {
			continue
		}
		for _, m := range s.Body {
			if t, ok := m.(*Section); ok {
				all = append(all, entry{t.ID, t.Title.String(), true})
			}
		}
	}
	if len(all) > outlineMost {
		return chapters
	}
	return all
}

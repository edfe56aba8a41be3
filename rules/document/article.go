package document

// An Article is what is printed: a title and what stands below it.
type Article struct {
	Title string
	Head  string // runs along with every printed page
	Body  []Node
}

// A Node is one of Section, Paragraph, Fields, Table, Bullets, Code, Drawing
// and Form. Each output writes all of them.
type Node interface{ node() }

// A Section has a title and nodes of its own.
type Section struct {
	ID    string // for links; unique in an article
	Title Text
	Class string // "step" keeps together on a page; "part" begins one
	Box   bool   // a box to tick stands before the title
	Level int    // of its heading, from 2; set by the outputs
	Body  []Node
}

// A Paragraph is running text.
type Paragraph struct{ Text Text }

// Fields are names with values.
type Fields struct{ Rows []Field }

// A Field is one of Fields; its value has one line or several.
type Field struct {
	Label string
	Lines []Text
}

// A Table has columns. Where there is no room for columns, and where its cells
// are Long, each row is written as a block of its own.
type Table struct {
	Head  []string
	Rows  []Row
	Long  bool
	Class string
}

// A Row is one of a Table. Each cell has one line or several.
type Row struct {
	Box   bool
	Cells [][]Text
}

// Bullets is a list.
type Bullets struct{ Items []Text }

// Code is preformatted.
type Code struct{ Text string }

// A Form is lines to fill in by hand.
type Form struct{ Labels []string }

func (*Section) node()   {}
func (*Paragraph) node() {}
func (*Fields) node()    {}
func (*Table) node()     {}
func (*Bullets) node()   {}
func (*Code) node()      {}
func (*Form) node()      {}
func (*Drawing) node()   {}

// A Text is a line or a paragraph, in pieces of one style each.
type Text []Span

// A Span is a piece of a text.
type Span struct {
	Text  string
	Style Style
	Link  string // the ID of a section
}

// A Style is what a span is.
type Style string

const (
	Plain  Style = ""
	Strong Style = "strong"
	// Mono is a name or an expression of the language.
	Mono Style = "mono"
	// Value is filled in from the site's values.
	Value Style = "value"
	// Observed stands for what only an observation can tell.
	Observed Style = "observed"
)

func plain(s string) Text  { return Text{{Text: s}} }
func strong(s string) Text { return Text{{Text: s, Style: Strong}} }
func mono(s string) Text   { return Text{{Text: s, Style: Mono}} }

func link(s, id string) Text { return Text{{Text: s, Link: id}} }

// joined puts texts one behind the other.
func joined(texts ...Text) Text {
	var all Text
	for _, t := range texts {
		all = append(all, t...)
	}
	return all
}

// listed is "a, b and c".
func listed(texts []Text, last string) Text {
	var all Text
	for i, t := range texts {
		switch {
		case i == 0:
		case i == len(texts)-1:
			all = append(all, Span{Text: last})
		default:
			all = append(all, Span{Text: ", "})
		}
		all = append(all, t...)
	}
	return all
}

func monos(names []string) []Text {
	texts := make([]Text, len(names))
	for i, n := range names {
		texts[i] = mono(n)
	}
	return texts
}

// add adds a field unless it is empty.
func (f *Fields) add(label string, lines ...Text) {
	var kept []Text
	for _, l := range lines {
		if len(l) > 0 {
			kept = append(kept, l)
		}
	}
	if len(kept) > 0 {
		f.Rows = append(f.Rows, Field{label, kept})
	}
}

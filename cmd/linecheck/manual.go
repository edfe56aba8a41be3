package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/disk"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manualFiles lists the files of linecheck(1)'s section of that name.
var manualFiles = []struct{ name, doc string }{
	{"/etc/linecheck/checks.d", "The computer's own runbook, which is used where none is named. Without a check file in it the embedded runbook is used."},
	{"/etc/linecheck/sites.d", "The site profiles that belong to it, or to the embedded runbook."},
	{"/etc/linecheck/trusted-keys.d", "Public keys in PEM form. With a key in it, a packaged runbook must be signed by one of them, unless the command line or the site's profile name other keys."},
}

// newManual writes the man pages. Nobody types it but who makes a package.
func newManual(c *console) *cobra.Command {
	return &cobra.Command{
		Use:    "manual FOLDER",
		Hidden: true,
		Short:  "Write the man pages",
		Long: `Writes a man page for linecheck and one for each of its commands into a folder,
which is made if it is missing. The text is that of the help. The pages carry
the date that SOURCE_DATE_EPOCH gives, in seconds since 1970; else none.`,
		Example: `  linecheck manual ./man1 && man -l ./man1/linecheck-run.1`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return mistake("Which folder?", "Name the folder that the man pages are to be written into: linecheck manual ./man1.")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.writeManual(cmd.Root(), args[0]) },
	}
}

func (c *console) writeManual(root *cobra.Command, dir string) error {
	date := ""
	switch made, err := c.sourceDate(); {
	case err != nil:
		return err
	case !made.IsZero():
		date = made.Format(time.DateOnly)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		if cmd.Hidden {
			continue
		}
		name := filepath.Join(dir, manualName(cmd)+".1")
		if err := disk.Write(name, []byte(manualPage(cmd, date))); err != nil {
			return mistake("Can't write there", fmt.Sprintf("%s: %v. Name a folder where there is room and you may write.", name, disk.Cause(err)))
		}
	}
	return nil
}

// manualName is the name of a command's page: linecheck-run for linecheck run.
func manualName(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-")
}

// manualPage is the page of a command, in the macros of man(7).
func manualPage(cmd *cobra.Command, date string) string {
	m := &manual{}
	name := manualName(cmd)
	m.line(`.TH %s 1 "%s" "linecheck %s" "linecheck"`, roff(strings.ToUpper(name)), roff(date), roff(version))
	// Ragged and without hyphens: names and command lines can be copied whole.
	m.line(".nh\n.ad l")
	m.line(`.SH NAME`)
	m.line(`%s \- %s`, roff(name), roff(cmd.Short))
	m.line(`.SH SYNOPSIS`)
	synopsis, arguments, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())), "[flags]")
	m.line(`.B %s`, roff(cmd.CommandPath()))
	m.line(`%s`, roff(strings.TrimSpace(synopsis+arguments)))
	if cmd.HasLocalFlags() {
		m.line(`.RI [ flags ]`)
	}
	m.line(`.SH DESCRIPTION`)
	m.prose(cmd.Long)
	m.commands(cmd)
	m.flags(cmd)
	m.line(`.SH EXAMPLES`)
	m.examples(strings.Split(cmd.Example, "\n"))
	if cmd.HasParent() {
		m.line(".SH SEE ALSO\n.BR %s (1)", roff(manualName(cmd.Root())))
	}
	return m.text.String()
}

// A manual is a page as far as it has been written.
type manual struct{ text strings.Builder }

func (m *manual) line(format string, args ...any) { fmt.Fprintf(&m.text, format+"\n", args...) }

// entry is a term of a list and what is said of it, both as roff.
func (m *manual) entry(term, text string) { m.line(".TP\n%s\n%s", term, text) }

// commands lists the subcommands of a command that has any, and the files.
func (m *manual) commands(cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	m.line(`.SH COMMANDS`)
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			m.entry(`.BR `+roff(manualName(sub))+` (1)`, roff(sub.Short))
		}
	}
	m.line(`.SH FILES`)
	for _, f := range manualFiles {
		m.entry(`.I `+roff(f.name), roff(f.doc))
	}
}

// flags lists the flags of a command as its help does.
func (m *manual) flags(cmd *cobra.Command) {
	if !cmd.HasLocalFlags() {
		return
	}
	m.line(`.SH OPTIONS`)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		one := pflag.NewFlagSet("", pflag.ContinueOnError)
		one.AddFlag(f)
		term, text, _ := strings.Cut(strings.TrimSpace(one.FlagUsages()), "   ")
		flag, value, _ := strings.Cut(term, " ")
		m.entry(`\fB`+roff(flag)+`\fP \fI`+roff(value)+`\fP`, roff(strings.TrimSpace(text)))
	})
}

// prose writes a text of help: paragraphs, and indented lines which are a list
// or else are left as they are.
func (m *manual) prose(text string) {
	begin := ""
	for _, block := range blocks(text) {
		if strings.HasPrefix(block[0], " ") {
			m.indented(block)
		} else {
			m.line("%s%s", begin, roff(strings.Join(block, "\n")))
		}
		begin = ".PP\n"
	}
}

// blocks splits a text of help into paragraphs and blocks of indented lines,
// which may have empty lines in them.
func blocks(text string) [][]string {
	var all [][]string
	var block []string
	empty := 0 // lines since the last one of block
	for line := range strings.SplitSeq(text, "\n") {
		if line == "" {
			empty++
			continue
		}
		indented := strings.HasPrefix(line, " ")
		switch {
		case len(block) > 0 && strings.HasPrefix(block[0], " ") == indented && (indented || empty == 0):
			block = append(block, make([]string, empty)...)
		case len(block) > 0:
			all, block = append(all, block), nil
		}
		block, empty = append(block, line), 0
	}
	return append(all, block)
}

// indented writes indented lines of a help as a list if they are one.
func (m *manual) indented(lines []string) {
	items := listItems(lines)
	if items == nil {
		m.line(".PP")
		m.verbatim(lines)
		return
	}
	m.line(".PD 0\n.PP")
	for _, it := range items {
		m.entry(`.B `+roff(it.term), roff(it.text))
	}
	m.line(".PD")
}

// An item is an entry of a list in a help.
type item struct{ term, text string }

// besideTerm is an item with its text beside the term, at a tab stop.
var besideTerm = regexp.MustCompile(`^  (\S+(?: \S+)*)  +(\S.*)$`)

// listItems are the items of lines, or nil if these are no list. The text of an
// item stands beside its term or is indented below it.
func listItems(lines []string) []item {
	var items []item
	for _, l := range lines {
		if parts := besideTerm.FindStringSubmatch(l); parts != nil {
			items = append(items, item{parts[1], parts[2]})
		} else if !strings.HasPrefix(l, "   ") {
			items = append(items, item{term: strings.TrimSpace(l)})
		} else if len(items) == 0 {
			return nil
		} else {
			last := &items[len(items)-1]
			last.text = strings.TrimSpace(last.text + "\n" + strings.TrimSpace(l))
		}
	}
	if slices.ContainsFunc(items, func(it item) bool { return it.text == "" }) {
		return nil
	}
	return items
}

// exampleColumns is the room for a command line on a terminal of 80 columns,
// of which man leaves 7 empty.
const exampleColumns = 73

// examples writes command lines, and what they do where that is said.
func (m *manual) examples(lines []string) {
	if listItems(lines) != nil {
		m.indented(lines)
		return
	}
	var folded []string
	for _, l := range lines {
		l = strings.TrimPrefix(l, "  ")
		for len(l) > exampleColumns {
			room := l[:exampleColumns-len(` \`)+1]
			space := strings.LastIndex(room, " -") // a flag keeps its value
			if space <= 0 {
				space = strings.LastIndex(room, " ")
			}
			if strings.TrimSpace(l[:max(space, 0)]) == "" {
				break // a single word: nothing to fold at
			}
			folded = append(folded, l[:space]+` \`)
			l = "    " + l[space+1:]
		}
		folded = append(folded, l)
	}
	m.verbatim(folded)
}

// verbatim writes lines as they stand in a help, where they are indented.
func (m *manual) verbatim(lines []string) {
	m.line(".EX")
	for _, l := range lines {
		m.line("%s", roff(strings.TrimPrefix(l, "  ")))
	}
	m.line(".EE\n.nh") // .EE switches hyphens on again
}

// roff spells text so that it comes out as it is: a hyphen that can be pasted
// into a shell, straight quotes, and no line that would be taken for a macro.
func roff(text string) string {
	var b strings.Builder
	start := true
	for _, r := range text {
		if start && (r == '.' || r == '\'') {
			b.WriteString(`\&`)
		}
		start = r == '\n'
		switch {
		case roffNames[r] != "":
			b.WriteString(roffNames[r])
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// roffNames are the characters that mean something else in roff, or are drawn
// as another character (groff_char(7)).
var roffNames = map[rune]string{'\\': `\e`, '-': `\-`, '\'': `\(aq`, '`': `\(ga`, '^': `\(ha`, '~': `\(ti`, '"': `\(dq`}

// Package terminal is the one place for text that people read: how wide it is,
// where it is broken, how a value, a count or a list is written, and how text of
// a stranger is shown without being obeyed. It knows nothing of checks.
//
// Text that may come from anywhere goes through [Line] or [Lines] first; all
// else ([Width], [Cut], [Wrap], [Table]) is for text that did.
package terminal

// DefaultWidth is how many columns a page has where no terminal says otherwise:
// what terminals have had since the first.
const DefaultWidth = 80

// Command linecheck says which rung of the ladder between this computer and
// its mail host is broken, and why.
//
// Each subcommand has a file of its own: an options struct, a constructor that
// declares its flags, and a run method. What they share stands in root.go (the
// list of subcommands), exit.go (the table of exit codes), tty.go (the
// terminal's rules), runbook.go, sites.go and values.go (what is run, where,
// with which values), package.go, trust.go and transfer.go (how packages are
// received, judged and moved), archive.go and imports.go (the files of packages,
// and what imports stand for). This is the only package that reads flags, prints and
// exits.
package main

import (
	"os"

	"github.com/linecheck/linecheck/engine/process"
)

func main() { os.Exit(begin(osConsole())) }

// begin does what the command line says, as the process's only doing.
func begin(c *console) int {
	_ = process.Adopt() // a kernel without it leaves the daemons of a transport, and no more
	return execute(c, os.Args[1:])
}

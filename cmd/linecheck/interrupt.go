package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// interruptible is the context of what may take long: it ends with the first
// request to end, or when the time is over. Such a request is Ctrl-C, a request
// to terminate, and a terminal or an ssh connection that goes away: what is
// known by then is reported all the same, to files for instance. A second
// Ctrl-C ends the program as it does any other; a second SIGHUP does not, since
// the shell passes on the one that the kernel has sent already.
//
// What the caller has us ignore stays ignored: SIGHUP behind nohup, SIGINT in the
// background of a script.
func interruptible(timeout time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	if timeout > 0 {
		ctx, cancel = context.WithTimeout(context.Background(), timeout)
	}
	asked := requestsToEnd()
	over, end := context.WithCancel(context.Background())
	go func() {
		select {
		case <-asked:
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			cancel()
		case <-over.Done():
		}
	}()
	return ctx, func() { signal.Stop(asked); end(); cancel() }
}

// requestsToEnd receives the first request to end. Until signal.Stop none of
// them ends the program.
func requestsToEnd() chan os.Signal {
	asked := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(asked, s)
		}
	}
	return asked
}

// heldBack does what must not be left half done and does not take long: a request
// to end is held back until it is done, and then obeyed.
func heldBack(do func() error) error {
	asked := requestsToEnd()
	err := do()
	signal.Stop(asked) // from here on nothing comes any more
	if len(asked) > 0 && err == nil {
		return errInterrupted()
	}
	return err
}

// errInterrupted is what is said of a request to end.
func errInterrupted() error {
	return mistake("Interrupted", "What was being written is complete, and nothing after it was begun. Run the command again.")
}

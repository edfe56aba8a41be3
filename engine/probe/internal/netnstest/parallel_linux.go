package netnstest

import "flag"

// RunMore has more tests run at a time than there are processors, unless the
// caller of go test said how many: they wait for the network, which takes none. It
// is for a TestMain.
func RunMore() {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		parallel.Value.Set("8")
	}
}

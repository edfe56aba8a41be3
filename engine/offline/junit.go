package offline

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/linecheck/linecheck/rules/terminal"
)

// The elements and attributes that the common readers of JUnit's XML share:
// Jenkins, GitLab, GitHub's test reporters. A suite is a test file.
type (
	junitSuites struct {
		XMLName  xml.Name      `xml:"testsuites"`
		Name     string        `xml:"name,attr"`
		Tests    int           `xml:"tests,attr"`
		Failures int           `xml:"failures,attr"`
		Errors   int           `xml:"errors,attr"`
		Time     string        `xml:"time,attr"`
		Suites   []*junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
		took     time.Duration
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		File      string        `xml:"file,attr"`
		Line      int           `xml:"line,attr"`
		Time      string        `xml:"time,attr"`
		Failure   *junitFailure `xml:"failure,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

func writeJUnit(w io.Writer, r *Results, _ Options) error {
	all := junitSuites{Name: "linecheck", Tests: len(r.Outcomes), Failures: r.Failed()}
	byFile := map[string]*junitSuite{}
	var took time.Duration
	for _, o := range r.Outcomes {
		at := o.Test.DeclRange
		suite := byFile[at.Filename]
		if suite == nil {
			suite = &junitSuite{Name: at.Filename}
			byFile[at.Filename] = suite
			all.Suites = append(all.Suites, suite)
		}
		one := junitCase{Name: o.Test.Name, ClassName: at.Filename, File: at.Filename, Line: at.Start.Line, Time: seconds(o.Elapsed)}
		if !o.Passed() {
			one.Failure = failure(o)
			suite.Failures++
		}
		suite.Tests++
		suite.took += o.Elapsed
		took += o.Elapsed
		suite.Time = seconds(suite.took)
		suite.Cases = append(suite.Cases, one)
	}
	all.Time = seconds(took)
	doc, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, terminal.XML(doc))
	return err
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }

func failure(o *Outcome) *junitFailure {
	var lines []string
	for i := range o.Differences {
		lines = append(lines, o.Differences[i].String())
	}
	return &junitFailure{Message: lines[0], Type: string(o.Differences[0].Kind), Text: strings.Join(lines, "\n")}
}

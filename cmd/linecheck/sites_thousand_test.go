package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// thousand writes a thousand profiles for the shipped runbook, each in a file
// of its own or all in one, with one slip in the middle of them, and is the
// place of the slip.
func thousand(t testing.TB, oneFile bool) (dir, place string) {
	t.Helper()
	dir = t.TempDir()
	var all strings.Builder
	line := 1
	for i := range 1000 {
		mailHost := "mail_host"
		if i == 617 {
			mailHost = "mail_hots"
		}
		// Nobody answers, or is asked: 192.0.2.0/24 is for documents (RFC 5737).
		site := fmt.Sprintf(`site "branch-%03d" {
  title = "Branch %d"
  vars = {
    %s       = "mail.branch-%03d.example"
    default_gateway = "192.0.2.1"
    remote_host     = "192.0.2.25"
    subnet_host     = "192.0.2.20"
  }
}
`, i, i, mailHost, i)
		name := fmt.Sprintf("branch-%03d.hcl", i)
		if i == 617 {
			place = fmt.Sprintf("%s:4", filepath.Join(dir, name))
			if oneFile {
				place = fmt.Sprintf("%s:%d", filepath.Join(dir, "all.hcl"), line+3)
			}
		}
		line += strings.Count(site, "\n")
		all.WriteString(site)
		if !oneFile {
			writeProfile(t, filepath.Join(dir, name), site)
		}
	}
	if oneFile {
		writeProfile(t, filepath.Join(dir, "all.hcl"), all.String())
	}
	return dir, place
}

func writeProfile(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ranHere runs a command line in this process.
func ranHere(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	c := &console{in: strings.NewReader(""), out: &out, err: &errs}
	code = execute(c, args)
	return code, out.String(), errs.String()
}

// sender is a runbook with the variables of the shipped one, which leaves a
// file behind where it is run with --allow-exec.
func sender(t *testing.T) (runbook, sent string) {
	t.Helper()
	runbook, sent = t.TempDir(), filepath.Join(t.TempDir(), "sent")
	writeProfile(t, filepath.Join(runbook, "a.hcl"), fmt.Sprintf(`
variable "mail_host" { default = null }
variable "default_gateway" { default = null }
variable "remote_host" { default = null }
variable "subnet_host" { default = null }
check "sends" {
  probe "exec" { command = ["touch", %q] }
  pass    = result.exit_code == 0
  explain = "x"
}
check "looks" {
  target = "/no/such/file/of/${var.mail_host}"
  probe "log" { pattern = "x" }
  pass    = !result.found
  explain = "x"
}
`, sent))
	return runbook, sent
}

// One slip among a thousand profiles is found, its place is named, and nothing
// is sent. How long that takes, BenchmarkThousandProfiles says.
func TestThousandProfiles(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	runbook, sent := sender(t)
	for _, oneFile := range []bool{false, true} {
		profiles, place := thousand(t, oneFile)
		for _, args := range [][]string{
			{"validate", embedded, "--sites", profiles},
			{"sites", embedded, "--sites", profiles, "--site", "branch-617"},
			{"run", runbook, "--sites", profiles, "--site", "branch-617", "--allow-exec"},
		} {
			code, stdout, stderr := ranHere(args...)
			if code != int(exitWrong) {
				t.Errorf("%s: exit code %d", args[0], code)
			}
			said := strings.Join(strings.Fields(stdout+stderr), "")
			for _, want := range []string{place, `Didyoumean"mail_host"?`} {
				if !strings.Contains(said, want) {
					t.Errorf("%s does not say %s:\n%s%s", args[0], want, stdout, stderr)
				}
			}
		}
	}
	if _, err := os.Stat(sent); err == nil {
		t.Error("something was sent")
	}
}

// A thousand profiles of the shipped runbook, one of which is wrong, are
// validated: well under a second on a computer that does nothing else.
func BenchmarkThousandProfiles(b *testing.B) {
	profiles, _ := thousand(b, false)
	for b.Loop() {
		if code, _, _ := ranHere("validate", embedded, "--sites", profiles); code != int(exitWrong) {
			b.Fatalf("exit code %d", code)
		}
	}
}

// The others are looked at all the same, side by side.
func TestThousandSites(t *testing.T) {
	runbook, _ := sender(t)
	profiles, place := thousand(t, false)
	started := time.Now()
	code, stdout, stderr := ranHere("run", runbook, "--sites", profiles, "--site", "all", "--only", "looks", "--allow-read", "/no/such/file/of/")
	t.Logf("took %v", time.Since(started))
	if code != int(exitWrong) || !strings.Contains(strings.Join(strings.Fields(stderr), ""), place) {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	lines := map[string]int{}
	for line := range strings.Lines(stdout) {
		if fields := strings.Fields(line); len(fields) > 2 && strings.HasPrefix(fields[2], "branch-") {
			lines[fields[1]]++
		}
	}
	if diff := cmp.Diff(map[string]int{"pass": 999, "ERROR": 1}, lines); diff != "" {
		t.Errorf("lines by status (-want +got):\n%s", diff)
	}
}

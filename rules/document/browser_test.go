package document

import (
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/linecheck/linecheck/rules/rulestest"
)

// browserTimeout bounds a start of the browser, which is slow on a busy
// computer.
const browserTimeout = 2 * time.Minute

// TestBrowser prints pages in a real browser on A4 and looks at where every
// word came to stand. It is skipped where there is no Chromium; TestPage and
// TestDrawing hold what can be held without one.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds, all of them the browser's")
	}
	var browser string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		rulestest.Missing(t, "needs chromium to print with")
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		rulestest.Missing(t, "needs pdftotext (poppler-utils) to look at what was printed")
	}
	rb, all := shipped(t), load(t, everything)
	long := load(t, map[string]string{"a.hcl": ladder(40, func(i int) []int {
		return []int{max(0, i-2)}[:min(1, i)]
	}) + `
variable "v" {
  type        = object({ ` + strings.Repeat("a", 80) + ` = string, b = list(object({ ccccccccccc = number, dddddddddddd = map(string) })) })
  default     = null
  description = "` + strings.Repeat("x", 300) + `"
}
check "long" {
  title  = "` + strings.Repeat("y", 200) + `"
  target = "` + strings.Repeat("z.", 120) + `"
  probe "ping" {}
  pass    = result.received > 0 && target != "` + strings.Repeat("w", 200) + `"
  explain = "` + strings.Repeat("v", 300) + `"
}`})
	// What must be readable in full although it has no place to break at.
	whole := map[string][]string{"long": {strings.Repeat("x", 300), strings.Repeat("y", 200), strings.Repeat("z.", 120), strings.Repeat("w", 200), strings.Repeat("v", 300)}}
	for name, a := range map[string]*Article{
		"shipped":   describe(t, rb, nil).Page(),
		"reference": Reference(testLanguage()),
		"long":      describe(t, long, nil).Page(),
		"both ends": describe(t, all, bind(t, all, "main", map[string]map[string]string{"gateway": {"host": "192.0.2.1"}, "host": {"host": "192.0.2.2"}})).Page(),
	} {
		t.Run(name, func(t *testing.T) {
			pages := printed(t, browser, write(t, HTML, a))
			var text strings.Builder
			for i, p := range pages {
				// A4 is 595 by 842 points.
				if int(p.Width+0.5) < 594 || int(p.Width+0.5) > 596 || int(p.Height+0.5) < 841 || int(p.Height+0.5) > 843 {
					t.Errorf("page %d is %v by %v points", i+1, p.Width, p.Height)
				}
				const margin = 40 // points; ours are 45 and more at the sides
				for _, w := range p.Words {
					fmt.Fprint(&text, w.Text, " ")
					if w.Left < margin || w.Right > p.Width-margin || w.Top < 10 || w.Bottom > p.Height-10 {
						t.Errorf("page %d: %q stands at %.0f to %.0f, %.0f to %.0f", i+1, w.Text, w.Left, w.Right, w.Top, w.Bottom)
					}
				}
			}
			squeezed := strings.ReplaceAll(text.String(), " ", "")
			for _, w := range whole[name] {
				if !strings.Contains(squeezed, w) {
					t.Errorf("%d letters %c are cut off", len(w), w[0])
				}
			}
			if i := len(pages); !strings.Contains(text.String(), fmt.Sprintf(" %d / %d ", i, i)) {
				t.Errorf("the last of %d pages has no number", i)
			}
			first := strings.Fields(a.Head)[0]
			if !strings.Contains(text.String(), first) {
				t.Errorf("there is no running title %s", a.Head)
			}
		})
	}
}

// A sheet is a printed page, in points.
type sheet struct {
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Words  []struct {
		Left   float64 `xml:"xMin,attr"`
		Right  float64 `xml:"xMax,attr"`
		Top    float64 `xml:"yMin,attr"`
		Bottom float64 `xml:"yMax,attr"`
		Text   string  `xml:",chardata"`
	} `xml:"word"`
}

// printed prints a page and reads back where its words stand.
func printed(t *testing.T, browser, page string) []sheet {
	t.Helper()
	dir := t.TempDir()
	file, pdf, box := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf"), filepath.Join(dir, "page.xml")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), browserTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--no-first-run",
		"--host-resolver-rules=MAP * ~NOTFOUND", // it would ask for news of its own "--user-data-dir="+filepath.Join(dir, "profile"),
		"--no-pdf-header-footer", "--print-to-pdf="+pdf, "file://"+file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.CommandContext(ctx, "pdftotext", "-bbox", pdf, box).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(box)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Pages []sheet `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Pages) == 0 {
		t.Fatal("nothing was printed")
	}
	return doc.Pages
}

package document

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// selfContained fails for a page that is not well-formed or that refers to
// anything outside of itself.
func selfContained(t *testing.T, page string) {
	t.Helper()
	void := map[string]bool{"meta": true, "br": true, "hr": true, "img": true, "input": true}
	ids, links := map[string]bool{}, map[string]bool{}
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			if len(open) > 0 {
				t.Errorf("not closed: %v", open)
			}
			for l := range links {
				if !ids[l] {
					t.Errorf("a link leads to #%s, which is not there", l)
				}
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			if kind == html.StartTagToken && !void[token.Data] {
				open = append(open, token.Data)
			}
			for _, tag := range []string{"script", "link", "img", "iframe", "object", "embed", "base", "image", "use"} {
				if token.Data == tag {
					t.Errorf("there is a <%s>", tag)
				}
			}
			for _, a := range token.Attr {
				switch {
				case a.Key == "id":
					if ids[a.Val] {
						t.Errorf("two sections are called %q", a.Val)
					}
					ids[a.Val] = true
				case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
					links[a.Val[1:]] = true
				case a.Key == "href", a.Key == "src", a.Key == "srcset", a.Key == "action", a.Key == "http-equiv", a.Key == "style", strings.HasPrefix(a.Key, "on"):
					t.Errorf("<%s> has %s=%q", token.Data, a.Key, a.Val)
				}
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("</%s> closes %v", token.Data, open)
			}
			open = open[:len(open)-1]
		case html.TextToken:
			if len(open) > 0 && open[len(open)-1] == "style" {
				style := strings.ToLower(quoted.ReplaceAllString(token.Data, "x"))
				for _, s := range []string{"url(", "@import", "@font-face", "expression(", "//"} {
					if strings.Contains(style, s) {
						t.Errorf("the style holds %s", s)
					}
				}
			}
		}
	}
}

// quoted is a text in a style sheet, in which nothing is asked for.
var quoted = regexp.MustCompile(`"[^"\n]*"`)

// harmless is what Markdown may hold of markup: code, what is escaped, and our
// own links and marks.
var harmless = regexp.MustCompile("(?s)```.*?```|`[^`]*`|\\\\.|<a id=\"[^\"]*\"></a>|<br>|\\[[^\\]\\[]*\\]\\(#[^)]*\\)")

// TestHostile puts markup where the texts of a runbook go.
func TestHostile(t *testing.T) {
	const evil = `</title></style><script>alert(1)</script>\"; } @import 'x'; <img src=x onerror=y> ` + "\u202e\x1b[31m" + ` [a](javascript:b) | # *`
	files := map[string]string{"a.hcl": `
runbook "x" {
  title       = "` + evil + `"
  description = "` + evil + `"
}
variable "v" {
  default     = "` + evil + `"
  description = "` + evil + `"
}
check "x" {
  title  = "` + evil + `"
  target = "` + evil + `"
  probe "ping" {}
  pass    = result.received > 0 && target != "` + evil + `"
  explain = "` + evil + ` ${var.v}"
}
`}
	rb := load(t, files)
	site := bind(t, rb, "x", map[string]map[string]string{"local": {"v": evil}})
	site.Title = evil
	for _, d := range []*Document{describe(t, rb, nil), describe(t, rb, site)} {
		selfContained(t, write(t, HTML, d.Page()))
		for name, f := range outputs {
			text := write(t, f, d.Page())
			if strings.ContainsAny(text, "\x1b\u202e") {
				t.Errorf("%s lets control characters through", name)
			}
		}
		md := harmless.ReplaceAllString(write(t, Markdown, d.Page()), "")
		if i := strings.IndexAny(md, "<["); i >= 0 {
			t.Errorf("Markdown lets markup through: %s", md[i:min(len(md), i+60)])
		}
	}
}

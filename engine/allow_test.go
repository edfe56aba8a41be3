package engine_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

const readRules = `
variable "log" {
  type    = string
  default = "/default/mail.log"
}
variable "logs" {
  type = object({ dir = optional(string), file = optional(string, "/filled/in.log"), all = optional(list(string)) })
  default = {}
}
variable "secret" {
  type      = string
  default   = null
  sensitive = true
}
check "log" {
  target = %s
  probe "file" {}
  pass    = result.found
  explain = "no"
}
`

// TestAllowRead holds that a probe reads only a file that was allowed or given,
// however the path is written, and that the report names the others.
func TestAllowRead(t *testing.T) {
	t.Parallel()
	typed := func(name string, v cty.Value) engine.Values {
		return engine.Values{Origin: "f", Typed: map[string]cty.Value{name: v}}
	}
	text := func(name, value string) engine.Values {
		return engine.Values{Origin: "--var", Text: map[string]string{name: value}}
	}
	elsewhere := text("log", "/var/log/mail.log")
	elsewhere.Elsewhere = true
	site := func(fromPackage bool) *rules.Site {
		return &rules.Site{Name: "s", FromPackage: fromPackage, Vars: []rules.VarValue{{Name: "log", Value: cty.StringVal("/var/log/mail.log"), Site: "s"}}}
	}
	values := func(v ...engine.Values) engine.Settings { return engine.Settings{Values: v} }
	allow := func(entries ...string) engine.Settings { return engine.Settings{AllowRead: entries} }
	for name, tc := range map[string]struct {
		target string
		s      engine.Settings
		want   string // what is refused; "": nothing
	}{
		"constant":                 {`"/etc/shadow"`, values(), "/etc/shadow"},
		"default":                  {`var.log`, values(), "/default/mail.log"},
		"filled in by a type":      {`var.logs.file`, values(text("logs", "{}")), "/filled/in.log"},
		"filled in beside a value": {`var.logs.file`, values(text("logs", `{ dir = "/var/log" }`)), "/filled/in.log"},
		"flag":                     {`var.log`, values(text("log", "/var/log/mail.log")), ""},
		"flag, written otherwise":  {`"/var/log/../log//mail.log"`, values(text("log", "/var/log/./mail.log")), ""},
		"beside a flag":            {`"${var.log}.1"`, values(text("log", "/var/log/mail.log")), "/var/log/mail.log.1"},
		"up from a flag":           {`"${var.log}/../../../etc/shadow"`, values(text("log", "/var/log/mail.log")), "/var/log/mail.log/../../../etc/shadow"},
		"below a given folder":     {`"${var.log}passwd"`, values(text("log", "/etc/")), "/etc/passwd"},
		"star":                     {`"/etc/shadow"`, values(text("log", "*")), "/etc/shadow"},
		"file of values":           {`var.logs.file`, values(typed("logs", cty.ObjectVal(map[string]cty.Value{"file": cty.StringVal("/f")}))), ""},
		"in a list":                {`var.logs.all[0]`, values(typed("logs", cty.ObjectVal(map[string]cty.Value{"all": cty.TupleVal([]cty.Value{cty.StringVal("/l")})}))), ""},
		"relative":                 {`var.log`, values(text("log", "logs/mail.log")), ""},
		"sensitive":                {`var.secret`, values(text("secret", "/var/log/secret")), ""},
		"beside a sensitive one":   {`"${var.secret}.1"`, values(text("secret", "/var/log/secret")), "(sensitive)"},
		"profile":                  {`var.log`, engine.Settings{Site: site(false)}, ""},
		"profile of a package":     {`var.log`, engine.Settings{Site: site(true)}, "/var/log/mail.log"},
		"elsewhere":                {`var.log`, values(elsewhere), "/var/log/mail.log"},
		"filled into a profile's": {`var.logs.file`, engine.Settings{Site: &rules.Site{Name: "s", Vars: []rules.VarValue{{
			Name: "logs", Written: cty.EmptyObjectVal, Value: cty.ObjectVal(map[string]cty.Value{"file": cty.StringVal("/filled/in.log")}),
		}}}}, "/filled/in.log"},
		"flag over a package":       {`var.log`, engine.Settings{Site: site(true), Values: []engine.Values{text("log", "/mine")}}, ""},
		"allowed":                   {`"/etc/shadow"`, allow("/etc/shadow"), ""},
		"another allowed":           {`"/etc/shadow"`, allow("/etc/shadow-", "/etc", ""), "/etc/shadow"},
		"below an allowed folder":   {`"/etc/ssl/x"`, allow("/etc/"), ""},
		"the allowed folder itself": {`"/etc"`, allow("/etc/"), "/etc"},
		"up from an allowed folder": {`"/var/log/../../etc/shadow"`, allow("/var/log/"), "/var/log/../../etc/shadow"},
		"beside an allowed folder":  {`"/var/logs/x"`, allow("/var/log/"), "/var/logs/x"},
		"relative, up":              {`"../../x"`, allow("./", "../"), "../../x"},
		"relative, below":           {`"a/x"`, allow("./"), ""},
		"relative to an absolute":   {`"etc/shadow"`, allow("/"), "etc/shadow"},
		"up on Windows":             {`"/share/..\\..\\secret"`, allow("/share/"), `'/share/..\..\secret'`},
		"a shell's words":           {`"/x; reboot"`, values(), "'/x; reboot'"},
		"anything":                  {`"/etc/shadow"`, allow("*"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := run(t, fmt.Sprintf(readRules, tc.target), tc.s, script{}).Checks[0]
			status, skip, reason := engine.Pass, engine.SkipKind(""), ""
			if tc.want != "" {
				status, skip, reason = engine.Skipped, engine.SkipNotAllowed, "reads a file that nobody has allowed (--allow-read "+tc.want+")"
			}
			if diff := cmp.Diff([]any{status, skip, reason}, []any{c.Status, c.Skip, c.Reason}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/linecheck/linecheck/engine"
	"github.com/zclconf/go-cty/cty"
)

func TestSensitive(t *testing.T) {
	const src = `
variable "password" {
  type      = string
  sensitive = true
}
variable "pin" {
  type      = number
  sensitive = true
  default   = 4711
}
fact "f" {
  target = "host-${var.password}"
  probe "ask" {}
}
check "one" {
  title  = "Logs in with ${var.password}"
  target = "host"
  probe "ask" {
    secret = "user:${var.password}"
  }
  pass    = result.ok && result.text != var.password && !fact.f.ok
  explain = "${result.text} for ${var.password} ${fact.f.ok} ${var.pin + 1}"
  cause "c" {
    when    = result.list[0] == var.password
    explain = "${result.list[0]} and ${target}"
  }
  cause "d" {
    when    = result.list[1] == tostring(var.pin) && fact.f.text == "z"
    explain = "d"
  }
}
check "two" {
  target = "host-${var.password}"
  probe "ask" {}
  pass    = result.ok
  explain = "no"
}
`
	const password = "hunter22"
	sc := script{
		"host": func(_ context.Context, q engine.Query) (cty.Value, error) {
			secret := q.Args["secret"].AsString()
			if secret != "user:"+password {
				t.Errorf("the probe was handed %q", secret)
			}
			return attrs{"ok": cty.True, "text": cty.StringVal("denied for " + secret + "!"), "number": cty.NumberIntVal(4711),
				"list": cty.ListVal([]cty.Value{cty.StringVal(password), cty.StringVal("4711")})}.value(askKind), nil
		},
		"host-" + password: func(_ context.Context, q engine.Query) (cty.Value, error) {
			return cty.NilVal, fmt.Errorf("dial %s: refused", q.Target)
		},
	}
	s := engine.Settings{Values: []engine.Values{{Origin: "--var", Text: map[string]string{"password": password}}}}
	v := run(t, src, s, sc)
	expect(t, v,
		"one error reason=not observed: fact.f.ok",
		"two error reason=dial (sensitive): refused",
	)
	for _, thing := range []any{*v.Checks[0], *v.Checks[1], *v.Facts[0]} {
		if text := fmt.Sprintf("%#v", thing); strings.Contains(text, password) || strings.Contains(text, "4711") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	// With the fact observed, the causes are consulted.
	sc["host-"+password] = answers(attrs{"ok": cty.True, "text": cty.StringVal("z")})
	v = run(t, src, s, sc)
	expect(t, v,
		"one fail cause=c explain=(sensitive) and host",
		"two pass",
	)
	if got := v.Checks[0].Title; got != "Logs in with (sensitive)" {
		t.Errorf("title %q", got)
	}
	for _, thing := range []any{*v.Checks[0], *v.Checks[1], *v.Facts[0]} {
		if text := fmt.Sprintf("%#v", thing); strings.Contains(text, password) || strings.Contains(text, "4711") {
			t.Errorf("a secret is shown: %s", text)
		}
	}
	if r := v.Checks[0].Result; !r.Type().Equals(askKind.ResultType()) || r.GetAttr("text").IsKnown() || !r.GetAttr("ok").True() {
		t.Errorf("result %#v", r)
	}
	if got := v.Checks[1].Target; !got.RawEquals(cty.StringVal("(sensitive)")) {
		t.Errorf("target %#v", got)
	}
}

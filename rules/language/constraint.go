package language

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Bounds of what a check file can ask for.
const (
	timeoutMin  = time.Millisecond
	timeoutMax  = 24 * time.Hour // longer is a slip of the unit
	attemptsMax = 1000
)

// Duration reads a duration as the language writes it: "200ms", "2s", "1m30s".
func Duration(v cty.Value) (time.Duration, error) {
	d, err := time.ParseDuration(v.AsString())
	if err != nil {
		return 0, fmt.Errorf(`must be a duration such as "200ms" or "2s", not %q`, v.AsString())
	}
	return d, nil
}

// shortDuration is 24h where Go says 24h0m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if d >= time.Minute {
		s = strings.TrimSuffix(s, "0s")
	}
	if d >= time.Hour {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func notEmpty(v cty.Value) error {
	if strings.TrimSpace(v.AsString()) == "" {
		return fmt.Errorf("must not be empty")
	}
	return nil
}

// day is a date of the calendar (RFC 3339, full-date).
var day = Domain{form: formWritten, what: `a day such as "2027-01-31"`, pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, is: func(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}}

func isVersion(v cty.Value) error {
	if _, err := version.NewSemver(v.AsString()); err != nil {
		return fmt.Errorf(`must be a version such as "1.4.0", not %q`, v.AsString())
	}
	return nil
}

func isVersionConstraint(v cty.Value) error {
	if _, err := version.NewConstraint(v.AsString()); err != nil {
		return fmt.Errorf(`must be a constraint such as ">= 0.3, < 2.0", not %q`, v.AsString())
	}
	return nil
}

// Allows reports whether a version meets a constraint.
func Allows(constraint, v string) bool {
	have, err := version.NewSemver(v)
	if err != nil {
		return false
	}
	want, err := version.NewConstraint(constraint)
	return err == nil && want.Check(have)
}

func isName(v cty.Value) error {
	if !hclsyntax.ValidIdentifier(v.AsString()) {
		return fmt.Errorf("must be a name (letters, digits, - and _, not a digit first), not %q", v.AsString())
	}
	return nil
}

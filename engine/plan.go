package engine

import (
	"context"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/rules"
	"github.com/zclconf/go-cty/cty"
)

// Settings bind a runbook to one site and vantage.
type Settings struct {
	Site    *rules.Site    // nil: no profile; the site is called "local"
	Vantage *rules.Vantage // nil: the site is looked at from here ("local")
	// Values lie over the profile's, a later one over an earlier.
	Values    []Values
	Only      []string // address, glob or tag:x
	Skip      []string
	AllowExec bool
	Today     time.Time // for waivers; zero: the current day
}

// Values are variables given beside the profile.
type Values struct {
	// Origin says where they come from: "environment", a file's name, "--var".
	Origin string
	// Text holds values as a person types them: a string variable takes the
	// text, another type parses it as an expression. Typed holds values of a
	// variables file.
	Text  map[string]string
	Typed map[string]cty.Value
	// Ranges are those of a file's values.
	Ranges map[string]hcl.Range
	// IgnoreUnknown leaves out names that the runbook does not declare
	// (the environment may serve several runbooks).
	IgnoreUnknown bool
}

// A Plan is a runbook bound to values, expanded and ordered. It may be run
// any number of times.
type Plan struct{}

// NewPlan binds, expands and orders.
func NewPlan(rb *rules.Runbook, s Settings) (*Plan, hcl.Diagnostics) { return &Plan{}, nil }

// Run observes and judges until everything is known or ctx ends; the report
// then says what is known.
func (p *Plan) Run(ctx context.Context, w World) *Report { return &Report{} }

package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/linecheck/linecheck/engine"
	"github.com/linecheck/linecheck/rules"
	"github.com/linecheck/linecheck/rules/disk"
	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"
)

// envPrefix begins the names of environment variables that give values.
const envPrefix = "LINECHECK_VAR_"

// maxValues bounds a file of values, in bytes, as check files are.
const maxValues = 16 << 20

// valueOptions are the flags that give values to variables.
type valueOptions struct {
	vars  []string // --var: NAME=VALUE
	files []string // --var-file
}

func (o *valueOptions) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.vars, "var", nil, "value of a variable, `NAME=VALUE`; repeatable")
	f.StringArrayVar(&o.files, "var-file", nil, "values of variables, a `FILE` of NAME = VALUE lines, or of JSON if it ends in .json; repeatable")
}

// values are those beside the profile, the weakest first. What stands in a file
// of values is for no diagnostic to quote: any line of it may hold a secret.
func (o *valueOptions) values(c *console, environ []string) (values []engine.Values, diags hcl.Diagnostics) {
	env := engine.Values{Origin: "environment", Text: map[string]string{}, IgnoreUnknown: true}
	for _, kv := range environ {
		if name, value, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(name, envPrefix) {
			env.Text[strings.TrimPrefix(name, envPrefix)] = value
		}
	}
	values = append(values, env)

	for _, name := range o.files {
		src, err := c.readFile(name, maxValues)
		if err != nil {
			diags = append(diags, mistake("Unreadable file of values", fmt.Sprintf("%s: %v. Name a file with NAME = VALUE lines, or of JSON, with --var-file.", name, disk.Cause(err))))
			continue
		}
		given, fileDiags := rules.ParseValues(name, src)
		diags = append(diags, fileDiags...)
		v := engine.Values{Origin: name, Typed: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}}
		for _, g := range given {
			v.Typed[g.Name], v.Ranges[g.Name] = g.Value, g.Range
		}
		values = append(values, v)
	}

	flags := engine.Values{Origin: "--var", Text: map[string]string{}}
	for i, kv := range o.vars {
		name, value, ok := strings.Cut(kv, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			// It is not quoted: who forgot the name gave what may be a secret.
			diags = append(diags, mistake("Wrong value of a flag", fmt.Sprintf("\"--var\" number %d names no variable: write NAME=VALUE, for instance --var mail_host=mail.corp.example.", i+1)))
			continue
		}
		flags.Text[name] = value
	}
	return append(values, flags), diags
}

package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/linecheck/linecheck/engine"
	"github.com/spf13/pflag"
	"github.com/zclconf/go-cty/cty"
)

// envPrefix begins the names of environment variables that give values.
const envPrefix = "LINECHECK_VAR_"

// valueOptions are the flags that give values to variables.
type valueOptions struct {
	vars  []string // --var: NAME=VALUE
	files []string // --var-file
}

func (o *valueOptions) flags(f *pflag.FlagSet) {
	f.StringArrayVar(&o.vars, "var", nil, "`NAME=VALUE` of a variable; may be given several times")
	f.StringArrayVar(&o.files, "var-file", nil, "`FILE` of values, NAME = VALUE a line, or a JSON object if it ends in .json")
}

// values are those beside the profile, the weakest first. Files are the bytes
// of the files that the diagnostics and later errors about values quote.
func (o *valueOptions) values(environ []string) (values []engine.Values, files map[string][]byte, diags hcl.Diagnostics) {
	env := engine.Values{Origin: "environment", Text: map[string]string{}, IgnoreUnknown: true}
	for _, kv := range environ {
		if name, value, ok := strings.Cut(kv, "="); ok && strings.HasPrefix(name, envPrefix) {
			env.Text[strings.TrimPrefix(name, envPrefix)] = value
		}
	}
	values = append(values, env)

	files = map[string][]byte{}
	for _, name := range o.files {
		src, err := os.ReadFile(name)
		if err != nil {
			diags = append(diags, mistake("Unreadable file of values", fmt.Sprintf("%v. Name a file that exists with --var-file.", err)))
			continue
		}
		files[name] = src
		v, fileDiags := parseValues(name, src)
		values = append(values, v)
		diags = append(diags, fileDiags...)
	}

	flags := engine.Values{Origin: "--var", Text: map[string]string{}}
	for _, kv := range o.vars {
		name, value, ok := strings.Cut(kv, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			diags = append(diags, mistake("Wrong value of a flag", fmt.Sprintf("%q is no value for \"--var\": write NAME=VALUE, for instance --var mail_host=mail.corp.example.", kv)))
			continue
		}
		flags.Text[name] = value
	}
	return append(values, flags), files, diags
}

// parseValues reads a file of values. Values are constants: nothing that a
// check file may refer to exists there.
func parseValues(name string, src []byte) (engine.Values, hcl.Diagnostics) {
	v := engine.Values{Origin: name, Typed: map[string]cty.Value{}, Ranges: map[string]hcl.Range{}}
	parse := hclsyntax.ParseConfig
	if strings.HasSuffix(name, ".json") {
		parse = func(src []byte, name string, _ hcl.Pos) (*hcl.File, hcl.Diagnostics) { return json.Parse(src, name) }
	}
	file, diags := parse(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return v, diags
	}
	attrs, attrDiags := file.Body.JustAttributes()
	diags = append(diags, attrDiags...)
	for _, a := range attrs {
		value, valueDiags := a.Expr.Value(nil)
		diags = append(diags, valueDiags...)
		if !valueDiags.HasErrors() {
			v.Typed[a.Name] = value
			v.Ranges[a.Name] = a.Range
		}
	}
	return v, diags
}

package rules

import (
	"bytes"
	"sort"
	"strings"

	"github.com/linecheck/linecheck/rules/language"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/linecheck/linecheck/rules/internal/scan"
	"github.com/linecheck/linecheck/rules/internal/syntax"
)

// ParseValues reads a file of values for variables: NAME = VALUE a line, or a
// JSON object where the file's name ends in .json, as Terraform's variables
// files are. Values are constants: nothing that a check file may refer to
// exists there. They stand in the order of the file and are not yet held
// against the variables of a runbook, so that any of them may be a secret: the
// diagnostics quote none of the file's words.
func ParseValues(name string, src []byte) ([]VarValue, hcl.Diagnostics) {
	values, diags := parseValues(name, src)
	return values, confidential(diags, src)
}

func parseValues(name string, src []byte) ([]VarValue, hcl.Diagnostics) {
	if len(src) > language.MaxFileBytes {
		return nil, hcl.Diagnostics{language.TooBig(name)}
	}
	if d := scan.Text(src, name, false); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	body, diags := parseValuesBody(name, src)
	if diags.HasErrors() {
		return nil, diags
	}
	attrs, attrDiags := body.JustAttributes()
	diags = append(diags, attrDiags...)
	values := make([]VarValue, 0, len(attrs))
	for _, a := range attrs {
		v, valueDiags := a.Expr.Value(nil)
		diags = append(diags, valueDiags...)
		if !valueDiags.HasErrors() {
			values = append(values, VarValue{Name: a.Name, Value: v, Range: a.Range})
		}
	}
	sort.Slice(values, func(i, j int) bool { return values[i].Range.Start.Byte < values[j].Range.Start.Byte })
	return values, diags
}

func parseValuesBody(name string, src []byte) (hcl.Body, hcl.Diagnostics) {
	if !strings.HasSuffix(name, ".json") {
		if _, diags := scan.File(src, name, syntax.OpeningsOf(name)); diags.HasErrors() {
			return nil, diags
		}
		f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
		return f.Body, diags
	}
	src = bytes.TrimPrefix(src, scan.UTF8BOM)
	if d := scan.JSON(src, name, hcl.InitialPos); d != nil {
		return nil, hcl.Diagnostics{d}
	}
	f, diags := json.Parse(src, name)
	if f == nil {
		return nil, diags
	}
	return f.Body, diags
}

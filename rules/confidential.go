package rules

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/diagnostic"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// keep makes a diagnostic about a value of the variable, which stands at its
// subject, confidential where the variable is sensitive.
func (v *Variable) keep(d *hcl.Diagnostic) *hcl.Diagnostic {
	if v.Sensitive && *d.Subject != v.DeclRange {
		d.Extra = diagnostic.Confidential{Extra: d.Extra}
	}
	return d
}

// confidential makes diagnostics about src confidential, where nobody can tell
// which of its words belong to a secret. The sentences of parsers quote words
// too; without src they lose all quotations.
func confidential(diags hcl.Diagnostics, src []byte) hcl.Diagnostics {
	for _, d := range diags {
		d.Summary, d.Detail = withoutQuotes(d.Summary, src), withoutQuotes(d.Detail, src)
		d.Extra = diagnostic.Confidential{Extra: d.Extra}
	}
	return diags
}

var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// withoutQuotes is a sentence in which dots stand for what it quotes from src;
// for all that it quotes if src is nil.
func withoutQuotes(sentence string, src []byte) string {
	return quotation.ReplaceAllStringFunc(sentence, func(quoted string) string {
		if words, err := strconv.Unquote(quoted); err == nil && src != nil && !bytes.Contains(src, []byte(words)) {
			return quoted
		}
		return `"…"`
	})
}

// holdsSecrets reports whether any variable is sensitive, so that a profile may
// hold what must not be shown. Of a runbook that is not known, nil, any may be.
func (rb *Runbook) holdsSecrets() bool {
	return rb == nil || slices.ContainsFunc(rb.Variables, func(v *Variable) bool { return v.Sensitive })
}

// isSecret reports whether a value of a profile must not be shown: it is that of
// a sensitive variable, or of one that the runbook does not know, which may be
// a sensitive one's name misspelt.
func (rb *Runbook) isSecret(item hclsyntax.ObjectConsItem) bool {
	if !rb.holdsSecrets() {
		return false
	}
	variable := rb.Variable(keyName(item.KeyExpr))
	return variable == nil || variable.Sensitive
}

// keyName is the name that an item of an object has, "" if that is not to be
// told.
func keyName(e hclsyntax.Expression) string {
	key, diags := (&expression.Expr{Expression: e}).Value(nil)
	if diags.HasErrors() || key.IsNull() || !key.IsKnown() || key.Type() != cty.String {
		return ""
	}
	return key.AsString()
}

// masked is a file for diagnostics to quote, with an asterisk for each byte of
// its secrets, so that all else keeps its place.
func masked(src []byte, secrets []hcl.Range) []byte {
	if len(secrets) == 0 {
		return src
	}
	quotable := bytes.Clone(src)
	for _, rng := range secrets {
		for i := max(rng.Start.Byte, 0); i < min(rng.End.Byte, len(src)); i++ {
			if c := quotable[i]; c != '\n' && c != '\r' {
				quotable[i] = '*'
			}
		}
	}
	return quotable
}

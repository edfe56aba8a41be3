// Package format brings files of the check language into their one canonical
// form: check files, site profiles, offline tests and files of values.
//
// Start with [Source]. Only white space changes, and "${x}" that is the whole
// value of an attribute becomes x: comments, heredocs and line ends stay byte
// for byte, and the rules mean what they meant before. Formatting twice gives
// what formatting once gave. The form itself may become stricter within a major
// version, as Terraform's does.
package format

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/linecheck/linecheck/rules/expression"
)

var bom = []byte{0xef, 0xbb, 0xbf}

// Source is the canonical form of a file in the native form. A file that does
// not parse, or is not safe to parse (see [expression.ParseSyntax]), is refused: the
// text is nil then, and the diagnostics say why. The name is that of the file in
// diagnostics.
//
// The form is hclwrite's (indentation by two spaces, aligned equals signs), and
//
//   - the file ends with one newline;
//   - where blank lines stand, one does; none at the beginning and end of a file
//     and of what brackets enclose;
//   - one stands around each top-level block and the comment above it;
//   - "${x}" is x where it is the whole value of an attribute.
func Source(name string, src []byte) ([]byte, hcl.Diagnostics) {
	text, marked := bytes.CutPrefix(src, bom)
	text = finalNewline(text)
	body, diags := expression.ParseSyntax(name, text)
	if diags.HasErrors() && marked {
		_, diags = expression.ParseSyntax(name, src) // with the places that they have there
	}
	if diags.HasErrors() {
		return nil, diags
	}
	if plain := unwrap(body, text); plain != nil {
		if again, diags := expression.ParseSyntax(name, plain); !diags.HasErrors() {
			body, text = again, plain
		}
	}
	tokens := lex(text)
	formatted := hclwrite.Format(spaceLines(body, tokens, text))
	if !sameTokens(tokens, lex(formatted)) {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "File not formatted",
			Detail: fmt.Sprintf("%s is left as it is: spacing it would change what it means. Put spaces where you want them by hand.", name)}}
	}
	if marked {
		formatted = slices.Concat(bom, formatted)
	}
	return formatted, nil
}

// finalNewline ends the last line, in the way in which the first one ends.
func finalNewline(src []byte) []byte {
	if len(src) == 0 || src[len(src)-1] == '\n' {
		return src
	}
	end := "\n"
	if n := bytes.IndexByte(src, '\n'); n > 0 && src[n-1] == '\r' {
		end = "\r\n"
	}
	return append(slices.Clone(src), end...)
}

// sameTokens reports whether two texts differ in nothing but white space
// between tokens.
func sameTokens(a, b hclsyntax.Tokens) bool {
	for {
		a, b = skipNewlines(a), skipNewlines(b)
		switch {
		case len(a) == 0 || len(b) == 0:
			return len(a) == len(b)
		case a[0].Type != b[0].Type || !bytes.Equal(a[0].Bytes, b[0].Bytes):
			return false
		}
		a, b = a[1:], b[1:]
	}
}

func skipNewlines(tokens hclsyntax.Tokens) hclsyntax.Tokens {
	for len(tokens) > 0 && tokens[0].Type == hclsyntax.TokenNewline {
		tokens = tokens[1:]
	}
	return tokens
}

func lex(src []byte) hclsyntax.Tokens {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	return tokens
}

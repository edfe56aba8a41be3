package rules

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/linecheck/linecheck/rules/expression"
	"github.com/zclconf/go-cty/cty"
)

// A Piece is a part of a text: words as they stand in the file, or, where Expr
// is set, an expression whose value is filled in.
type Piece struct {
	Words string
	Expr  hclsyntax.Expression
}

// Pieces takes a text apart, for printing it before its values are known. It
// does the same for the branches of a condition in a text. An expression that
// is no template is one piece.
func Pieces(e hclsyntax.Expression) []Piece {
	switch e := e.(type) {
	case *expression.Expr:
		return Pieces(e.Expression)
	case *expression.TextPart:
		return Pieces(e.Expression)
	case *hclsyntax.ParenthesesExpr:
		return Pieces(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return Pieces(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		var all []Piece
		for _, part := range e.Parts {
			all = append(all, Pieces(part)...)
		}
		return all
	case *hclsyntax.LiteralValueExpr:
		if e.Val.Type() == cty.String && e.Val.IsKnown() && !e.Val.IsNull() {
			return []Piece{{Words: e.Val.AsString()}}
		}
	}
	return []Piece{{Expr: e}}
}

// Written is an expression as its file has it, on one line. Of a JSON file it
// is what the string says, without JSON's escapes.
func (rb *Runbook) Written(e hclsyntax.Expression) string {
	rng := e.Range()
	src := rb.Files[rng.Filename]
	if rng.Start.Byte < 0 || rng.End.Byte > len(src) || rng.Start.Byte > rng.End.Byte {
		return ""
	}
	text := src[rng.Start.Byte:rng.End.Byte]
	if path.Ext(rng.Filename) == ".json" {
		text = unescaped(src, rng.Start.Byte, rng.End.Byte-rng.Start.Byte)
	}
	return onOneLine(string(text))
}

// unescaped is a part of a JSON string, which begins at a byte of the file and
// is so many bytes long once its escapes are resolved.
func unescaped(src []byte, start, length int) []byte {
	if src[start] == '"' || src[start] == '[' || src[start] == '{' || length == 0 {
		return src[start : start+length] // a whole value
	}
	end := start
	for end < len(src) && src[end] != '"' && src[end] != '\n' {
		if src[end] == '\\' {
			end++
		}
		end++
	}
	var text string
	quoted := append(append([]byte{'"'}, src[start:min(end, len(src))]...), '"')
	if err := json.Unmarshal(quoted, &text); err != nil || len(text) < length {
		return src[start : start+length]
	}
	return []byte(text[:length])
}

// onOneLine joins lines. Comments between them are left out, and what stands in
// quotes keeps its spaces.
func onOneLine(text string) string {
	if !strings.ContainsAny(text, "\n#") && !strings.Contains(text, "//") && !strings.Contains(text, "/*") {
		return strings.TrimSpace(text)
	}
	tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	var b bytes.Buffer
	last := 0
	for _, t := range tokens {
		start, end := t.Range.Start.Byte, t.Range.End.Byte
		switch {
		case t.Type == hclsyntax.TokenComment, t.Type == hclsyntax.TokenNewline:
			if b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte{' '}) {
				b.WriteByte(' ')
			}
			last = end
			continue
		}
		if start > last && b.Len() > 0 && !bytes.HasSuffix(b.Bytes(), []byte{' '}) {
			b.WriteByte(' ')
		}
		b.WriteString(text[start:end])
		last = end
	}
	return strings.TrimSpace(b.String())
}

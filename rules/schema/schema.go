// Package schema makes JSON Schemas (draft 2020-12) of the check language's
// JSON form, *.hcl.json, from the same descriptions that the language itself is
// read by: editors complete, explain and underline with them.
//
// [Checks] is for check files, [Overrides] for their override files, [Sites]
// for site profiles. A schema accepts every file that linecheck does; what only
// types and references can tell, linecheck validate does.
package schema

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"github.com/linecheck/linecheck/rules/language"
	"github.com/zclconf/go-cty/cty"
)

// draft names the dialect that the schemas are written in.
const draft = "https://json-schema.org/draft/2020-12/schema"

// Checks is the schema of a check file with these probe kinds.
func Checks(kinds []*language.Kind) ([]byte, error) {
	return write("linecheck check file", language.CheckFile, kinds, false)
}

// Overrides is the schema of an override file, in which nothing is needed that
// stands in the files that it changes.
func Overrides(kinds []*language.Kind) ([]byte, error) {
	return write("linecheck override file", language.CheckFile, kinds, true)
}

// Sites is the schema of a file of site profiles.
func Sites() ([]byte, error) { return write("linecheck site profiles", language.SiteFile, nil, false) }

// An object is a JSON object; encoding/json sorts its keys.
type object = map[string]any

func write(title string, root *language.BlockType, kinds []*language.Kind, partial bool) ([]byte, error) {
	w := &writer{kinds: kinds, partial: partial, defs: object{}, names: map[*language.BlockType]string{}}
	w.name(root, "")
	schema := w.body(root)
	schema["$schema"] = draft
	schema["title"] = title
	schema["$defs"] = w.defs
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(schema)
	return b.Bytes(), err
}

type writer struct {
	kinds   []*language.Kind
	partial bool // nothing is required
	defs    object
	names   map[*language.BlockType]string
}

// Patterns of strings.
const (
	interpolated = `\$\{|%\{`
	condition    = `^\$\{[\s\S]*\}$`
	duration     = `^[-+]?(0|([0-9]*[.]?[0-9]*(ns|us|µs|μs|ms|s|m|h))+)$`
	identifier   = `^[\p{L}_][\p{L}\p{N}_-]*$`
)

// name gives a block type a definition's name. The probe block of checks and
// facts is the same, and so is its definition.
func (w *writer) name(bt *language.BlockType, within string) {
	for _, n := range bt.Blocks {
		name := n.Name
		if within != "" && !n.PerKind {
			name = within + "." + n.Name
		}
		w.names[n] = name
		w.name(n, name)
	}
}

func ref(name string) object { return object{"$ref": "#/$defs/" + name} }

// body is what stands in a block or file: an object, or a list of such.
func (w *writer) body(bt *language.BlockType) object {
	properties := object{"//": true} // a comment, by the habit of JSON files
	var needed []string
	for i := range bt.Attrs {
		a := &bt.Attrs[i]
		properties[a.Name] = attribute(a)
		if a.Required {
			needed = append(needed, a.Name)
		}
	}
	for _, n := range bt.Blocks {
		properties[n.Name] = w.blocks(n)
		if n.Required {
			needed = append(needed, n.Name)
		}
	}
	s := object{
		"type":                 []string{"object", "array", "null"},
		"properties":           properties,
		"additionalProperties": false,
		"items":                object{"$ref": "#"},
	}
	if name := w.names[bt]; name != "" {
		s["items"] = ref(name)
	}
	if bt.Any != nil {
		s["additionalProperties"] = attribute(bt.Any)
	}
	if len(needed) > 0 && !w.partial {
		s["required"] = needed
	}
	if bt.Doc != "" {
		s["description"] = bt.Doc
	}
	return s
}

// blocks is the property that holds all blocks of a type.
func (w *writer) blocks(bt *language.BlockType) object {
	name := w.names[bt]
	if bt.PerKind {
		return w.probe(bt)
	}
	if w.defs[name] == nil {
		w.defs[name] = object{} // in case it holds itself
		w.defs[name] = w.body(bt)
	}
	if len(bt.Labels) == 0 {
		return ref(name)
	}
	labelled := object{
		"type":                 []string{"object", "array", "null"},
		"additionalProperties": ref(name),
		"description":          bt.Doc + " Each is a property of this object, by its " + bt.Labels[0].Doc + ".",
	}
	item := object{"type": "object", "additionalProperties": ref(name)}
	if bt.Labels[0].Ident {
		names := object{"pattern": identifier}
		labelled["propertyNames"], item["propertyNames"] = names, names
	}
	labelled["items"] = item
	return labelled
}

// probe is the property that holds a probe block, by its kind.
func (w *writer) probe(bt *language.BlockType) object {
	name := w.names[bt]
	if w.defs[name] != nil {
		return ref(name)
	}
	kinds := object{}
	for _, k := range w.kinds {
		kinds[k.Name] = ref(name + "." + k.Name)
		w.defs[name+"."+k.Name] = w.kind(k, name)
	}
	w.defs[name] = object{
		"type":                 []string{"object", "array"},
		"properties":           kinds,
		"additionalProperties": false,
		"items":                ref(name),
		"minProperties":        1,
		"maxProperties":        1,
		"description":          bt.Doc,
	}
	return ref(name)
}

func (w *writer) kind(k *language.Kind, within string) object {
	properties := object{"//": true}
	var needed []string
	for i := range k.Args {
		a := &k.Args[i]
		properties[a.Name] = argument(a)
		if a.Required {
			needed = append(needed, a.Name)
		}
	}
	s := object{
		"type":                 []string{"object", "array", "null"},
		"properties":           properties,
		"additionalProperties": false,
		"items":                ref(within + "." + k.Name),
		"description":          strings.TrimSpace(k.Doc + " " + k.TargetDoc),
	}
	if len(needed) > 0 && !w.partial {
		s["required"] = needed
	}
	return s
}

func argument(a *language.Attribute) object {
	s := bounded(a)
	s["description"] = a.Doc
	if a.Default != cty.NilVal && !a.Default.IsNull() {
		if v, ok := plain(a.Default); ok {
			s["default"] = v
		}
	}
	return s
}

// attribute is one attribute of a block, by the form that it is written in.
func attribute(a *language.AttrType) object {
	var s object
	switch a.Form {
	case language.FormCondition:
		s = object{"type": []string{"string", "boolean"}, "pattern": condition}
	case language.FormText:
		s = object{"type": []string{"string", "null"}}
	case language.FormReferences:
		s = object{"type": "array", "items": object{"type": "string", "pattern": `^\s*([\p{L}_][\p{L}\p{N}_-]*\s*\.\s*)?check\.`}}
	case language.FormType:
		s = object{"type": "string"}
	default:
		s = bounded(&a.Attribute)
	}
	if a.Doc != "" {
		s["description"] = a.Doc
	}
	return s
}

// bounded is any expression whose value the attribute can have.
func bounded(a *language.Attribute) object {
	s, d := value(a.ValueType()), a.Domain
	switch {
	case d.Words() != nil:
		return object{"anyOf": []object{
			{"enum": d.Words()},
			{"type": []string{"string", "null"}, "pattern": interpolated},
		}}
	case d.Pattern() != "":
		return object{"type": []string{"string", "null"}, "pattern": d.Pattern() + "|" + interpolated}
	case d.IsDuration():
		// Of numbers 0 alone is a duration without a unit.
		return object{"type": []string{"string", "number", "null"}, "pattern": duration + "|" + interpolated, "minimum": 0, "maximum": 0}
	}
	least, most, whole, ok := d.Bounds()
	if !ok {
		return s
	}
	if !math.IsInf(least, 0) {
		s["minimum"] = least
	}
	if !math.IsInf(most, 0) {
		s["maximum"] = most
	}
	if whole {
		s["multipleOf"] = 1
	}
	return s
}

// value is any expression of a type: a JSON value that converts to it, or a
// text that is computed.
func value(t cty.Type) object {
	switch {
	case t == cty.NilType, t == cty.DynamicPseudoType:
		return object{}
	case t == cty.String:
		return object{"type": []string{"string", "number", "boolean", "null"}}
	case t == cty.Number:
		return object{"type": []string{"number", "string", "null"}, "pattern": `^\s*[-+]?[0-9.]|` + interpolated}
	case t == cty.Bool:
		return object{"type": []string{"boolean", "string", "null"}, "pattern": `^(true|false|1|0)$|` + interpolated}
	case t.IsListType(), t.IsSetType(), t.IsTupleType():
		s := object{"type": []string{"array", "string", "null"}, "pattern": interpolated}
		if !t.IsTupleType() {
			s["items"] = value(t.ElementType())
		}
		return s
	}
	return object{"type": []string{"object", "string", "null"}, "pattern": interpolated}
}

// plain is a constant as JSON.
func plain(v cty.Value) (any, bool) {
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1)), true
	case cty.Bool:
		return v.True(), true
	}
	return nil, false
}

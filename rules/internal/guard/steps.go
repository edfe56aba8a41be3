package guard

import "github.com/zclconf/go-cty/cty"

// MaxSteps bounds evaluating the expressions of one check: see expression.MaxSteps.
const MaxSteps = 1 << 22

const (
	// StepBytes of a text cost a step: so that a budget is 32 MiB of them.
	StepBytes = 8
	// ObjectSteps are what an object or map costs beside its elements, which it
	// keeps in a hash table.
	ObjectSteps = 4
	// FreeSteps are not charged: outside of loops what is that small is bounded
	// by the length of the expression.
	FreeSteps = 64
)

// UnifySteps are those of the comparisons, of which some make a step.
func UnifySteps(v cty.Value, most int64) int64 {
	elements := 0
	switch ty := v.Type(); {
	case ty.IsTupleType():
		elements = ty.Length()
	case ty.IsObjectType():
		elements = len(ty.AttributeTypes())
	}
	return int64(elements) * Steps(v, most) / 16
}

// Steps is what a value costs: its elements, however deep, and its texts. It
// stops counting beyond most. A value may share its parts, and hold more of them
// than ever fit into memory.
func Steps(v cty.Value, most int64) int64 {
	switch ty := v.Type(); {
	case ty == cty.String:
		if s, ok := plainString(v); ok {
			return 1 + int64(len(s))/StepBytes
		}
		return 1
	case ty.IsPrimitiveType():
		return 1
	}
	return countParts(v, most)
}

// plainString is a known string, whatever its marks.
func plainString(v cty.Value) (string, bool) {
	if v.IsMarked() {
		v, _ = v.Unmark()
	}
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	return v.AsString(), true
}

func countParts(v cty.Value, most int64) int64 {
	if v.IsMarked() {
		v, _ = v.Unmark()
	}
	ty := v.Type()
	switch {
	case v.IsNull(), !v.IsKnown():
		return typeSteps(ty, most)
	case ty.IsObjectType():
		steps := int64(ObjectSteps)
		for name, el := range ty.AttributeTypes() {
			if steps++; !el.IsPrimitiveType() || el == cty.String {
				steps += Steps(v.GetAttr(name), most-steps)
			}
			if steps > most {
				break
			}
		}
		return steps
	case !v.CanIterateElements():
		return 1
	}
	steps := int64(1)
	if ty.IsMapType() {
		steps += ObjectSteps
	}
	for it := v.ElementIterator(); steps <= most && it.Next(); {
		_, el := it.Element()
		steps += 1 + Steps(el, most-steps)
	}
	return steps
}

// typeSteps is what the type of something unknown costs to compare.
func typeSteps(ty cty.Type, most int64) int64 {
	steps := int64(1)
	add := func(el cty.Type) {
		if steps <= most {
			steps += typeSteps(el, most-steps)
		}
	}
	switch {
	case ty.IsTupleType():
		for _, el := range ty.TupleElementTypes() {
			add(el)
		}
	case ty.IsObjectType():
		for _, el := range ty.AttributeTypes() {
			add(el)
		}
	case ty.IsCollectionType():
		add(ty.ElementType())
	}
	return steps
}

package language

import (
	"errors"

	"github.com/linecheck/linecheck/rules/internal/guard"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Convert is convert.Convert for values of which a peer, or anybody, is the
// author: a text is read as a number only where that takes no time and the
// number can be written out.
func Convert(v cty.Value, want cty.Type) (cty.Value, error) {
	if guard.HoldsNumber(want) {
		if err := guard.ReadsAsNumbers(v); err != nil {
			return cty.NilVal, err
		}
	}
	v = guard.AsCollection(v, want)
	if want.IsCollectionType() && guard.UnifySteps(v, guard.MaxSteps) > guard.MaxSteps {
		return cty.NilVal, errors.New("it has too many elements of different types")
	}
	return convert.Convert(v, want)
}

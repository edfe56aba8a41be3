package language

import (
	"errors"
	"slices"

	"github.com/linecheck/linecheck/rules/panics"
	"github.com/zclconf/go-cty/cty"
)

// A Kind describes a probe kind: what it takes and what it observes. How it
// observes is not the language's business; a value of engine.Probe pairs a
// Kind with the function that does.
type Kind struct {
	Name string // as written in probe "NAME"
	Doc  string // one or two sentences, with the source (RFC, kernel interface)

	// TargetDoc says what the kind makes of a check's target.
	TargetDoc string
	// TargetOptional marks a kind that has a meaning without a target
	// ("route" observes the default route then).
	TargetOptional bool
	// NeedsExec marks a kind that runs commands, which only the person at the
	// keyboard may allow.
	NeedsExec bool
	// ReadsFile marks a kind whose target is the path of a file that it reads.
	// Only the person at the keyboard may allow a file.
	ReadsFile bool
	// TargetHost marks a kind whose target is a host that it sends something
	// to, or a name that it looks up.
	TargetHost bool

	// ByHand is a command of Linux by which a person sees much the same. In it
	// {target} and {ARGUMENT} stand for what the block gives. ByHandBare is that
	// without a target, where the kind has a meaning without one.
	ByHand, ByHandBare string

	Args   []Attribute // what the probe block takes, in the order of the documentation
	Result []Attribute // what is observed, in the order of the documentation
	// Never is what no probe of the kind observes together, whatever it was cut
	// off from. What comes from elsewhere (a far end, a recording, a test) is
	// held against it as well: a claim that is too strong makes an error of what
	// is true.
	Never []Contradiction
}

// An Attribute is one argument of a probe or one attribute of its result.
type Attribute struct {
	Name string
	Doc  string // with the unit where there is one
	// Type is the attribute's type. With Attrs set it is left out and follows
	// from them.
	Type cty.Type
	// Attrs are the attributes of a nested object.
	Attrs []Attribute
	// List makes a list of objects out of Attrs.
	List bool
	// Never is what never holds of one object of Attrs, see Kind.
	Never []Contradiction
	// NeverNull promises that an observed value is not null. An object made of
	// Attrs is never null anyway.
	NeverNull bool
	// Domain is what the value can be: of an argument what it may be given, of a
	// result what is observed. The zero is every value of the type.
	Domain Domain

	// Default is the value of an argument that is left out; the zero
	// (cty.NilVal) means null. Required arguments have none.
	Default  cty.Value
	Required bool
	// Hosts marks an argument whose strings are hosts that the probe sends
	// something to.
	Hosts bool
}

// Validate returns an error for a value that is not of the attribute's domain, in
// the words that follow the attribute's name: "must be a whole number from 1 to
// 255, not 0". It is handed known, unmarked values of the attribute's type that
// are not null. A panic of a function of the domain is an error too.
func (a *Attribute) Validate(v cty.Value) error {
	err := panics.Call(func() error { return a.Domain.Validate(v) })
	if _, broke := err.(*panics.Recovered); broke {
		return errors.New("can't be judged: what checks it broke, which is a fault of the probe kind")
	}
	return err
}

// ValueType is the type of the attribute's value.
func (a *Attribute) ValueType() cty.Type {
	if a.Attrs == nil {
		return a.Type
	}
	t := objectType(a.Attrs)
	if a.List {
		return cty.List(t)
	}
	return t
}

func objectType(attrs []Attribute) cty.Type {
	types := make(map[string]cty.Type, len(attrs))
	for i := range attrs {
		types[attrs[i].Name] = attrs[i].ValueType()
	}
	return cty.Object(types)
}

// ResultType is the object type of what the kind observes.
func (k *Kind) ResultType() cty.Type { return objectType(k.Result) }

// ArgsType is the object type of what the kind takes.
func (k *Kind) ArgsType() cty.Type { return objectType(k.Args) }

// UnknownResult is a result of which nothing was observed yet: an object, not
// null, of unknown attributes, refined as not null only where the kind
// promises it.
func (k *Kind) UnknownResult() cty.Value { return UnknownObject(k.Result) }

// UnknownObject is an object of such attributes of which nothing was observed yet.
func UnknownObject(attrs []Attribute) cty.Value {
	values := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		switch {
		case a.Attrs != nil && !a.List:
			values[a.Name] = UnknownObject(a.Attrs)
		case a.NeverNull || a.List:
			values[a.Name] = cty.UnknownVal(a.ValueType()).RefineNotNull()
		default:
			values[a.Name] = cty.UnknownVal(a.ValueType())
		}
	}
	return cty.ObjectVal(values)
}

// Arg finds an argument by name; nil if the kind takes none like it.
func (k *Kind) Arg(name string) *Attribute {
	for i := range k.Args {
		if k.Args[i].Name == name {
			return &k.Args[i]
		}
	}
	return nil
}

// Bounding lists the arguments of a kind that bound what it observes.
func (k *Kind) Bounding() []*Attribute {
	var found []*Attribute
	var look func(attrs []Attribute)
	look = func(attrs []Attribute) {
		for i := range attrs {
			look(attrs[i].Attrs)
			d := attrs[i].Domain
			if each, ok := d.Each(); ok {
				d = each
			}
			if arg := k.Arg(d.MostArgument()); arg != nil && !slices.Contains(found, arg) {
				found = append(found, arg)
			}
		}
	}
	look(k.Result)
	return found
}

package rules

import (
	"fmt"
	"sync"

	"github.com/linecheck/linecheck/rules/expression"
	"github.com/linecheck/linecheck/rules/internal/typecheck"
	"github.com/linecheck/linecheck/rules/language"
	"github.com/linecheck/linecheck/rules/terminal"
	"github.com/zclconf/go-cty/cty"
)

// views makes the scopes in which the expressions of a runbook are proved:
// what each may refer to, as unknown values of the declared types.
type views struct {
	rb     *Runbook
	checks map[string]*observer
	facts  map[string]*observer
	roots  map[language.RefRoot]cty.Value // var, local, site, fact, check
	// known are the imports, by name; nil of one that has errors.
	known map[string]*views
	// imported are net.check and net.fact of each import.
	imported map[string]cty.Value
	local    map[string]cty.Value // while locals are being proved
	secret   map[string]string    // local: the sensitive variable that it is made from
	// constants are the values of locals that are the same everywhere.
	constants map[string]cty.Value
	// checkNames are sorted, and kept: there may be as many errors as names.
	checkNames func() []string
	// concluded is a vantage as a conclusion sees it.
	concluded func() cty.Value

	mu     sync.Mutex
	shared map[viewKey]*typecheck.Scope

	originsMu sync.Mutex
	origins   map[originKey]*typecheck.Origin
}

// An observer is a check or a fact as other blocks see it.
type observer struct {
	kind   *language.Kind // nil: not known, which was said
	target bool           // has one
	each   *expansion
	// origin is that of its result, and outside that of what other blocks see; nil
	// where the kind is not known.
	origin, outside func() *typecheck.Origin
}

// A view is what a block adds to what all blocks see.
type view struct {
	kind    *language.Kind
	result  bool // the block judges a result
	target  bool
	each    *expansion
	vantage cty.Value         // of a conclusion
	origin  *typecheck.Origin // of the result
}

func (o *observer) view(judges bool) view {
	w := view{kind: o.kind, result: judges, target: o.target, each: o.each}
	if judges && o.origin != nil {
		w.origin = o.origin()
	}
	return w
}

func newViews(rb *Runbook, known map[string]*views) *views {
	v := &views{
		rb:     rb,
		known:  known,
		checks: make(map[string]*observer, len(rb.Checks)),
		facts:  make(map[string]*observer, len(rb.Facts)),
		roots:  map[language.RefRoot]cty.Value{},
		local:  make(map[string]cty.Value, len(rb.Locals)),
		secret: map[string]string{},
		shared: map[viewKey]*typecheck.Scope{},

		constants: map[string]cty.Value{},
		origins:   map[originKey]*typecheck.Origin{},
	}
	v.checkNames = sync.OnceValue(func() []string { return v.namesOf(v.checks, "") })
	v.concluded = sync.OnceValue(v.oneVantage)
	observe := func(p *ProbeBlock, target, forEach *expression.Expr, isCheck bool) *observer {
		o := &observer{target: target != nil}
		if p != nil {
			o.kind = p.Kind
			o.origins(v, p, isCheck)
		}
		if forEach != nil {
			o.each = &expansion{value: cty.DynamicVal}
		}
		return o
	}
	v.takeIn(known)
	for _, f := range rb.Facts {
		if v.facts[f.Name] == nil {
			v.facts[f.Name] = observe(f.Probe, f.Target, f.ForEach, false)
		}
	}
	for _, c := range rb.Checks {
		if v.checks[c.Name] == nil {
			v.checks[c.Name] = observe(c.Probe, c.Target, c.ForEach, true)
		}
	}
	vars := make(map[string]cty.Value, len(rb.Variables))
	for _, variable := range rb.Variables {
		vars[variable.Name] = variable.unknown()
	}
	v.roots[language.RefVar] = cty.ObjectVal(vars)
	v.roots[language.RefSite] = cty.ObjectVal(map[string]cty.Value{
		"name":    cty.UnknownVal(cty.String).RefineNotNull(),
		"title":   cty.UnknownVal(cty.String),
		"vantage": cty.UnknownVal(cty.String).RefineNotNull(),
	})
	return v
}

// close fixes what is seen once all locals and all for_each are proved.
func (v *views) close() {
	v.roots[language.RefFact] = v.allFacts("")
	v.roots[language.RefCheck] = v.allChecks("", false)
	v.imported = make(map[string]cty.Value, 2*len(v.known))
	for module := range v.known {
		v.imported[expression.Within(module, string(language.RefFact))] = v.allFacts(module)
		v.imported[expression.Within(module, string(language.RefCheck))] = v.allChecks(module, false)
	}
}

// allFacts are the facts of the runbook, or of an import, as blocks see them.
func (v *views) allFacts(module string) cty.Value {
	if v.broken(module) {
		return cty.DynamicVal
	}
	facts := make(map[string]cty.Value, len(v.facts))
	for name, o := range v.facts {
		if expression.Module(name) == module {
			facts[expression.OwnName(name)] = o.instances(o.result())
		}
	}
	return cty.ObjectVal(facts)
}

// allChecks are the checks of the runbook, or of an import, as blocks see them;
// when all is over, their causes too.
func (v *views) allChecks(module string, over bool) cty.Value {
	if v.broken(module) {
		return cty.DynamicVal
	}
	checks := make(map[string]cty.Value, len(v.checks))
	shapes := map[*language.Kind]cty.Value{}
	for name, o := range v.checks {
		if expression.Module(name) != module {
			continue
		}
		shape, ok := shapes[o.kind]
		if !ok {
			attrs := map[string]cty.Value{
				"result": o.result(),
				"status": cty.UnknownVal(cty.String).RefineNotNull(),
				"passed": cty.UnknownVal(cty.Bool).RefineNotNull(),
			}
			if over {
				attrs["cause"] = cty.UnknownVal(cty.String)
				attrs["started_ms"] = cty.UnknownVal(cty.Number).RefineNotNull()
			}
			shape = cty.ObjectVal(attrs)
			shapes[o.kind] = shape
		}
		checks[expression.OwnName(name)] = o.instances(shape)
	}
	return cty.ObjectVal(checks)
}

func (o *observer) result() cty.Value {
	if o.kind == nil {
		return cty.DynamicVal
	}
	return o.kind.UnknownResult()
}

// instances is one, or a map of them.
func (o *observer) instances(one cty.Value) cty.Value {
	if o.each == nil {
		return one
	}
	return cty.UnknownVal(cty.Map(one.Type())).RefineNotNull()
}

// viewKey tells scopes apart that see different values.
type viewKey struct {
	roots          *language.RefRoot
	why            string
	kind           *language.Kind
	origin         *typecheck.Origin
	result, target bool
	each           string // the type of each.value; "" without for_each
}

// scope is what the expression of an attribute may refer to. Blocks that see
// the same values share one, for the checker to remember what it proved.
func (v *views) scope(a *language.AttrType, w view) *typecheck.Scope {
	if w.vantage != cty.NilVal {
		return v.newScope(a, w)
	}
	key := viewKey{why: a.Why, kind: w.kind, origin: w.origin, result: w.result, target: w.target}
	if len(a.Roots) > 0 {
		key.roots = &a.Roots[0]
	}
	if w.each != nil {
		key.each = w.each.value.GoString()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.shared[key]
	if s == nil {
		s = v.newScope(a, w)
		v.shared[key] = s
	}
	return s
}

func (v *views) newScope(a *language.AttrType, w view) *typecheck.Scope {
	s := &typecheck.Scope{Names: map[string]cty.Value{}, Denied: map[string]string{}, Origins: map[string]*typecheck.Origin{}, Constants: v.constants}
	for _, root := range []language.RefRoot{language.RefVar, language.RefLocal, language.RefEach, language.RefSite, language.RefTarget, language.RefResult, language.RefCheck, language.RefFact, language.RefVantage} {
		if val, why := v.root(root, a, w); why == "" {
			s.Names[string(root)] = val
			s.Origins[string(root)] = v.origin(root, "", w)
		} else {
			s.Denied[string(root)] = why
		}
	}
	for module := range v.known {
		v.addImport(s, a, module)
	}
	return s
}

// root is the value of a root name, or why it is not there.
func (v *views) root(root language.RefRoot, a *language.AttrType, w view) (cty.Value, string) {
	if !a.MayRefer(root) {
		return cty.NilVal, denial(root, a)
	}
	switch root {
	case language.RefEach:
		if w.each == nil {
			return cty.NilVal, "each is an element of the block's for_each, and this block has none."
		}
		return cty.ObjectVal(map[string]cty.Value{
			"key":   cty.UnknownVal(cty.String).RefineNotNull(),
			"value": w.each.value,
		}), ""
	case language.RefTarget:
		if !w.target {
			return cty.NilVal, "target is that of the block, and this block has none."
		}
		return cty.UnknownVal(cty.String), ""
	case language.RefResult:
		if w.kind == nil {
			return cty.DynamicVal, ""
		}
		return w.kind.UnknownResult(), ""
	case language.RefVantage:
		return w.vantage, ""
	}
	return v.roots[root], ""
}

// denial says why an attribute may not refer to a root name.
func denial(root language.RefRoot, a *language.AttrType) string {
	name := a.Name
	switch {
	case a == language.LocalsBlock.Any:
		name = "A local"
	case a == language.ImportBlock.Any:
		name = "An argument of an import"
	case name == "":
		name = "A probe argument"
	}
	switch {
	case root == language.RefVantage:
		return "Only a conclusion sees vantages: it is read after all of them are done."
	case root == language.RefTarget && name == "target":
		return "A target can't refer to itself."
	case a.Why == "":
		return fmt.Sprintf("%s can't refer to %s. It may refer to %s.", name, root, rootNames(a.Roots))
	}
	why := fmt.Sprintf("%s can't refer to %s: %s", name, root, terminal.Lower(a.Why))
	switch {
	case root == language.RefResult && a.MayRefer(language.RefFact):
		return why + " Refer to a fact or to another check."
	case len(a.Roots) == 0:
		return why
	}
	return why + " It may refer to " + rootNames(a.Roots) + "."
}

func rootNames(roots []language.RefRoot) string {
	names := make([]string, len(roots))
	for i, r := range roots {
		names[i] = string(r)
	}
	return terminal.List(names)
}

// localScope is what the expression of a local may refer to: of other locals,
// those that it names.
func (v *views) localScope(a *language.AttrType, l *Local) *typecheck.Scope {
	s := v.newScope(a, view{})
	seen := map[string]cty.Value{}
	for _, ref := range l.Expr.Refs {
		if val, ok := v.local[ref.Name]; ok && ref.Root == language.RefLocal {
			seen[ref.Name] = val
		} else if ref.Root == language.RefLocal && ref.Name != "" {
			seen[ref.Name] = cty.DynamicVal // in a circle, or unknown, which is told
		}
	}
	s.Names[string(language.RefLocal)] = cty.ObjectVal(seen)
	return s
}

func (v *views) addLocal(l *Local, val cty.Value) {
	size := maxLocalParts
	v.local[l.Name] = unknownLike(val, &size)
	if name := v.sensitive(l.Expr); name != "" {
		v.secret[l.Name] = name
	}
}

// sensitive names the sensitive variable that an expression is made from.
func (v *views) sensitive(e *expression.Expr) string {
	for _, ref := range e.Refs {
		switch ref.Root {
		case language.RefVar:
			if variable := v.rb.Variable(ref.Name); variable != nil && variable.Sensitive {
				return expression.AddressOf(language.RefVar, ref.Name)
			}
		case language.RefLocal:
			if name := v.secret[ref.Name]; name != "" {
				return name
			}
		}
	}
	return ""
}

// vantages is the value of vantage in a conclusion: whatever names it uses,
// since only a site knows its vantages, each with all checks.
func (v *views) vantages(exprs []*expression.Expr) cty.Value {
	one := v.concluded()
	all := map[string]cty.Value{}
	for _, e := range exprs {
		if e == nil {
			continue
		}
		for _, ref := range e.Refs {
			if ref.Root == language.RefVantage && ref.Name != "" {
				all[ref.Name] = one
			}
		}
	}
	return cty.ObjectVal(all)
}

// maxLocalParts bounds what is remembered of a local. A chain of locals, each
// of which holds the one before it twice, would grow without end.
const maxLocalParts = 1 << 16

// unknownLike is v with its structure and without its values: a local is proved
// for whatever an override may make of it. Of a value with more parts than size
// nothing is known.
func unknownLike(v cty.Value, size *int) cty.Value {
	v, _ = v.Unmark()
	ty := v.Type()
	if *size--; *size < 0 {
		return cty.DynamicVal
	}
	switch {
	case !v.IsKnown():
		return v
	case v.IsNull():
		return cty.UnknownVal(ty)
	case ty.IsObjectType():
		attrs := make(map[string]cty.Value, len(ty.AttributeTypes()))
		for name := range ty.AttributeTypes() {
			attrs[name] = unknownLike(v.GetAttr(name), size)
		}
		v = cty.ObjectVal(attrs)
	case ty.IsTupleType():
		els := make([]cty.Value, ty.Length())
		for i := range els {
			els[i] = unknownLike(v.Index(cty.NumberIntVal(int64(i))), size)
		}
		v = cty.TupleVal(els)
	default:
		return cty.UnknownVal(ty).RefineNotNull()
	}
	if *size < 0 {
		return cty.DynamicVal
	}
	return v
}

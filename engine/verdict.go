package engine

import "slices"

// Verdict is the worst verdict of the sites: fail over error over warn over
// pass. A report without a site is an error: nothing ran.
func (r *Report) Verdict() Status { return worst(r.Sites, (*SiteReport).Verdict) }

// Verdict is the worst verdict of the site's vantages.
func (s *SiteReport) Verdict() Status { return worst(s.Vantages, (*VantageReport).Verdict) }

// Verdict is the worst status of the vantage's checks. Skipped and blocked
// checks have no say; where no other is left, nothing ran, which is an error.
// A vantage that was not reached, or lost on the way, is at least that.
func (v *VantageReport) Verdict() Status {
	verdict := worst(v.Checks, func(c *CheckReport) Status { return c.Status })
	if v.Reason != "" && verdict != Fail {
		return Error
	}
	return verdict
}

func worst[T any](of []T, status func(T) Status) Status {
	for _, s := range [...]Status{Fail, Error, Warn, Pass} {
		if slices.ContainsFunc(of, func(t T) bool { return status(t) == s }) {
			return s
		}
	}
	return Error
}

// RootCauses lists the findings of a vantage: the checks that failed, then
// those that could not be observed, then the warnings, each in plan order.
// A check that the end of the run cut off found nothing and is not among them.
func (v *VantageReport) RootCauses() []*CheckReport {
	var found []*CheckReport
	for _, s := range [...]Status{Fail, Error, Warn} {
		for _, c := range v.Checks {
			if c.Status == s && !c.Interrupted {
				found = append(found, c)
			}
		}
	}
	return found
}

// A Scope is how much of something was looked at, in steps: checks, and
// instances of checks. Those that do not apply at the site do not count.
type Scope struct {
	Looked int // that came to a result
	Of     int // that apply
	// Left are those of the rest that were skipped. What is neither was blocked,
	// or cut off by the end of the run.
	Left int
}

// Partial reports whether something was left out that nothing of what was found
// speaks for.
func (s Scope) Partial() bool { return s.Left > 0 }

func (s *Scope) add(c *CheckReport) {
	if c.Skip == SkipNotApplicable {
		return
	}
	s.Of++
	switch {
	case c.Status == Skipped:
		s.Left++
	case c.Status != Blocked && !c.Interrupted:
		s.Looked++
	}
}

func (s *Scope) sum(one Scope) {
	*s = Scope{s.Looked + one.Looked, s.Of + one.Of, s.Left + one.Left}
}

// Scope is how much the vantage looked at.
func (v *VantageReport) Scope() Scope {
	var s Scope
	for _, c := range v.Checks {
		s.add(c)
	}
	return s
}

// Scope is how much was looked at from all of the site's vantages.
func (s *SiteReport) Scope() Scope {
	var sum Scope
	for _, v := range s.Vantages {
		sum.sum(v.Scope())
	}
	return sum
}

// Scope is how much was looked at from everywhere.
func (r *Report) Scope() Scope {
	var sum Scope
	for _, s := range r.Sites {
		sum.sum(s.Scope())
	}
	return sum
}

// A LayerReport says of one layer whether it works.
type LayerReport struct {
	Name string
	// Status is the worst of the layer's checks; Blocked where one of them
	// was not reached and no other says worse; Partial where those that were
	// looked at passed, a warning or not, and some were not; Skipped where none
	// was meant to run.
	Status Status
	Worst  Status // of its checks alone: what Partial stands for is Pass or Warn
	Scope  Scope
}

// Layers lists the layers in the order in which the checks first name them.
func (v *VantageReport) Layers() []LayerReport {
	var layers []LayerReport
	for _, c := range v.Checks {
		if c.Layer == "" {
			continue
		}
		i := slices.IndexFunc(layers, func(l LayerReport) bool { return l.Name == c.Layer })
		if i < 0 {
			i = len(layers)
			layers = append(layers, LayerReport{Name: c.Layer, Worst: c.Status})
		}
		if layerRank(c.Status) < layerRank(layers[i].Worst) {
			layers[i].Worst = c.Status
		}
		layers[i].Scope.add(c)
	}
	for i := range layers {
		l := &layers[i]
		l.Status = l.Worst
		if l.Scope.Partial() && (l.Worst == Pass || l.Worst == Warn) {
			l.Status = Partial
		}
	}
	return layers
}

func layerRank(s Status) int {
	return slices.Index([]Status{Fail, Error, Blocked, Warn, Pass, Skipped}, s)
}

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

// A LayerReport says of one layer whether it works.
type LayerReport struct {
	Name string
	// Status is the worst of the layer's checks; Blocked where one of them
	// was not reached and no other says worse, Skipped where none was meant
	// to run.
	Status Status
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
			layers = append(layers, LayerReport{c.Layer, c.Status})
		} else if layerRank(c.Status) < layerRank(layers[i].Status) {
			layers[i].Status = c.Status
		}
	}
	return layers
}

func layerRank(s Status) int {
	return slices.Index([]Status{Fail, Error, Blocked, Warn, Pass, Skipped}, s)
}

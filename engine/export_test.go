package engine

// Unbounded lets the plan's runs evaluate without a budget, for measuring what
// it costs.
func (p *Plan) Unbounded() { p.budget = nil }

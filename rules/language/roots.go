package language

// A Root is a name that references begin with.
type Root struct {
	Name    RefRoot
	Doc     string // what it holds, in whole sentences
	Example string // a reference
}

// Roots lists what expressions refer to, from the first that is settled to the
// last. Which of them an attribute may refer to stands in its AttrType.
func Roots() []Root {
	return []Root{
		{RefVar, "A variable of the runbook, as the site, its vantage, the environment or the command line gives it.", "var.mail_host"},
		{RefLocal, "A local of the runbook.", "local.refusing"},
		{RefEach, "In a block with for_each: the element that this instance stands for.", "each.key"},
		{RefSite, "The site that is looked at: name, title (may be null), and vantage, the name of the computer that it is looked at from.", "site.name"},
		{RefFact, "What a fact observed. Unknown where it was not gathered. With for_each a map of them. A fact of an import is IMPORT.fact.NAME.", "fact.way_out.gateway"},
		{RefCheck, "Another check: result (what it observed), status, and passed, which is true for pass and warn, unknown for skipped, else false. With for_each a map of them. A check of an import is IMPORT.check.NAME.", "check.dns.result.addresses"},
		{RefTarget, "The target of this block.", "target"},
		{RefResult, "What this check observed.", "result.received"},
		{RefVantage, "In a conclusion: what one vantage of the site saw. vantage.NAME.check.NAME is a check with its result, status, passed, cause, and started_ms, the milliseconds from the start of the site's first vantage to that of the check; vantage.NAME.fact.NAME is a fact, which a vantage of that name gathers once all its checks are done, and vantage.NAME.var.NAME a variable as it is set there. Those of an import are vantage.NAME.IMPORT.check.NAME and so on. All of a vantage that the site lacks is unknown; vantage.NAME.complete is always known: whether the vantage was reached and nothing of its look was cut off.", "vantage.gateway.check.smtp.passed"},
	}
}

// RefRoot is the name that a reference begins with.
type RefRoot string

const (
	RefVar     RefRoot = "var"
	RefLocal   RefRoot = "local"
	RefEach    RefRoot = "each"
	RefSite    RefRoot = "site"
	RefTarget  RefRoot = "target"
	RefResult  RefRoot = "result"
	RefCheck   RefRoot = "check"
	RefFact    RefRoot = "fact"
	RefVantage RefRoot = "vantage"
)

// Observed reports whether what stands below the root was observed.
func (r RefRoot) Observed() bool {
	switch r {
	case RefResult, RefCheck, RefFact, RefVantage:
		return true
	}
	return false
}

package rules

// LockName is the file beside the check files that says which packages a
// runbook's imports were resolved to.
const LockName = ".runbook.lock.hcl"

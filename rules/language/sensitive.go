package language

type sensitiveMark struct{}

func (sensitiveMark) GoString() string { return "language.Sensitive" }

// Sensitive marks a value that must not be shown: those of sensitive variables
// and everything computed from them.
var Sensitive = sensitiveMark{}

package bundle

import "fmt"

// A Code says in one word why a package is refused.
type Code string

// The codes, in the order in which a package is judged.
const (
	NotAPackage   Code = "not_a_package" // it is something else, or of a kind that this version can't read
	Damaged       Code = "damaged"       // it ends too early, or something is missing
	TooBig        Code = "too_big"       // it holds more than a package may
	Foreign       Code = "foreign"       // it holds something that does not belong there
	Unsigned      Code = "unsigned"      // a signature is needed and there is none
	Untrusted     Code = "untrusted"     // none of its signatures is good
	Expired       Code = "expired"       // a signature is right, but its key is no longer trusted
	WrongDigest   Code = "wrong_digest"  // a blob is not the one that was named
	OtherPackage  Code = "other_package" // it is not the package that was asked for
	Contradiction Code = "contradiction" // it says one thing here and another there
	BadName       Code = "bad_name"      // the name of a runbook, version or file
	NotRegular    Code = "not_regular"   // a link, device or anything else that is no regular file
	NotCanonical  Code = "not_canonical" // its tree is not written as linecheck writes trees
	BadTree       Code = "bad_tree"      // the folder can't be packed, or its runbook block or lock file not be read
	PrivateKey    Code = "private_key"   // a secret would be given away
	AlreadyThere  Code = "already_there" // what would be written is there already
)

// A Refusal is why a package is not made, read, opened or unpacked.
type Refusal struct {
	Code   Code
	Reason string // whole sentences: what is wrong, and what to do
}

func (r *Refusal) Error() string { return r.Reason }

func refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}

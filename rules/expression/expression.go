// Package expression is the expressions of the check language: what they refer to
// ([Ref], [Address]), their values and the texts that they make ([Expr.Value],
// [Expr.Text]), what a text lacks ([Expr.Holes]), and the [Budget] that bounds the
// time and memory of evaluating what anybody may have written.
//
// A runbook holds them; [ParseExpression] makes one of what a person typed.
package expression

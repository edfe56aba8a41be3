package probe

import "testing"

func TestWordsOfStates(t *testing.T) {
	sameWords(t, attribute(neighbourKind.Result, "state").Domain.Words(), wordsOf(stateWords))
}

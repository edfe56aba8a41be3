package probe

import "testing"

func TestWordsOfStates(t *testing.T) {
	sameWords(t, attribute(neighbourKind.Result, "state").Words, wordsOf(stateWords))
}

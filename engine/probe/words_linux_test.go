package probe

import "testing"

func TestWordsOfStatesAndRoutes(t *testing.T) {
	sameWords(t, attribute(neighbourKind.Result, "state").Words, wordsOf(stateWords))
	sameWords(t, attribute(routeKind.Result, "kind").Words, wordsOf(routeKinds))
}

func TestWordsOfLocalErrors(t *testing.T) {
	sameWords(t, localErrorAttribute.Words, wordsOf(localErrorWords))
}

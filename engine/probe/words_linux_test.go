package probe

import "testing"

func TestWordsOfStatesAndRoutes(t *testing.T) {
	sameWords(t, attribute(neighbourKind.Result, "state").Domain.Words(), wordsOf(stateWords))
	sameWords(t, attribute(routeKind.Result, "kind").Domain.Words(), wordsOf(routeKinds))
}

func TestWordsOfLocalErrors(t *testing.T) {
	sameWords(t, localErrorAttribute.Domain.Words(), wordsOf(localErrorWords))
}

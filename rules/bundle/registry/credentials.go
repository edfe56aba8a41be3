package registry

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
)

// A login looks the credentials up that `docker login` has stored. It does so
// when a registry asks for them and not before: who pulls from an open one is
// not to be troubled by what is wrong with them.
type login struct {
	mu    sync.Mutex
	found bool // credentials for the host
}

// get implements auth.CredentialFunc.
func (l *login) get(ctx context.Context, host string) (auth.Credential, error) {
	file := configFile()
	store, err := credentials.NewStore(file, credentials.StoreOptions{DetectDefaultNativeStore: true})
	if err != nil {
		return auth.EmptyCredential, &credentialsError{file: file, err: err, what: "The file can't be read: " + firstCause(err) + "."}
	}
	cred, err := credentials.Credential(store)(ctx, host)
	if err != nil {
		return auth.EmptyCredential, &credentialsError{file: file, err: err, what: storeProblem(host, err)}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.found = l.found || cred != auth.EmptyCredential
	return cred, nil
}

func (l *login) hasFound() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found
}

// configFile is Docker's file of settings; "", which is none, where nobody can
// say which that is: a service is not obliged to have a home.
func configFile() string {
	dir := os.Getenv("DOCKER_CONFIG")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".docker")
	}
	return filepath.Join(dir, "config.json")
}

// A credentialsError is a file of credentials that can't be used.
type credentialsError struct {
	file string
	what string // a sentence
	err  error
}

func (e *credentialsError) Error() string { return e.file + ": " + e.what }
func (e *credentialsError) Unwrap() error { return e.err }

// storeProblem says why a store gave no credentials. The library wraps what it
// finds wrong in the file, quoting secrets; what a helper program says comes
// unwrapped.
func storeProblem(host string, err error) string {
	var start *exec.Error
	var exit *exec.ExitError
	switch {
	case errors.As(err, &start):
		return fmt.Sprintf("It names the program %s for the credentials of %s, and that can't be started. Install it, or remove credsStore and credHelpers from the file.", quoted(start.Name), host)
	case errors.As(err, &exit) || errors.Unwrap(err) == nil:
		return fmt.Sprintf("The program that it names for the credentials of %s failed: %s.", host, excerpt(err.Error()))
	}
	return fmt.Sprintf("Its entry for %s is not what docker login writes. Run: docker login %s", host, host)
}

// firstCause is the operating system's word for what is wrong with a file, or
// that its content is.
func firstCause(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return "it is not the JSON that Docker writes"
}

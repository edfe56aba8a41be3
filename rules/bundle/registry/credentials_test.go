package registry

import (
	"github.com/linecheck/linecheck/rules/rulestest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestCredentials(t *testing.T) {
	host := daemon(t, true)
	ref := netAt(t, host, "1.4.0")
	pull := func() error { return pullOf(t, plain(), host) }

	t.Run("none", func(t *testing.T) {
		file := dockerConfig(t, "{}")
		wants(t, pull(), Unauthorized, file+" holds none for "+host, "docker login "+host)
		_, err := plain().Push(t.Context(), ref, packed(t, "1.4.0", ""))
		wants(t, err, Unauthorized, "docker login "+host)
		_, err = plain().Versions(t.Context(), ref)
		wants(t, err, Unauthorized, "docker login "+host)
	})
	t.Run("no file", func(t *testing.T) {
		t.Setenv("DOCKER_CONFIG", t.TempDir())
		wants(t, pull(), Unauthorized, "docker login "+host)
	})
	t.Run("no home", func(t *testing.T) {
		t.Setenv("DOCKER_CONFIG", "")
		t.Setenv("HOME", "")
		wants(t, pull(), Unauthorized, "neither HOME nor DOCKER_CONFIG is set", "docker login "+host)
	})
	t.Run("home", func(t *testing.T) {
		file := loggedIn(t, host, daemonUser, daemonPassword)
		home := t.TempDir()
		if err := os.Rename(filepath.Dir(file), filepath.Join(home, ".docker")); err != nil {
			t.Fatal(err)
		}
		t.Setenv("DOCKER_CONFIG", "")
		t.Setenv("HOME", home)
		wants(t, pull(), NotFound, "no repository")
	})
	t.Run("wrong", func(t *testing.T) {
		file := loggedIn(t, host, daemonUser, "hunter1")
		err := pull()
		wants(t, err, Unauthorized, "does not take the credentials", file, "docker login "+host)
		if strings.Contains(err.Error(), "hunter1") {
			t.Errorf("the message tells the password: %v", err)
		}
	})
	t.Run("right", func(t *testing.T) {
		loggedIn(t, host, daemonUser, daemonPassword)
		wants(t, pull(), NotFound, "no repository")
	})
	t.Run("of another host", func(t *testing.T) {
		loggedIn(t, "registry.example", daemonUser, daemonPassword)
		wants(t, pull(), Unauthorized, "docker login "+host)
	})
	t.Run("no JSON", func(t *testing.T) {
		file := dockerConfig(t, "auths: none")
		wants(t, pull(), BadSetting, file, "not the JSON that Docker writes")
	})
	t.Run("unreadable", func(t *testing.T) {
		file := dockerConfig(t, "{}")
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(file, 0o700); err != nil {
			t.Fatal(err)
		}
		wants(t, pull(), BadSetting, file)
	})
	t.Run("bad entry", func(t *testing.T) {
		dockerConfig(t, map[string]any{"auths": map[string]any{host: map[string]any{"auth": []byte("a secret without a colon")}}})
		err := pull()
		wants(t, err, BadSetting, "Its entry for "+host+" is not what docker login writes")
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the message tells the secret: %v", err)
		}
	})
	t.Run("helper", func(t *testing.T) {
		dockerConfig(t, map[string]any{"credHelpers": map[string]string{host: "linecheck-test"}})
		helper(t, `{"Username":"`+daemonUser+`","Secret":"`+daemonPassword+`"}`, 0)
		wants(t, pull(), NotFound, "no repository")
	})
	t.Run("store", func(t *testing.T) {
		dockerConfig(t, map[string]any{"credsStore": "linecheck-test"})
		helper(t, `{"Username":"`+daemonUser+`","Secret":"`+daemonPassword+`"}`, 0)
		wants(t, pull(), NotFound, "no repository")
	})
	t.Run("store without an entry", func(t *testing.T) {
		dockerConfig(t, map[string]any{"credsStore": "linecheck-test"})
		helper(t, "credentials not found in native keychain", 1)
		wants(t, pull(), Unauthorized, "docker login "+host)
	})
	t.Run("helper that fails", func(t *testing.T) {
		dockerConfig(t, map[string]any{"credsStore": "linecheck-test"})
		helper(t, "the key ring\x1b[2J is locked", 1)
		wants(t, pull(), BadSetting, `failed: the key ring\x1b[2J is locked`)
	})
	t.Run("no helper", func(t *testing.T) {
		dockerConfig(t, map[string]any{"credsStore": "linecheck-none"})
		wants(t, pull(), BadSetting, "docker-credential-linecheck-none", "can't be started")
	})
}

// TestOpenRegistry holds that a broken file of credentials is nobody's trouble
// where none are wanted.
func TestOpenRegistry(t *testing.T) {
	dockerConfig(t, "broken")
	host := serve(t, simple())
	l, ref := packed(t, "1.4.0", ""), netAt(t, host, "1.4.0")
	mustPush(t, plain(), ref, l)
	same(t, l, mustPull(t, plain(), ref))
}

// helper puts a program docker-credential-linecheck-test onto the path.
func helper(t *testing.T, says string, exit int) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		rulestest.Missing(t, "needs a shell for a credential helper")
	}
	dir := t.TempDir()
	script := "#!/bin/sh\n[ \"$1\" = get ] || exit 9\ncat >/dev/null\ncat <<'END'\n" + says + "\nEND\nexit " + string(rune('0'+exit)) + "\n"
	if err := os.WriteFile(filepath.Join(dir, "docker-credential-linecheck-test"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

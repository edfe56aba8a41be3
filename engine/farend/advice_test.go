package farend

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What shells, and programs that run others, report of linecheck is recognised
// by its form.
func TestReported(t *testing.T) {
	const oci = "OCI runtime exec failed: exec failed: unable to start container process: "
	for _, tc := range []struct {
		want  finding
		code  int
		lines []string
	}{
		{missing, 127, []string{
			"sh: 1: linecheck: not found", "/bin/sh: 1: linecheck: not found", "dash: 1: linecheck: not found", "-sh: linecheck: not found", "ash: linecheck: not found",
			"bash: line 1: linecheck: command not found", "bash: linecheck: command not found", "-bash: linecheck: command not found", "/bin/bash: line 1: linecheck: command not found", "sh: line 0: exec: linecheck: not found",
			"zsh:1: command not found: linecheck", "zsh: command not found: linecheck", "xonsh: command not found: 'linecheck'",
			"ksh: linecheck: not found", "ksh: linecheck: not found [No such file or directory]", "ksh[1]: linecheck: not found", "ksh93: line 1: linecheck: not found", "/system/bin/sh: linecheck: inaccessible or not found",
			"fish: Unknown command: linecheck", "fish: Unknown command 'linecheck'", "linecheck: Command not found.", "linecheck: not found", "/opt/wrapped: 2: exec: linecheck: not found", "/opt/run.bash: line 7: linecheck: command not found",
			"env: 'linecheck': No such file or directory", "env: \u2018linecheck\u2019: No such file or directory", "/usr/bin/env: linecheck: No such file or directory", "env: can't execute 'linecheck': No such file or directory",
			"nice: 'linecheck': No such file or directory", "timeout: failed to run command 'linecheck': No such file or directory", "timeout: failed to run command \u2018linecheck\u2019: No such file or directory", "nohup: failed to run command 'linecheck': No such file or directory",
			"setsid: failed to execute linecheck: No such file or directory", "nsenter: failed to execute linecheck: No such file or directory", "chroot: failed to run command \u2018linecheck\u2019: No such file or directory", "jexec: execvp: linecheck: No such file or directory",
			oci + `exec: "linecheck": executable file not found in $PATH: unknown`, oci + `exec: "linecheck": executable file not found in $PATH`,
			`rpc error: code = 2 desc = oci runtime error: exec failed: container_linux.go:247: starting container process caused "exec: \"linecheck\": executable file not found in $PATH"`,
			"Error: crun: executable file `linecheck` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
			"bash: Zeile 1: linecheck: Kommando nicht gefunden.", "bash: ligne 1: linecheck : commande introuvable", "bash: ligne 1\u00a0: linecheck\u00a0: commande introuvable", "bash: \u884c 1: linecheck: \u672a\u627e\u5230\u547d\u4ee4", "env: \u201elinecheck\u201c: Datei oder Verzeichnis nicht gefunden",
		}},
		{missing, 1, []string{
			"sudo: linecheck: command not found", "doas: linecheck: command not found", "linecheck: Command not found.", "sudo: linecheck: not found",
			`error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "ab12": ` + oci + `exec: "linecheck": executable file not found in $PATH: unknown`,
		}},
		{missing, 255, []string{`exec of "linecheck" failed: No such file or directory`, "lxc-attach: box: attach.c: lxc_attach_run_command: 1841 No such file or directory - Failed to exec \"linecheck\"", "Failed to find executable linecheck: No such file or directory"}},
		{missingWin, 1, []string{
			"linecheck : The term 'linecheck' is not recognized as the name of a cmdlet, function, script file, or operable ", "linecheck: The term 'linecheck' is not recognized as a name of a cmdlet, function, script file, or executable program.",
			"'linecheck' is not recognized as an internal or external command,",
		}},
		{notAllowed, 126, []string{
			"sh: 1: linecheck: Permission denied", "bash: line 1: /usr/local/bin/linecheck: Permission denied", "zsh:1: permission denied: linecheck", "linecheck: Permission denied.", "env: 'linecheck': Permission denied",
			"timeout: failed to run command 'linecheck': Permission denied", oci + `exec: "linecheck": permission denied: unknown`, "bash: /opt/linecheck: Keine Berechtigung", "fish: Unknown command. '/usr/local/bin/linecheck' exists but is not an executable file.",
		}},
		{wrongSystem, 126, []string{
			"bash: line 1: /usr/local/bin/linecheck: cannot execute binary file: Exec format error", "sh: 1: linecheck: Exec format error", "zsh:1: exec format error: linecheck", "linecheck: Exec format error. Wrong Architecture.",
			"env: 'linecheck': Exec format error", "exec /usr/local/bin/linecheck: exec format error", oci + `exec: "linecheck": exec format error`, "bash: line 1: /usr/local/bin/linecheck: Bad CPU type in executable", "-bash: /opt/linecheck: cannot execute binary file",
		}},
		{inWords, 1, []string{"linecheck: Kommando nicht gefunden."}},
		// What is not about linecheck, but about what is called like it or near it.
		{nothing, 255, []string{
			"Identity file /etc/linecheck/id: No such file", "Warning: Identity file /root/.ssh/linecheck not accessible: No such file or directory.", "no such identity: /root/.ssh/linecheck: No such file or directory", "no such identity: linecheck: No such file or directory",
			`Load key "/etc/linecheck": Permission denied`, "Can't open user config file linecheck: No such file or directory", "ssh: Could not resolve hostname linecheck: Name or service not known", "linecheck@host: Permission denied (publickey).", "ssh: connect to host linecheck port 22: Connection refused",
			`Cannot open network namespace "linecheck": No such file or directory`, "linecheck@10.0.0.1's password: Permission denied, please try again.", "Host key for linecheck not found",
		}},
		{nothing, 1, []string{
			"Error response from daemon: No such container: linecheck", `Error: no container with name or ID "linecheck" found: no such container`, `Error from server (NotFound): pods "linecheck" not found`, `error: container linecheck not found in pod mail`,
			`Error from server (NotFound): namespaces "linecheck" not found`, "sudo: unknown user: linecheck", "sudo: unknown user linecheck", "su: user linecheck does not exist or the user entry does not contain all the required fields", "sudo: /etc/linecheck/sudoers: Permission denied",
			"chroot: cannot change root directory to 'linecheck': No such file or directory", "Error: Unknown command", "Error: Command not found", "sudo: a password is required", `context "linecheck" not found`, "nsenter: cannot open /proc/linecheck/ns/net: No such file or directory",
		}},
		{nothing, 127, []string{
			"sh: 1: sudo: not found", "bash: line 1: cd: linecheck: No such file or directory", "cat: linecheck: No such file or directory", "bash: line 1: linecheck-not-there: command not found", "bash: line 1: /etc/linecheck/profile: No such file or directory", "zsh:1: command not found: linechecker",
			"bash: line 1: docker: command not found", oci + `exec: "sh": executable file not found in $PATH: unknown`, "env: 'python3': No such file or directory", "bash: line 1: /usr/local/bin/linecheck: cannot execute: required file not found", "fish: Unknown command: sudo", "'docker' is not recognized as an internal or external command,",
			oci + `exec: "/opt/linecheck/run": executable file not found in $PATH`, "./linecheck.sh: 3: not found",
		}},
	} {
		for _, line := range tc.lines {
			for _, lines := range [][]string{{line}, {"Warning: Permanently added 'h' (ED25519) to the list of known hosts.", line, "command terminated with exit code 127"}} {
				if got := reported([]string{"ssh", "h"}, ending{tc.code, lines}); got != tc.want {
					t.Errorf("%q, exit status %d: %d, want %d", lines, tc.code, got, tc.want)
				}
			}
		}
	}
	if got := reported([]string{"lxc", "exec", "box", "--"}, ending{127, []string{"Error: Command not found"}}); got != missing {
		t.Errorf("lxc: %d", got)
	}
}

// A command to copy with is given where every word of "via" is understood.
func TestCopyCommand(t *testing.T) {
	const here, there = ` "$(command -v linecheck)" `, ":/usr/local/bin/"
	for via, want := range map[string]string{
		"ssh admin@10.2.0.25": "scp" + here + "admin@10.2.0.25" + there,
		"/usr/bin/ssh -q -p 2222 -lroot -o BatchMode=yes -J hop h": "scp -q -P 2222 -o User=root -o BatchMode=yes -J hop" + here + "h" + there,
		"ssh -Cp 2222 h":                                            "scp -C -P 2222" + here + "h" + there,
		"ssh -qTp2222 h":                                            "scp -q -P 2222" + here + "h" + there,
		"ssh -ttAi /k/id h":                                         "scp -A -i /k/id" + here + "h" + there,
		"ssh -oPort=2222 -F none h":                                 "scp -o Port=2222 -F none" + here + "h" + there,
		"ssh -b 10.0.0.1 -S /run/s -m hmac-sha2-256 h":              "scp -o BindAddress=10.0.0.1 -o ControlPath=/run/s -o MACs=hmac-sha2-256" + here + "h" + there,
		"ssh -L 80:a:80 -D 1080 -E log -e none -x h":                "scp" + here + "h" + there,
		"ssh h -p 2222 sudo -n":                                     "scp -P 2222" + here + "h" + there,
		"ssh -- h":                                                  "scp" + here + "h" + there,
		"ssh -4v h exec nice -n 5 timeout 60":                       "scp -4 -v" + here + "h" + there,
		"ssh h sudo ip netns exec mail":                             "scp" + here + "h" + there,
		"ssh h env LANG=C":                                          "scp" + here + "h" + there,
		"ssh 2001:db8::25":                                          "scp '[2001:db8::25]:/usr/local/bin/'",
		"ssh root@fe80::1%eth0":                                     "scp 'root@[fe80::1%eth0]:/usr/local/bin/'",
		"ssh ssh://admin@h:2222":                                    "scp -P 2222" + here + "admin@h" + there,
		"ssh ssh://h":                                               "scp" + here + "h" + there,
		"ssh ssh://[2001:db8::25]:2222/":                            "scp -P 2222 '[2001:db8::25]:/usr/local/bin/'",
		"ssh -o ProxyCommand=ssh\u00b7-W\u00b7%h:%p\u00b7hop h":     "scp -o 'ProxyCommand=ssh -W %h:%p hop'" + here + "h" + there,
		"ssh -i /k/it's h":                                          `scp -i '/k/it'\''s'` + here + "h" + there,
		"sudo -n -u ops ssh h":                                      "sudo -n -u ops scp" + here + "h" + there,
		"env SSH_AUTH_SOCK=/run/a timeout -k 5 60 ssh h":            "env SSH_AUTH_SOCK=/run/a scp" + here + "h" + there,
		"docker exec -i mail":                                       "docker cp" + here + "mail" + there,
		"docker exec -i box env":                                    "docker cp" + here + "box" + there,
		"docker exec -iu root box":                                  "docker cp" + here + "box" + there,
		"docker exec -i --user=root -e A=b --workdir / box sudo -n": "docker cp" + here + "box" + there,
		"docker -H ssh://h --log-level error container exec -i box": "docker -H ssh://h --log-level error cp" + here + "box" + there,
		"podman --connection far exec --interactive box":            "podman --connection far cp" + here + "box" + there,
		"sudo docker exec -i box":                                   "sudo docker cp" + here + "box" + there,

		// Not understood, or nothing that copies.
		"ssh -p":                       "",
		"ssh -Z h":                     "",
		"ssh -Cp":                      "",
		"ssh --port 2222 h":            "",
		"ssh -N h":                     "",
		"ssh -p 22 -p 2222 h":          "",
		"ssh -l a b@h":                 "",
		"ssh -p 22 ssh://h:2222":       "",
		"ssh ssh://a:secret@h":         "",
		"ssh ssh://h/path":             "",
		"ssh h:2222":                   "",
		"ssh @h":                       "",
		"ssh CORP\\a@h":                "",
		"ssh h docker exec -i box":     "",
		"ssh h chroot /srv":            "",
		"ssh h sh -c":                  "",
		"ssh h /opt/wrapped":           "",
		"ssh h sudo -i":                "",
		"ssh h cd\u00b7/x\u00b7&&":     "",
		"ssh jump ssh h":               "",
		"ssh -i /k/\x1bid h":           "",
		"autossh -M 0 h":               "",
		"./late ssh h":                 "",
		"docker exec -i box sh -c":     "",
		"docker exec -i box chroot /x": "",
		"docker exec --unknown box":    "",
		"docker compose exec box":      "",
		"docker run -i image":          "",
		"docker exec -i":               "",
		"podman exec -l":               "",
		"kubectl exec -i pod --":       "",
		"ip netns exec far":            "",
		"sudo":                         "",
		"timeout 5":                    "",
		"env -S ssh h":                 "",
	} {
		words := strings.Fields(via)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "\u00b7", " ")
		}
		got := ""
		if tr, ok := parseVia(words); ok && tr.copier != nil && len(tr.command) == 0 {
			got = tr.copyCommand()
		}
		if want != "" && !strings.Contains(want, here) { // an address in brackets is quoted
			at := strings.LastIndex(want, " ")
			want = want[:at] + here + want[at+1:]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", via, diff)
		}
	}
}

// Whoever names linecheck in "via" is told so, and nobody whose container, host
// or key is called so.
func TestNamesProgram(t *testing.T) {
	for via, want := range map[string]bool{
		"ssh h linecheck": true, "ssh h /opt/linecheck": true, "ssh h sudo -n linecheck": true, "docker exec -i box linecheck": true, "kubectl exec -i pod -- linecheck": true,
		"ip netns exec far linecheck": true, "sudo linecheck": true, "/usr/local/bin/linecheck": true, "sh -c x /opt/linecheck": true, "lxc exec box -- linecheck": true,
		"ssh linecheck": false, "ssh admin@linecheck": false, "docker exec -i linecheck": false, "ip netns exec linecheck": false, "kubectl exec -i linecheck": false,
		"ssh h -i /keys/linecheck": false, "ssh -l linecheck h": false, "sudo -u linecheck ip netns exec far": false, "podman exec -u linecheck box": false,
	} {
		tr, _ := parseVia(strings.Fields(via))
		if got := tr.namesProgram(); got != want {
			t.Errorf("%s: %v", via, got)
		}
	}
}

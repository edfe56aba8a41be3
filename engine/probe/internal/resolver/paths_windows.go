package resolver

// Windows keeps its DNS servers in the registry, so that they are unknown
// here; its hosts file has the form of hosts(5).
const (
	resolvConfPath = ""
	hostsPath      = `C:\Windows\System32\drivers\etc\hosts`
)

//go:build !linux

package ping

import "runtime"

// pingNeedsRaw: the BSD family and illumos have no ping sockets; macOS does.
// Windows gives every user what go-ping calls a privileged socket.
const pingNeedsRaw = runtime.GOOS != "darwin" && runtime.GOOS != "ios"

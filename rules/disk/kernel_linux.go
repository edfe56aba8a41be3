package disk

import (
	"os"

	"golang.org/x/sys/unix"
)

// kernelFileSystems are those whose files the kernel makes up as they are read,
// by the number that statfs(2) gives: such a file says that it is regular and
// empty, and reading it may wait for ever (/proc/kmsg), have no end or take
// something away (trace_pipe).
var kernelFileSystems = map[int64]bool{
	unix.PROC_SUPER_MAGIC:      true,
	unix.SYSFS_MAGIC:           true,
	unix.DEBUGFS_MAGIC:         true,
	unix.TRACEFS_MAGIC:         true,
	unix.SECURITYFS_MAGIC:      true,
	unix.SELINUX_MAGIC:         true,
	unix.SMACK_MAGIC:           true,
	unix.CGROUP_SUPER_MAGIC:    true,
	unix.CGROUP2_SUPER_MAGIC:   true,
	unix.BPF_FS_MAGIC:          true,
	unix.EFIVARFS_MAGIC:        true,
	unix.PSTOREFS_MAGIC:        true,
	unix.BINFMTFS_MAGIC:        true,
	unix.RDTGROUP_SUPER_MAGIC:  true,
	unix.NSFS_MAGIC:            true,
	unix.USBDEVICE_SUPER_MAGIC: true,
	0x62656570:                 true, // CONFIGFS_MAGIC, linux/fs/configfs/mount.c
	0x65735543:                 true, // FUSE_CTL_SUPER_MAGIC, linux/fs/fuse/control.c
	0x19800202:                 true, // MQUEUE_MAGIC, linux/ipc/mqueue.c
}

// madeByKernel reports whether an open file is one of the kernel's own. A pipe
// has a file system of its own that is none of these.
func madeByKernel(f *os.File) bool {
	var s unix.Statfs_t
	return unix.Fstatfs(int(f.Fd()), &s) == nil && kernelFileSystems[int64(uint32(s.Type))]
}

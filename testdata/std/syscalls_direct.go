// golden: run
// syscall: open, read, raw calls with and without the scheduler's knowledge, errno, mmap.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"
)

func main() {
	dir, _ := os.MkdirTemp("", "vole")
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "file")
	fd, err := syscall.Open(name, syscall.O_RDWR|syscall.O_CREAT, 0o600)
	if err != nil {
		panic(err)
	}
	defer syscall.Close(fd)
	buf := []byte("written raw")
	r1, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	fmt.Println(r1, errno)
	syscall.Seek(fd, 8, 0)
	n, err := syscall.Read(fd, buf)
	fmt.Println(n, err, string(buf[:n]))
	_, _, errno = syscall.Syscall(syscall.SYS_CLOSE, 9999, 0, 0)
	fmt.Println(errno, errno == syscall.EBADF, errno.Temporary())
	_, err = syscall.Open("/no/such", syscall.O_RDONLY, 0)
	fmt.Println(err, err == syscall.ENOENT)
	pid, _, _ := syscall.RawSyscall(syscall.SYS_GETPID, 0, 0, 0)
	fmt.Println(int(pid) == os.Getpid())

	m, err := syscall.Mmap(fd, 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	copy(m, "mapped")
	fmt.Println(syscall.Munmap(m))
	text, _ := os.ReadFile(name)
	fmt.Println(string(text))
	var st syscall.Stat_t
	fmt.Println(syscall.Fstat(fd, &st), st.Size, st.Mode&0o777 == 0o600)
	var fds [2]int
	fmt.Println(syscall.Pipe(fds[:]))
	syscall.Write(fds[1], []byte("x"))
	n, err = syscall.Read(fds[0], buf)
	fmt.Println(n, err, syscall.Kill(os.Getpid(), 0))
}
/* golden
stdout:
11 errno 0
3 <nil> raw
bad file descriptor true false
no such file or directory true
true
<nil>
mappedn raw
<nil> 11 true
<nil>
1 <nil> <nil>
*/

// golden: run arm64
// errors: wrapping, Is, As, Join, %w; io/fs errors from the system.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

var errBase = errors.New("base")

type codeError struct{ code int }

func (e *codeError) Error() string        { return fmt.Sprint("code ", e.code) }
func (e *codeError) Is(target error) bool { return target == errBase }

func main() {
	err := fmt.Errorf("outer: %w", fmt.Errorf("inner: %w", &codeError{7}))
	var ce *codeError
	fmt.Println(err, errors.Is(err, errBase), errors.As(err, &ce), ce.code)
	both := errors.Join(errBase, nil, fs.ErrNotExist)
	fmt.Printf("%q %v %v\n", both, errors.Is(both, fs.ErrNotExist), errors.Join(nil, nil) == nil)
	two := fmt.Errorf("%w and %w", errBase, os.ErrPermission)
	fmt.Println(two, errors.Is(two, fs.ErrPermission), errors.Unwrap(two))
	_, err = os.Open("/no/such/file")
	var pe *fs.PathError
	fmt.Println(err, errors.As(err, &pe), pe.Op, pe.Err == syscall.ENOENT, errors.Is(err, fs.ErrNotExist))
	if e, ok := errors.AsType[*codeError](fmt.Errorf("x %w", &codeError{8})); ok {
		fmt.Println(e.code)
	}
}
/* golden
stdout:
outer: inner: code 7 true true 7
"base\nfile does not exist" true true
base and permission denied true <nil>
open /no/such/file: no such file or directory true open true true
8
*/

// golden: run arm64
// path/filepath: cleaning, joining, matching, and a path that must stay below its base.
package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

func safePath(base, user string) (string, error) {
	path := filepath.Join(base, user)
	if path != base && !strings.HasPrefix(path, base+string(filepath.Separator)) {
		return "", errors.New("path traversal attempt")
	}
	return path, nil
}

func main() {
	fmt.Println(safePath("/srv/data", "a/../b.txt"))
	fmt.Println(safePath("/srv/data", "../../etc/passwd"))
	fmt.Println(safePath("/srv/data", "../data-evil"))
	fmt.Println(filepath.Clean("a//b/./../c/"), filepath.Base("/x/y.go"), filepath.Dir("/x/y.go"), filepath.Ext("y.tar.gz"), filepath.IsAbs("x"), filepath.IsLocal("../x"))
	fmt.Println(filepath.Rel("/a/b", "/a/c/d"))
	fmt.Println(filepath.Match("[a-c]*.?o", "b_file.go"))
	fmt.Println(filepath.Match("[", "x"))
	fmt.Println(filepath.Split("/x/y"))
	fmt.Println(filepath.SplitList("/a:/b"), filepath.ToSlash("a/b"), filepath.VolumeName("/x") == "")
}
/* golden
stdout:
/srv/data/b.txt <nil>
 path traversal attempt
 path traversal attempt
a/c y.go /x .gz false false
../c/d <nil>
true <nil>
false syntax error in pattern
/x/ y
[/a /b] a/b true
*/

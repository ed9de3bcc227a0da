// golden: run
// embed.FS looks names up by binary search: folders stand among files without their slash.
package main

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed tree
var tree embed.FS

func main() {
	fs.WalkDir(tree, ".", func(p string, d fs.DirEntry, err error) error {
		_, open := tree.Open(p)
		fmt.Println(p, err, open)
		return nil
	})
	for _, folder := range []string{"tree/a", "tree/a-b", "tree/a/b", "tree/a.txt"} {
		list, err := tree.ReadDir(folder)
		fmt.Println(folder, len(list), err)
	}
}
/* golden
stdout:
. <nil> <nil>
tree <nil> <nil>
tree/a <nil> <nil>
tree/a/b <nil> <nil>
tree/a/b/y.txt <nil> <nil>
tree/a/b+z <nil> <nil>
tree/a/b.txt <nil> <nil>
tree/a/x.txt <nil> <nil>
tree/a-b <nil> <nil>
tree/a-b/m.txt <nil> <nil>
tree/a.txt <nil> <nil>
tree/a 4 <nil>
tree/a-b 1 <nil>
tree/a/b 1 <nil>
tree/a.txt 0 read tree/a.txt: not a directory
*/

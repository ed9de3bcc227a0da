// golden: run
// embed: a string, bytes, and a file system of what //go:embed names.
package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

//go:embed version.txt
var version string

//go:embed version.txt
var bytes []byte

//go:embed static
var static embed.FS

//go:embed static/*.txt static/sub
var patterns embed.FS

func main() {
	fmt.Println(version, len(bytes))
	fs.WalkDir(static, ".", func(p string, d fs.DirEntry, err error) error {
		fmt.Println(p, d.IsDir(), err)
		return nil
	})
	text, err := patterns.ReadFile("static/sub/b.txt")
	fmt.Printf("%q %v\n", text, err)
	_, err = static.Open("static/.hidden")
	fmt.Println(err)
	t := template.Must(template.ParseFS(static, "static/*.txt"))
	var sb strings.Builder
	fmt.Println(t.ExecuteTemplate(&sb, "a.txt", nil), sb.String())
}
/* golden
stdout:
1.2.3 5
. true <nil>
static true <nil>
static/a.txt false <nil>
static/sub true <nil>
static/sub/b.txt false <nil>
"b: second\n" <nil>
open static/.hidden: file does not exist
<nil> a: first

*/

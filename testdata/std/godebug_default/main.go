// What GODEBUG is by default: as of the module's Go version, its godebug lines and the lines before the package clause.

//go:debug execerrdot=0
package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key != "DefaultGODEBUG" {
			continue
		}
		for _, setting := range strings.Split(s.Value, ",") {
			switch key, _, _ := strings.Cut(setting, "="); key {
			case "execerrdot", "httplaxcontentlength", "panicnil":
				fmt.Println(setting)
			}
		}
	}
	defer func() { fmt.Println(recover()) }()
	panic(nil)
}
/* golden
stdout:
execerrdot=0
httplaxcontentlength=1
panicnil=1
<nil>
*/

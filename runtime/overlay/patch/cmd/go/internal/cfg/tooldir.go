package cfg

import (
	"go/build"
	"os"
)

// Why: vole's tools lie in no GOROOT, so GOTOOLDIR says where they are. It runs behind the package's
// own init functions, which set the folder below GOROOT.
func init() {
	if dir := os.Getenv("GOTOOLDIR"); dir != "" {
		build.ToolDir = dir
	}
}

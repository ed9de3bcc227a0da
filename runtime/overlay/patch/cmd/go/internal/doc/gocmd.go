package doc

// goCmd is vole, which stands on $PATH for go: GOROOT's sources need no bin/go beside them.
func goCmd() string { return "go" }

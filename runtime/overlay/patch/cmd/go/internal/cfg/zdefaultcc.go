package cfg

// Why: gc's build writes this file; a GOROOT of sources has none.
const DefaultPkgConfig = `pkg-config`

func DefaultCC(goos, goarch string) string  { return "gcc" }
func DefaultCXX(goos, goarch string) string { return "g++" }

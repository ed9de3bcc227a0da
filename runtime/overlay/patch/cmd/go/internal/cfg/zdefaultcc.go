// Code generated where gc is built, which a GOROOT of sources was not: its stand-in. DO NOT EDIT.

package cfg

const DefaultPkgConfig = `pkg-config`

func DefaultCC(goos, goarch string) string  { return "gcc" }
func DefaultCXX(goos, goarch string) string { return "g++" }

package main

// Why: gc's build writes this file; a GOROOT of sources has none.
const defaultPkgConfig = `pkg-config`

func defaultCC(goos, goarch string) string  { return "gcc" }
func defaultCXX(goos, goarch string) string { return "g++" }

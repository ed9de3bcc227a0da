// Code generated where gc is built, which a GOROOT of sources was not: its stand-in. DO NOT EDIT.

package main

const defaultPkgConfig = `pkg-config`

func defaultCC(goos, goarch string) string  { return "gcc" }
func defaultCXX(goos, goarch string) string { return "g++" }

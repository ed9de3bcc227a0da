//go:build (linux || freebsd) && (amd64 || arm64) && !windows

package clock

const Platform = "linux by constraint"

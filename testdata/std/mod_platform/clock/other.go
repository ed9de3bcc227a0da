//go:build windows || ignore

package clock

const Platform = "windows"

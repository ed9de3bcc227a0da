// Code generated where gc is built, which a GOROOT of sources was not: its stand-in. DO NOT EDIT.

package buildcfg

import "runtime"

const (
	DefaultGO386              = "sse2"
	DefaultGOAMD64            = "v1"
	DefaultGOARM              = "7"
	DefaultGOARM64            = "v8.0"
	DefaultGOMIPS             = "hardfloat"
	DefaultGOMIPS64           = "hardfloat"
	DefaultGOPPC64            = "power8"
	DefaultGORISCV64          = "rva20u64"
	DefaultGOFIPS140          = "off"
	DefaultCGO_ENABLED        = ""
	defaultGOEXPERIMENT       = ""
	defaultGO_EXTLINK_ENABLED = ""
	defaultGO_LDSO            = ""
	defaultGOOS               = runtime.GOOS
	defaultGOARCH             = runtime.GOARCH
)

var version = runtime.Version()

module example.com/settings

go 1.27

godebug nosuchsetting=1

godebug (
	panicnil=1 2
	panicnil // no value
)

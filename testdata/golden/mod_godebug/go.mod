module example.com/settings

go 1.27

godebug panicnil=1

godebug (
	nosuchsetting=1
	tls3des=1
	tls3des=0
	default=1.28
)

module pgo

go 1.27

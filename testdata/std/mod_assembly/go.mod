module m

go 1.27

require golang.org/x/sys v0.3.0

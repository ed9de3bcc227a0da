module example.org/godebug_default

go 1.20

godebug httplaxcontentlength=1

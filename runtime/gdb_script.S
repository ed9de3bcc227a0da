// gdb_script: vole-gdb.py as gdb looks for it in a program: a byte that says that Python's text follows,
// a name, the text. It is no part of what is loaded.
	.section .debug_gdb_scripts, "", %progbits
	.byte 4
	.ascii "vole-gdb.py\n"
	.incbin "runtime/vole-gdb.py"
	.byte 0

	.text
	.globl from_assembly
	.type from_assembly, @function
from_assembly:
	movl $77, %eax
	ret
	.section .note.GNU-stack, "", @progbits

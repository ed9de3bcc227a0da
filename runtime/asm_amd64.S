// asm_amd64: switching stacks, recovery points, entry points that signals fake. First member of the runtime's archive:
// everything in .text before vole_rt_text_begin is Go code (and the C library's start-up).
	.text
	.globl vole_rt_text_begin
vole_rt_text_begin:

// void vole_switch(uintptr_t *save, uintptr_t to): callee-saved registers on the stack left; sp[0..5] r15 r14 r13 r12 rbx rbp, sp[6] where to go on.
	.globl vole_switch
	.type vole_switch, @function
	.p2align 4
vole_switch:
	.cfi_startproc
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	popq %rcx
	jmpq *%rcx
	.cfi_endproc
	.size vole_switch, . - vole_switch

	.globl vole_gostart
	.type vole_gostart, @function
	.p2align 4
vole_gostart:
	.cfi_startproc
	.cfi_undefined %rip
	xorl %ebp, %ebp
	andq $-16, %rsp
	pushq $0
	pushq %rbp
	movq %rsp, %rbp
	callq vole_goroutine_main
	ud2
	.cfi_endproc
	.size vole_gostart, . - vole_gostart

// void vole_asm_on_g0(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t g0sp): sp as vole_switch leaves it while fn runs.
	.globl vole_asm_on_g0
	.type vole_asm_on_g0, @function
	.p2align 4
vole_asm_on_g0:
	.cfi_startproc
	pushq %rbp
	movq %rsp, %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, %rbx
	movq %rbx, (%rdx)
	andq $-16, %rcx
	movq %rcx, %rsp
	movq %rdi, %rax
	movq %rsi, %rdi
	callq *%rax
	movq %rbx, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret
	.cfi_endproc
	.size vole_asm_on_g0, . - vole_asm_on_g0

	.globl vole_setjmp
	.type vole_setjmp, @function
	.p2align 4
vole_setjmp:
	movq %rbx, (%rdi)
	movq %rbp, 8(%rdi)
	movq %r12, 16(%rdi)
	movq %r13, 24(%rdi)
	movq %r14, 32(%rdi)
	movq %r15, 40(%rdi)
	leaq 8(%rsp), %rdx
	movq %rdx, 48(%rdi)
	movq (%rsp), %rdx
	movq %rdx, 56(%rdi)
	xorl %eax, %eax
	ret
	.size vole_setjmp, . - vole_setjmp

	.globl vole_longjmp
	.type vole_longjmp, @function
	.p2align 4
vole_longjmp:
	movq (%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	movl $1, %eax
	jmpq *56(%rdi)
	.size vole_longjmp, . - vole_longjmp

// The handler pushed the faulting pc as the return address.
	.globl vole_sigpanic
	.type vole_sigpanic, @function
	.p2align 4
vole_sigpanic:
	pushq %rbp
	movq %rsp, %rbp
	andq $-16, %rsp
	callq vole_sigpanic_c
	ud2
	.globl vole_sigpanic_end
vole_sigpanic_end:
	.size vole_sigpanic, . - vole_sigpanic

// The handler stored the interrupted pc below the red zone (128 bytes) and set sp to it.
	.globl vole_async_preempt
	.type vole_async_preempt, @function
	.p2align 4
vole_async_preempt:
	pushq %rbp
	movq %rsp, %rbp
	pushfq
	cld
	pushq %rax
	pushq %rcx
	pushq %rdx
	pushq %rbx
	pushq %rsi
	pushq %rdi
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, %rbx
	subq $528, %rsp
	andq $-16, %rsp
	fxsave64 (%rsp)
	callq vole_async_preempt_c
	fxrstor64 (%rsp)
	movq %rbx, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rdi
	popq %rsi
	popq %rbx
	popq %rdx
	popq %rcx
	popq %rax
	popfq
	popq %rbp
	ret $128
	.size vole_async_preempt, . - vole_async_preempt

// func cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32), func xgetbv() (eax, edx uint32), func getGOAMD64level() int32
	.globl "internal/cpu.cpuid"
	.p2align 4
"internal/cpu.cpuid":
	pushq %rbx
	movl %edi, %eax
	movl %esi, %ecx
	cpuid
	movl %edx, %r8d
	movl %ebx, %edx
	popq %rbx
	ret
	.globl "internal/cpu.xgetbv"
"internal/cpu.xgetbv":
	xorl %ecx, %ecx
	xgetbv
	ret
	.globl "internal/cpu.getGOAMD64level"
"internal/cpu.getGOAMD64level":
	movl $1, %eax
	ret

	.section .note.GNU-stack,"",@progbits

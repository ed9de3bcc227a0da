// asm_amd64: switching stacks, recovery points, entry points that signals fake. First member of the
// runtime's archive: everything in .text before vole_rt_text_begin is Go code (and the C library's
// start-up), and likewise with data.
	.file "asm_amd64.S"
	.data
	.globl vole_rt_data_begin
vole_rt_data_begin:
	.bss
	.globl vole_rt_bss_begin
vole_rt_bss_begin:
	.text
	.globl vole_rt_text_begin
vole_rt_text_begin:

// What a call keeps; rbp, the first, is pushed where the frame begins.
	.macro save_registers
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	.endm
	.macro restore_registers
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	.endm

// void vole_switch(uintptr_t *save, uintptr_t to): callee-saved registers on the stack left;
// sp[0..5] r15 r14 r13 r12 rbx rbp, sp[6] where to go on.
	.globl vole_switch
	.type vole_switch, @function
	.p2align 4
vole_switch:
	.cfi_startproc
	pushq %rbp
	save_registers
	.cfi_def_cfa_offset 56
	.cfi_offset %rbp, -16
	.cfi_offset %rbx, -24
	.cfi_offset %r12, -32
	.cfi_offset %r13, -40
	.cfi_offset %r14, -48
	.cfi_offset %r15, -56
	movq %rsp, (%rdi)
	.globl vole_switched
vole_switched:
	movq %rsi, %rsp
	restore_registers
	.cfi_def_cfa_offset 8
	.cfi_restore %rbp
	.cfi_restore %rbx
	.cfi_restore %r12
	.cfi_restore %r13
	.cfi_restore %r14
	.cfi_restore %r15
	popq %rcx
	jmpq *%rcx
	.cfi_endproc
	.size vole_switch, . - vole_switch

	.globl vole_gostart
	.type vole_gostart, @function
	.p2align 4
vole_gostart:
	.globl "runtime.goexit"
	.type "runtime.goexit", @function
"runtime.goexit": // its name in tracebacks
	.cfi_startproc
	.cfi_undefined %rip
	xorl %ebp, %ebp
	andq $-16, %rsp
	pushq $0
	pushq %rbp
	movq %rsp, %rbp
	.cfi_def_cfa %rbp, 16
	.cfi_offset %rip, -8 // a zero
	callq vole_goroutine_main
	ud2
	.cfi_endproc
	.size vole_gostart, . - vole_gostart
	.size "runtime.goexit", . - vole_gostart

// uintptr_t vole_first_frame(uintptr_t hi): what vole_switch takes off the stack, to come out at
// vole_gostart; above it two words of zeros.
	.globl vole_first_frame
	.type vole_first_frame, @function
	.p2align 4
vole_first_frame:
	.cfi_startproc
	leaq -72(%rdi), %rax
	xorl %ecx, %ecx
	.irp slot, 0, 8, 16, 24, 32, 40, 56, 64
	movq %rcx, \slot(%rax)
	.endr
	leaq vole_gostart(%rip), %rcx
	movq %rcx, 48(%rax)
	retq
	.cfi_endproc
	.size vole_first_frame, . - vole_first_frame

// void vole_asm_on_g0(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t g0sp): sp as
// vole_switch leaves it while fn runs. C keeps the registers that are saved for who reads the stack.
	.globl vole_asm_on_g0
	.type vole_asm_on_g0, @function
	.p2align 4
vole_asm_on_g0:
	.cfi_startproc
	pushq %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register %rbp
	save_registers
	.cfi_offset %rbx, -24
	.cfi_offset %r12, -32
	.cfi_offset %r13, -40
	.cfi_offset %r14, -48
	.cfi_offset %r15, -56
	movq %rsp, (%rdx)
	andq $-16, %rcx
	movq %rcx, %rsp
	movq %rdi, %rax
	movq %rsi, %rdi
	callq *%rax
	.globl vole_on_g0_returns
vole_on_g0_returns:
.Lon_g0_returns:
	movq %rbp, %rsp
	popq %rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size vole_asm_on_g0, . - vole_asm_on_g0

// uintptr_t vole_callback_frame(uintptr_t sp): a frame record that vole_asm_on_g0's follows, below it
// what vole_switch takes off the stack.
	.globl vole_callback_frame
	.type vole_callback_frame, @function
	.p2align 4
vole_callback_frame:
	.cfi_startproc
	leaq -16(%rdi), %rdx
	andq $-16, %rdx
	leaq 40(%rdi), %rcx
	movq %rcx, (%rdx)
	leaq .Lon_g0_returns(%rip), %rcx
	movq %rcx, 8(%rdx)
	leaq -56(%rdx), %rax
	xorl %ecx, %ecx
	.irp slot, 0, 8, 16, 24, 32
	movq %rcx, \slot(%rax)
	.endr
	movq %rdx, 40(%rax)
	leaq vole_callback_start(%rip), %rcx
	movq %rcx, 48(%rax)
	retq
	.cfi_endproc
	.size vole_callback_frame, . - vole_callback_frame

	.type vole_callback_start, @function
vole_callback_start:
	callq vole_callback_main
	ud2
	.size vole_callback_start, . - vole_callback_start

// void vole_asm_hop(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t hi): the frame record
// on the segment is a copy of that of the function that hops, three up.
	.globl vole_asm_hop
	.type vole_asm_hop, @function
	.p2align 4
vole_asm_hop:
	.cfi_startproc
	pushq %rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register %rbp
	save_registers
	movq %rsp, %rbx
	movq %rbx, (%rdx)
	movq (%rbp), %rax
	movq (%rax), %rax
	movq (%rax), %rax
	leaq -32(%rcx), %rsp
	movq (%rax), %r8
	movq 8(%rax), %r9
	movq %r8, (%rsp)
	movq %r9, 8(%rsp)
	movq %rsp, %rbp
	movq %rdi, %rax
	movq %rsi, %rdi
	callq *%rax
	movq %rbx, %rsp
	restore_registers
	ret
	.cfi_endproc
	.size vole_asm_hop, . - vole_asm_hop

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
	.globl "runtime.sigpanic"
	.type "runtime.sigpanic", @function
"runtime.sigpanic": // its name in tracebacks
	pushq %rbp
	movq %rsp, %rbp
	andq $-16, %rsp
	callq vole_sigpanic_c
	ud2
	.globl vole_sigpanic_end
vole_sigpanic_end:
	.size vole_sigpanic, . - vole_sigpanic
	.size "runtime.sigpanic", . - vole_sigpanic

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
	movl vole_xsave_size(%rip), %ecx
	testl %ecx, %ecx
	jnz 1f
	subq $528, %rsp
	andq $-16, %rsp
	fxsave64 (%rsp)
	callq vole_async_preempt_c
	fxrstor64 (%rsp)
	jmp 2f
1:	subq %rcx, %rsp // code that has wider registers than SSE's
	andq $-64, %rsp
	xorl %eax, %eax
	.irp header, 512, 520, 528, 536, 544, 552, 560, 568
	movq %rax, \header(%rsp)
	.endr
	xorl %edx, %edx
	movl $0xe7, %eax // XSAVE_STATE of cpu.c
	xsave64 (%rsp)
	vzeroupper
	callq vole_async_preempt_c
	xorl %edx, %edx
	movl $0xe7, %eax
	xrstor64 (%rsp)
2:	movq %rbx, %rsp
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

// func cpuid(eaxArg, ecxArg uint32) (eax, ebx, ecx, edx uint32), func xgetbv() (eax, edx uint32)
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

// What assembly calls by ABI0: parameters and results behind the return address, no register kept.
	.macro ABI0 name
	.globl "\name#abi0#"
	.type "\name#abi0#", @function
	.p2align 4
"\name#abi0#":
	pushq %rbp
	movq %rsp, %rbp
	andq $-16, %rsp
	.endm
	.macro ABI0_END name
	leave
	ret
	.size "\name#abi0#", . - "\name#abi0#"
	.endm

	ABI0 runtime.memmove
	movq 16(%rbp), %rdi
	movq 24(%rbp), %rsi
	movq 32(%rbp), %rdx
	callq memmove
	ABI0_END runtime.memmove

	ABI0 runtime.memclrNoHeapPointers
	movq 16(%rbp), %rdi
	xorl %esi, %esi
	movq 24(%rbp), %rdx
	callq memset
	ABI0_END runtime.memclrNoHeapPointers

	ABI0 runtime.memequal
	movq 16(%rbp), %rdi
	movq 24(%rbp), %rsi
	movq 32(%rbp), %rdx
	callq memcmp
	testl %eax, %eax
	sete 40(%rbp)
	ABI0_END runtime.memequal

// An assembly function that begins beyond the guard calls this before it has a frame.
	.globl "runtime.morestack#abi0#", "runtime.morestack_noctxt#abi0#"
	.p2align 4
"runtime.morestack#abi0#":
"runtime.morestack_noctxt#abi0#":
	movq (%rsp), %rdi
	movq %rsp, %rdx
	pushq 8(%rsp)
	pushq %rbp
	movq %rsp, %rbp
	movq %rbp, %rsi
	andq $-16, %rsp
	callq vole_asm_overflow
	ud2

// void vole_reflect_call(CallRegs *r) (reflect.c): calls r->code with the registers and stack words
// of r, keeps the result registers there.
	.globl vole_reflect_call
	.type vole_reflect_call, @function
	.p2align 4
vole_reflect_call:
	pushq %rbp
	movq %rsp, %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	movq %rdi, %rbx
	movq 232(%rbx), %rax
	movq %rbp, (%rax)
	movq 216(%rbx), %rcx
	leaq (,%rcx,8), %rax
	subq %rax, %rsp
	andq $-16, %rsp
	movq 208(%rbx), %rsi
	movq %rsp, %rdi
	rep movsq
	movq 64(%rbx), %xmm0
	movq 72(%rbx), %xmm1
	movq 80(%rbx), %xmm2
	movq 88(%rbx), %xmm3
	movq 96(%rbx), %xmm4
	movq 104(%rbx), %xmm5
	movq 112(%rbx), %xmm6
	movq 120(%rbx), %xmm7
	movq (%rbx), %rdi
	movq 8(%rbx), %rsi
	movq 16(%rbx), %rdx
	movq 24(%rbx), %rcx
	movq 32(%rbx), %r8
	movq 40(%rbx), %r9
	movq 192(%rbx), %rax
	movq 200(%rbx), %r13
	callq *224(%rbx)
	movq %rax, 128(%rbx)
	movq %rdx, 136(%rbx)
	movq %rcx, 144(%rbx)
	movq %r8, 152(%rbx)
	movq %xmm0, 160(%rbx)
	movq %xmm1, 168(%rbx)
	movq %xmm2, 176(%rbx)
	movq %xmm3, 184(%rbx)
	leaq -32(%rbp), %rsp
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret
	.size vole_reflect_call, . - vole_reflect_call

// Code of closures that reflection makes: hands its registers to a Go function, which leaves the
// results in them. Programs without reflect have neither.
.macro REFLECT_STUB name, target
	.section .text.\name, "ax", @progbits
	.globl "\name"
	.weak "\target"
	.type "\name", @function
	.p2align 4
"\name":
	pushq %rbp
	movq %rsp, %rbp
	subq $240, %rsp
	movq %rdi, (%rsp)
	movq %rsi, 8(%rsp)
	movq %rdx, 16(%rsp)
	movq %rcx, 24(%rsp)
	movq %r8, 32(%rsp)
	movq %r9, 40(%rsp)
	movq %xmm0, 64(%rsp)
	movq %xmm1, 72(%rsp)
	movq %xmm2, 80(%rsp)
	movq %xmm3, 88(%rsp)
	movq %xmm4, 96(%rsp)
	movq %xmm5, 104(%rsp)
	movq %xmm6, 112(%rsp)
	movq %xmm7, 120(%rsp)
	movq %rax, 192(%rsp)
	leaq 16(%rbp), %rax
	movq %rax, 208(%rsp)
	movq %r13, %rdi
	movq %rsp, %rsi
	callq "\target"
	movq 128(%rsp), %rax
	movq 136(%rsp), %rdx
	movq 144(%rsp), %rcx
	movq 152(%rsp), %r8
	movq 160(%rsp), %xmm0
	movq 168(%rsp), %xmm1
	movq 176(%rsp), %xmm2
	movq 184(%rsp), %xmm3
	leave
	ret
	.size "\name", . - "\name"
.endm
	REFLECT_STUB reflect.makeFuncStub, reflect.callReflect
	REFLECT_STUB reflect.methodValueCall, reflect.callMethod
	.text

// What compiled code calls with -race: void vole_race_…(address, size), all registers kept but r11 and
// the vector ones. Where the address is watched (race.c) they go on to vole_race_access with the
// return address and the detector's function; vole_race_enter and _exit to vole_race_frame.
	.macro RACE_SAVE
	pushq %rbp
	movq %rsp, %rbp
	.irp r, rax, rcx, rdx, rsi, rdi, r8, r9, r10
	pushq %\r
	.endr
	.endm
	.macro RACE_RESTORE
	.irp r, r10, r9, r8, rdi, rsi, rdx, rcx, rax
	popq %\r
	.endr
	popq %rbp
	ret
	.endm
	.macro RACE_ACCESS name
	.weak __tsan_\name
	.globl vole_race_\name
	.type vole_race_\name, @function
	.p2align 4
vole_race_\name:
	movabsq $0xc000000000, %r11
	cmpq %r11, %rdi
	jb 1f
	cmpq vole_race_heap_end(%rip), %rdi
	jb 2f
	ret
1:	cmpq vole_race_data(%rip), %rdi
	jb 3f
	cmpq vole_race_data_end(%rip), %rdi
	jae 3f
2:	RACE_SAVE
	movq 8(%rbp), %rdx
#if VOLE_PIC
	movq __tsan_\name@GOTPCREL(%rip), %rcx
#else
	movq $__tsan_\name, %rcx
#endif
	callq vole_race_access
	RACE_RESTORE
3:	ret
	.size vole_race_\name, . - vole_race_\name
	.endm
	RACE_ACCESS read
	RACE_ACCESS write
	RACE_ACCESS read_range
	RACE_ACCESS write_range

	.globl vole_race_enter, vole_race_exit
	.type vole_race_enter, @function
	.type vole_race_exit, @function
	.p2align 4
vole_race_exit:
	xorl %r11d, %r11d
	jmp 1f
vole_race_enter:
	movq %rdi, %r11
1:	RACE_SAVE
	movq %r11, %rdi
	callq vole_race_frame
	RACE_RESTORE
	.size vole_race_exit, vole_race_enter - vole_race_exit
	.globl vole_race_depth, vole_race_unwind
	.type vole_race_depth, @function
	.type vole_race_unwind, @function
	.p2align 4
vole_race_depth:
	RACE_SAVE
	callq vole_race_depth_now
	movq %rax, -8(%rbp)
	RACE_RESTORE
	.p2align 4
vole_race_unwind:
	RACE_SAVE
	callq vole_race_back
	RACE_RESTORE
	.size vole_race_enter, . - vole_race_enter

	.section .note.GNU-stack,"",@progbits

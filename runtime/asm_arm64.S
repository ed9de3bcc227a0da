// asm_arm64: switching stacks, recovery points, entry points that signals fake. First member of the
// runtime's archive: everything in .text before vole_rt_text_begin is Go code (and the C library's
// start-up), and likewise with data.
	.file "asm_arm64.S"
	.data
	.globl vole_rt_data_begin
vole_rt_data_begin:
	.bss
	.globl vole_rt_bss_begin
vole_rt_bss_begin:
	.text
	.globl vole_rt_text_begin
vole_rt_text_begin:

// What a call keeps.
	.macro save_registers
	sub sp, sp, #160
	stp x29, x30, [sp]
	stp x19, x20, [sp, #16]
	stp x21, x22, [sp, #32]
	stp x23, x24, [sp, #48]
	stp x25, x26, [sp, #64]
	stp x27, x28, [sp, #80]
	stp d8, d9, [sp, #96]
	stp d10, d11, [sp, #112]
	stp d12, d13, [sp, #128]
	stp d14, d15, [sp, #144]
	.endm
	.macro saved_at reg
	.cfi_def_cfa \reg, 160
	.cfi_offset x29, -160
	.cfi_offset x30, -152
	.cfi_offset x19, -144
	.cfi_offset x20, -136
	.cfi_offset x21, -128
	.cfi_offset x22, -120
	.cfi_offset x23, -112
	.cfi_offset x24, -104
	.cfi_offset x25, -96
	.cfi_offset x26, -88
	.cfi_offset x27, -80
	.cfi_offset x28, -72
	.endm
	.macro restore_registers
	ldp x29, x30, [sp]
	ldp x19, x20, [sp, #16]
	ldp x21, x22, [sp, #32]
	ldp x23, x24, [sp, #48]
	ldp x25, x26, [sp, #64]
	ldp x27, x28, [sp, #80]
	ldp d8, d9, [sp, #96]
	ldp d10, d11, [sp, #112]
	ldp d12, d13, [sp, #128]
	ldp d14, d15, [sp, #144]
	add sp, sp, #160
	.endm

// void vole_switch(uintptr_t *save, uintptr_t to): callee-saved registers x19-x30, d8-d15 on the
// stack left.
	.globl vole_switch
	.type vole_switch, %function
	.p2align 4
vole_switch:
	.cfi_startproc
	save_registers
	saved_at sp
	mov x9, sp
	str x9, [x0]
	.globl vole_switched
vole_switched:
	mov sp, x1
	restore_registers
	.cfi_def_cfa sp, 0
	.cfi_same_value x29
	.cfi_same_value x30
	br x30
	.cfi_endproc
	.size vole_switch, . - vole_switch

	.globl vole_gostart
	.type vole_gostart, %function
	.p2align 4
vole_gostart:
	.globl "runtime.goexit"
	.type "runtime.goexit", %function
"runtime.goexit": // its name in tracebacks
	.cfi_startproc
	.cfi_undefined x30
	mov x29, #0
	mov x30, #0
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	.cfi_def_cfa x29, 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8 // a zero
	bl vole_goroutine_main
	brk #1
	.cfi_endproc
	.size vole_gostart, . - vole_gostart
	.size "runtime.goexit", . - vole_gostart

// uintptr_t vole_first_frame(uintptr_t hi): what vole_switch takes off the stack, to come out at
// vole_gostart; above it two words of zeros.
	.globl vole_first_frame
	.type vole_first_frame, %function
	.p2align 4
vole_first_frame:
	.cfi_startproc
	sub x0, x0, #176
	.irp slot, 0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160
	stp xzr, xzr, [x0, #\slot]
	.endr
	adrp x1, vole_gostart
	add x1, x1, :lo12:vole_gostart
	str x1, [x0, #8]
	ret
	.cfi_endproc
	.size vole_first_frame, . - vole_first_frame

// void vole_asm_on_g0(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t g0sp). C keeps the
// registers that are saved for who reads the stack.
	.globl vole_asm_on_g0
	.type vole_asm_on_g0, %function
	.p2align 4
vole_asm_on_g0:
	.cfi_startproc
	save_registers
	mov x29, sp
	saved_at x29
	str x29, [x2]
	and x3, x3, #-16
	mov sp, x3
	mov x9, x0
	mov x0, x1
	blr x9
	.globl vole_on_g0_returns
vole_on_g0_returns:
.Lon_g0_returns:
	mov sp, x29
	ldp x29, x30, [sp], #160
	ret
	.cfi_endproc
	.size vole_asm_on_g0, . - vole_asm_on_g0

// uintptr_t vole_callback_frame(uintptr_t sp): a frame record that vole_asm_on_g0's follows, below it
// what vole_switch takes off the stack.
	.globl vole_callback_frame
	.type vole_callback_frame, %function
	.p2align 4
vole_callback_frame:
	.cfi_startproc
	sub x2, x0, #16
	adrp x1, .Lon_g0_returns
	add x1, x1, :lo12:.Lon_g0_returns
	stp x0, x1, [x2]
	sub x0, x2, #160
	.irp slot, 0, 16, 32, 48, 64, 80, 96, 112, 128, 144
	stp xzr, xzr, [x0, #\slot]
	.endr
	adrp x1, vole_callback_start
	add x1, x1, :lo12:vole_callback_start
	stp x2, x1, [x0]
	ret
	.cfi_endproc
	.size vole_callback_frame, . - vole_callback_frame

	.type vole_callback_start, %function
vole_callback_start:
	bl vole_callback_main
	brk #1
	.size vole_callback_start, . - vole_callback_start

// void vole_asm_hop(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t hi): the frame record
// on the segment is a copy of that of the function that hops, three up.
	.globl vole_asm_hop
	.type vole_asm_hop, %function
	.p2align 4
vole_asm_hop:
	.cfi_startproc
	save_registers
	mov x19, sp
	str x19, [x2]
	ldr x9, [x29]
	ldr x9, [x9]
	ldp x10, x11, [x9]
	sub x3, x3, #32
	mov sp, x3
	stp x10, x11, [sp]
	mov x29, sp
	mov x9, x0
	mov x0, x1
	blr x9
	mov sp, x19
	restore_registers
	ret
	.cfi_endproc
	.size vole_asm_hop, . - vole_asm_hop

	.globl vole_setjmp
	.type vole_setjmp, %function
	.p2align 4
vole_setjmp:
	stp x19, x20, [x0]
	stp x21, x22, [x0, #16]
	stp x23, x24, [x0, #32]
	stp x25, x26, [x0, #48]
	stp x27, x28, [x0, #64]
	stp x29, x30, [x0, #80]
	stp d8, d9, [x0, #96]
	stp d10, d11, [x0, #112]
	stp d12, d13, [x0, #128]
	stp d14, d15, [x0, #144]
	mov x9, sp
	str x9, [x0, #160]
	mov w0, #0
	ret
	.size vole_setjmp, . - vole_setjmp

	.globl vole_longjmp
	.type vole_longjmp, %function
	.p2align 4
vole_longjmp:
	ldp x19, x20, [x0]
	ldp x21, x22, [x0, #16]
	ldp x23, x24, [x0, #32]
	ldp x25, x26, [x0, #48]
	ldp x27, x28, [x0, #64]
	ldp x29, x30, [x0, #80]
	ldp d8, d9, [x0, #96]
	ldp d10, d11, [x0, #112]
	ldp d12, d13, [x0, #128]
	ldp d14, d15, [x0, #144]
	ldr x9, [x0, #160]
	mov sp, x9
	mov w0, #1
	br x30
	.size vole_longjmp, . - vole_longjmp

// The handler set x30 to the faulting pc and pushed the interrupted x30.
	.globl vole_sigpanic
	.type vole_sigpanic, %function
	.p2align 4
vole_sigpanic:
	.globl "runtime.sigpanic"
	.type "runtime.sigpanic", %function
"runtime.sigpanic": // its name in tracebacks
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	bl vole_sigpanic_c
	brk #1
	.globl vole_sigpanic_end
vole_sigpanic_end:
	.size vole_sigpanic, . - vole_sigpanic
	.size "runtime.sigpanic", . - vole_sigpanic

// The handler stored the interrupted x30 and pc in 16 bytes at sp and set x30 to that pc. Returns
// through x18's neighbour: the pc goes back by a register that no code keeps across instructions,
// x18 (the platform's register, unused on Linux).
	.globl vole_async_preempt
	.type vole_async_preempt, %function
	.p2align 4
vole_async_preempt:
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	sub sp, sp, #768
	stp x0, x1, [sp]
	stp x2, x3, [sp, #16]
	stp x4, x5, [sp, #32]
	stp x6, x7, [sp, #48]
	stp x8, x9, [sp, #64]
	stp x10, x11, [sp, #80]
	stp x12, x13, [sp, #96]
	stp x14, x15, [sp, #112]
	stp x16, x17, [sp, #128]
	stp x18, x19, [sp, #144]
	stp x20, x21, [sp, #160]
	stp x22, x23, [sp, #176]
	stp x24, x25, [sp, #192]
	stp x26, x27, [sp, #208]
	str x28, [sp, #224]
	mrs x9, nzcv
	str x9, [sp, #232]
	mrs x9, fpsr
	str x9, [sp, #240]
	stp q0, q1, [sp, #256]
	stp q2, q3, [sp, #288]
	stp q4, q5, [sp, #320]
	stp q6, q7, [sp, #352]
	stp q8, q9, [sp, #384]
	stp q10, q11, [sp, #416]
	stp q12, q13, [sp, #448]
	stp q14, q15, [sp, #480]
	stp q16, q17, [sp, #512]
	stp q18, q19, [sp, #544]
	stp q20, q21, [sp, #576]
	stp q22, q23, [sp, #608]
	stp q24, q25, [sp, #640]
	stp q26, q27, [sp, #672]
	stp q28, q29, [sp, #704]
	stp q30, q31, [sp, #736]
	bl vole_async_preempt_c
	ldp q0, q1, [sp, #256]
	ldp q2, q3, [sp, #288]
	ldp q4, q5, [sp, #320]
	ldp q6, q7, [sp, #352]
	ldp q8, q9, [sp, #384]
	ldp q10, q11, [sp, #416]
	ldp q12, q13, [sp, #448]
	ldp q14, q15, [sp, #480]
	ldp q16, q17, [sp, #512]
	ldp q18, q19, [sp, #544]
	ldp q20, q21, [sp, #576]
	ldp q22, q23, [sp, #608]
	ldp q24, q25, [sp, #640]
	ldp q26, q27, [sp, #672]
	ldp q28, q29, [sp, #704]
	ldp q30, q31, [sp, #736]
	ldr x9, [sp, #240]
	msr fpsr, x9
	ldr x9, [sp, #232]
	msr nzcv, x9
	ldp x0, x1, [sp]
	ldp x2, x3, [sp, #16]
	ldp x4, x5, [sp, #32]
	ldp x6, x7, [sp, #48]
	ldp x8, x9, [sp, #64]
	ldp x10, x11, [sp, #80]
	ldp x12, x13, [sp, #96]
	ldp x14, x15, [sp, #112]
	ldp x16, x17, [sp, #128]
	ldr x19, [sp, #152]
	ldp x20, x21, [sp, #160]
	ldp x22, x23, [sp, #176]
	ldp x24, x25, [sp, #192]
	ldp x26, x27, [sp, #208]
	ldr x28, [sp, #224]
	add sp, sp, #768
	ldp x29, x18, [sp], #16
	ldr x30, [sp]
	add sp, sp, #144
	br x18
	.size vole_async_preempt, . - vole_async_preempt

// What package internal/cpu reads from system registers that user code may not read: nothing is
// told, and its own defaults hold.
	.globl "internal/cpu.getMIDR"
	.globl "internal/cpu.getisar0"
	.globl "internal/cpu.getpfr0"
	.p2align 4
"internal/cpu.getMIDR":
"internal/cpu.getisar0":
"internal/cpu.getpfr0":
	mov x0, #0
	ret

// What assembly calls by ABI0: parameters and results above the word at sp, no register kept.
	.macro ABI0 name
	.globl "\name#abi0#"
	.type "\name#abi0#", %function
	.p2align 4
"\name#abi0#":
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	.endm
	.macro ABI0_END name
	ldp x29, x30, [sp], #16
	ret
	.size "\name#abi0#", . - "\name#abi0#"
	.endm

	ABI0 runtime.memmove
	ldp x0, x1, [sp, #24]
	ldr x2, [sp, #40]
	bl memmove
	ABI0_END runtime.memmove

	ABI0 runtime.memclrNoHeapPointers
	ldp x0, x2, [sp, #24]
	mov w1, #0
	bl memset
	ABI0_END runtime.memclrNoHeapPointers

	ABI0 runtime.memequal
	ldp x0, x1, [sp, #24]
	ldr x2, [sp, #40]
	bl memcmp
	cmp w0, #0
	cset w0, eq
	strb w0, [sp, #48]
	ABI0_END runtime.memequal

// An assembly function that begins beyond the guard calls this before it has a frame, with its
// return address in x3.
	.globl "runtime.morestack#abi0#", "runtime.morestack_noctxt#abi0#"
	.p2align 4
"runtime.morestack#abi0#":
"runtime.morestack_noctxt#abi0#":
	mov x0, x30
	mov x2, sp
	stp x29, x3, [sp, #-16]!
	mov x29, sp
	mov x1, x29
	bl vole_asm_overflow
	brk #1

// void vole_reflect_call(CallRegs *r) (reflect.c): calls r->code with the registers and stack words
// of r, keeps the result registers there.
	.globl vole_reflect_call
	.type vole_reflect_call, %function
	.p2align 4
vole_reflect_call:
	stp x29, x30, [sp, #-48]!
	mov x29, sp
	stp x19, x20, [sp, #16]
	str x21, [sp, #32]
	mov x19, x0
	ldr x9, [x19, #232]
	str x29, [x9]
	ldr x9, [x19, #216]
	ldr x10, [x19, #208]
	lsl x11, x9, #3
	sub x12, sp, x11
	and sp, x12, #-16
	mov x12, sp
1:	cbz x9, 2f
	ldr x13, [x10], #8
	str x13, [x12], #8
	sub x9, x9, #1
	b 1b
2:	ldp d0, d1, [x19, #64]
	ldp d2, d3, [x19, #80]
	ldp d4, d5, [x19, #96]
	ldp d6, d7, [x19, #112]
	ldp x0, x1, [x19]
	ldp x2, x3, [x19, #16]
	ldp x4, x5, [x19, #32]
	ldp x6, x7, [x19, #48]
	ldr x8, [x19, #192]
	ldr x20, [x19, #200]
	ldr x16, [x19, #224]
	blr x16
	stp x0, x1, [x19, #128]
	stp x2, x3, [x19, #144]
	stp d0, d1, [x19, #160]
	stp d2, d3, [x19, #176]
	mov sp, x29
	ldp x19, x20, [sp, #16]
	ldr x21, [sp, #32]
	ldp x29, x30, [sp], #48
	ret
	.size vole_reflect_call, . - vole_reflect_call

// Code of closures that reflection makes: hands its registers to a Go function, which leaves the
// results in them. Programs without reflect have neither.
.macro REFLECT_STUB name, target
	.section .text.\name, "ax", %progbits
	.globl "\name"
	.weak "\target"
	.type "\name", %function
	.p2align 4
"\name":
	stp x29, x30, [sp, #-16]!
	mov x29, sp
	sub sp, sp, #240
	stp x0, x1, [sp]
	stp x2, x3, [sp, #16]
	stp x4, x5, [sp, #32]
	stp x6, x7, [sp, #48]
	stp d0, d1, [sp, #64]
	stp d2, d3, [sp, #80]
	stp d4, d5, [sp, #96]
	stp d6, d7, [sp, #112]
	str x8, [sp, #192]
	add x9, x29, #16
	str x9, [sp, #208]
	mov x0, x20
	mov x1, sp
	bl "\target"
	ldp x0, x1, [sp, #128]
	ldp x2, x3, [sp, #144]
	ldp d0, d1, [sp, #160]
	ldp d2, d3, [sp, #176]
	mov sp, x29
	ldp x29, x30, [sp], #16
	ret
	.size "\name", . - "\name"
.endm
	REFLECT_STUB reflect.makeFuncStub, reflect.callReflect
	REFLECT_STUB reflect.methodValueCall, reflect.callMethod

	.section .note.GNU-stack,"",%progbits

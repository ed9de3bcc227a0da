// asm: asm_amd64.S and asm_arm64.S: switching stacks, unwinding by jumps, signals that become
// panics.
#ifndef VOLE_ASM_H
#define VOLE_ASM_H

#include "runtime/rt.h"

void vole_switch(uintptr_t *save, uintptr_t to);
extern const char vole_switched[]; // in it, behind what it saves
void vole_gostart(void);           // where goroutines begin
// Of a new goroutine on a stack up to hi: where vole_switch begins it.
uintptr_t vole_first_frame(uintptr_t hi);
// Where vole_switch begins vole_callback_main on the stack of a goroutine that vole_asm_on_g0 left at
// sp: as if what called that had called it.
uintptr_t vole_callback_frame(uintptr_t sp);
void vole_asm_on_g0(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t g0sp);
extern char vole_on_g0_returns[]; // where fn returns to
// The same, for a function with a result.
int32_t vole_asm_c_on_g0(void *fn, void *arg, uintptr_t *save,
                         uintptr_t g0sp) __asm__("vole_asm_on_g0");
// Calls fn(arg) on a segment up to hi, for a hop (stack.c): the caller's caller's caller is a
// function that calls itself there. *save is sp as vole_switch leaves it. Frames there seem to be
// called by who called that function.
void vole_asm_hop(void (*fn)(void *), void *arg, uintptr_t *save, uintptr_t hi);
int vole_setjmp(AbiJmpbuf *b) __attribute__((returns_twice));
NORETURN void vole_longjmp(AbiJmpbuf *b);
void vole_sigpanic(void);
void vole_async_preempt(void);
extern char vole_rt_text_begin[];
#if defined(__x86_64__)
// What vole_async_preempt saves wider registers than SSE's in; 0: code has none.
extern uint32_t vole_xsave_size;
#endif

#endif

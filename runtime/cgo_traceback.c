// cgo_traceback: what a program has for C's stacks, which Go knows nothing of: the functions that
// runtime.SetCgoTraceback was given. context notes where C calls Go; traceback lists the frames at
// such a place, or at a signal in C; symbolizer says what each is. They are C's own, and run on the
// thread's own stack or in a signal handler.
#include "runtime/asm.h"
#include "runtime/cgo.h"
#include "runtime/print.h"
#include "runtime/traceback.h"

typedef void CFunction(void *);
static struct {
    CFunction *traceback, *context, *symbolizer;
} user;

GO_FUNC(void, rt_set_cgo_traceback, (void *traceback, void *context, void *symbolizer),
        "runtime.setCgoTraceback") {
    user.traceback = (CFunction *)traceback;
    user.context = (CFunction *)context;
    user.symbolizer = (CFunction *)symbolizer;
}

static uintptr_t ask_context(uintptr_t context) {
    struct {
        uintptr_t context;
    } arg = {context};
    if (user.context) user.context(&arg);
    return arg.context;
}
uintptr_t cgo_context(void) { return ask_context(0); }
void cgo_context_done(uintptr_t context) {
    if (context) ask_context(context);
}

typedef struct TracebackArg { // as documented
    uintptr_t context, sig_context;
    uintptr_t *pcs;
    uintptr_t max;
} TracebackArg;

static void call_traceback(void *arg) { user.traceback(arg); }

intptr_t cgo_pcs(uintptr_t context, void *sig_context, uintptr_t *pcs, intptr_t max) {
    uintptr_t found[CGO_PCS] = {0};
    TracebackArg arg = {context, (uintptr_t)sig_context, found, CGO_PCS};
    if (!user.traceback || !(context || sig_context)) return 0;
    on_system_stack(call_traceback, &arg);
    intptr_t n = 0;
    while (n < CGO_PCS && n < max && found[n]) {
        pcs[n] = found[n];
        n++;
    }
    return n;
}

typedef struct SymbolizerArg { // as documented
    uintptr_t pc;
    const char *file;
    uintptr_t line;
    const char *func;
    uintptr_t entry, more, data;
} SymbolizerArg;

static void call_symbolizer(void *arg) { user.symbolizer(arg); }
static void symbolize_c(SymbolizerArg *arg) { on_system_stack(call_symbolizer, arg); }
GO_FUNC(uint8_t, rt_cgo_symbolize, (SymbolizerArg * arg), "runtime.cgoSymbolize") {
    if (!user.symbolizer) return false;
    symbolize_c(arg);
    return true;
}

void cgo_print(const uintptr_t *pcs, intptr_t n) {
    SymbolizerArg arg = {0};
    for (intptr_t i = 0; i < n; i++) {
        if (!user.symbolizer) {
            print_f("non-Go function at pc=%x\n", (uint64_t)pcs[i]);
            continue;
        }
        arg.pc = pcs[i];
        do {
            symbolize_c(&arg);
            print_f("%s\n\t", arg.func ? arg.func : "non-Go function");
            if (arg.file) print_f("%s:%u ", arg.file, (uint64_t)arg.line);
            print_f("pc=%x\n", (uint64_t)pcs[i]);
        } while (arg.more);
    }
    if (!user.symbolizer || !n) return;
    arg.pc = 0; // that is all
    symbolize_c(&arg);
}

bool cgo_crossed(const Callback **callback, uintptr_t pc, uintptr_t *context) {
    if (likely(!*callback) || pc != (uintptr_t)vole_on_g0_returns) return false;
    *context = (*callback)->context;
    *callback = (*callback)->outer;
    return true;
}

// llvm_stack: room on the stack. Goroutines begin on small stacks (runtime/stack.c). A function that
// may be one of an endless chain of calls compares its frame with the goroutine's limit where it
// begins; below that it calls itself by a hop, which goes on, until it returns, on a large segment:
//
//     f(a, b):      if (frame address < vole_tls_limit) return hop(a, b, f)   else the body
//     hop(a, b, f): packs a, b and f; rt_hop(land, pack); returns what lies in the pack
//     land(pack):   on the segment: f(a, b), its result into the pack
//
// hop and land are shared by all functions of one signature. What needs no check is left without:
// the limit leaves SLACK for frames of functions whose depth is known, for the runtime's C and for
// signals that preempt. It runs after LLVM's passes, which inline: frames are known but for what is
// spilled, which is guessed. A function with a large frame becomes two, for its frame must not be
// there before the check: the first compares, the second (f$frame) is the body.
#include "backend/llvm.h"
#include <llvm-c/Comdat.h>
#include <llvm-c/Target.h>
#include <stdlib.h>

// Bytes. Together at most about a fifth of SLACK (runtime/stack.c).
enum { FRAME_MAX = 2048, DEPTH_MAX = 1024 };

// How many bytes more than its frame a function wants below it (stack_room): an attribute of it.
static const char room_attribute[] = "vole-room";

typedef struct Frame {
    bool busy; // being looked at: who calls it now is part of a cycle
    bool checked;
    uint64_t size;  // its own frame
    uint64_t depth; // from its frame to the deepest that is not checked; a checked one counts 0
} Frame;

typedef struct Stack {
    Cg *cg;
    PtrMap frames;  // function -> Frame
    PtrMap runtime; // declarations of the runtime's C functions
    LLVMTargetDataRef layout;
    LLVMValueRef limit, hop, moved;
    LLVMDIBuilderRef di; // made when it is needed
} Stack;

void stack_room(Cg *cg, LLVMValueRef f, uint32_t room) {
    const char *n = xsprintf("%u", room);
    LLVMAddAttributeAtIndex(f, FUNCTION,
                            LLVMCreateStringAttribute(cg->ctx, room_attribute,
                                                      sizeof room_attribute - 1, n,
                                                      (unsigned)strlen(n)));
}

static uint64_t room_of(LLVMValueRef f) {
    LLVMAttributeRef a =
        LLVMGetStringAttributeAtIndex(f, FUNCTION, room_attribute, sizeof room_attribute - 1);
    unsigned n;
    return a ? strtoull(LLVMGetStringAttributeValue(a, &n), NULL, 10) : 0;
}

// A slot of 8 bytes for each value at -O0, which keeps them in memory; of many, some are spilled.
static void measure(Stack *s, LLVMValueRef f, Frame *fr) {
    uint64_t allocas = 0, n = 0;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            n++;
            if (!LLVMIsAAllocaInst(i)) continue;
            LLVMValueRef count = LLVMGetOperand(i, 0);
            uint64_t k = LLVMIsAConstantInt(count) ? LLVMConstIntGetZExtValue(count) : 1;
            allocas += k * LLVMABISizeOfType(s->layout, LLVMGetAllocatedType(i));
        }
    fr->size = 64 + allocas + (s->cg->opt->opt ? n : 8 * n);
}

static Frame *frame_of(Stack *s, LLVMValueRef f);

// What a call adds below the frame. False: nobody knows, so that the caller must be checked.
static bool callee_depth(Stack *s, LLVMValueRef call, uint64_t *depth) {
    LLVMValueRef f = LLVMGetCalledValue(call);
    if (LLVMIsAInlineAsm(f)) return true;
    if (!LLVMIsAFunction(f)) return false;
    if (LLVMGetIntrinsicID(f) || ptrmap_has(&s->runtime, f)) return true;
    if (LLVMIsDeclaration(f)) { // C's names have no package: memcmp
        size_t n;
        return !strpbrk(LLVMGetValueName2(f, &n), ".#");
    }
    const Frame *fr = frame_of(s, f);
    if (fr->busy) return false;
    if (fr->depth > *depth) *depth = fr->depth;
    return true;
}

// A call of a function that is busy closes a cycle, and its caller is checked: so each cycle has
// one that is. What a checked function needs counts for no caller.
static Frame *frame_of(Stack *s, LLVMValueRef f) {
    Frame *fr = ptrmap_get(&s->frames, f);
    if (fr) return fr;
    fr = NEW(Frame);
    ptrmap_put(&s->frames, f, fr);
    measure(s, f, fr);
    fr->busy = true;
    fr->checked = room_of(f) != 0;
    uint64_t below = 0;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsACallInst(i) && !callee_depth(s, i, &below)) fr->checked = true;
    if (fr->size + below > DEPTH_MAX) fr->checked = true;
    fr->depth = fr->checked ? 0 : fr->size + below;
    fr->busy = false;
    return fr;
}

// hop and land ------------------------------------------------------------------------------------

// What parameters and results may have besides their types: extension, registers of their own.
static const char *const abi_kinds[] = {"sret", "swiftself", "zeroext", "signext", "inreg"};
enum { ABI_KINDS = sizeof abi_kinds / sizeof *abi_kinds };

static LLVMAttributeRef abi_attribute(LLVMValueRef f, unsigned i, int kind) {
    const char *name = abi_kinds[kind];
    return LLVMGetEnumAttributeAtIndex(f, i, LLVMGetEnumAttributeKindForName(name, strlen(name)));
}

// f's, on a call of it or on a function of its signature.
static void copy_abi(LLVMValueRef f, LLVMValueRef to) {
    unsigned cc = LLVMGetFunctionCallConv(f);
    bool call = LLVMIsACallInst(to);
    call ? LLVMSetInstructionCallConv(to, cc) : LLVMSetFunctionCallConv(to, cc);
    for (unsigned i = 0; i <= LLVMCountParams(f); i++)
        for (int k = 0; k < ABI_KINDS; k++) {
            LLVMAttributeRef a = abi_attribute(f, i, k);
            if (!a) continue;
            call ? LLVMAddCallSiteAttribute(to, i, a) : LLVMAddAttributeAtIndex(to, i, a);
        }
}

// The name that functions of f's signature share.
static const char *signature_name(LLVMValueRef f) {
    Buf b = {0};
    char *text = LLVMPrintTypeToString(LLVMGlobalGetValueType(f));
    buf_printf(&b, "%s %u", text, LLVMGetFunctionCallConv(f));
    LLVMDisposeMessage(text);
    for (unsigned i = 0; i <= LLVMCountParams(f); i++)
        for (int k = 0; k < ABI_KINDS; k++)
            if (abi_attribute(f, i, k)) buf_printf(&b, " %u%s", i, abi_kinds[k]);
    return xsprintf("%016llx", (unsigned long long)hash_bytes(b.p, b.len, 0));
}

static void set_attributes(Cg *cg, LLVMValueRef f) {
    LLVMAttributeRef a[] = {cg->a_nounwind, cg->a_frame, cg->a_noinline, cg->a_notail};
    for (size_t i = 0; i < sizeof a / sizeof *a; i++) LLVMAddAttributeAtIndex(f, FUNCTION, a[i]);
}

static LLVMValueRef call_of(Cg *cg, LLVMValueRef f, LLVMValueRef *args, unsigned n) {
    LLVMValueRef call = LLVMBuildCall2(cg->b, LLVMGlobalGetValueType(f), f, args, n, "");
    copy_abi(f, call);
    return call;
}

static LLVMValueRef frame_address(Cg *cg, unsigned level) {
    LLVMValueRef n = LLVMConstInt(cg->i32, level, 0);
    return intrinsic(cg, "llvm.frameaddress", &cg->ptr, 1, &n, 1);
}

static LLVMValueRef add_shared(Cg *cg, const char *name, LLVMTypeRef type) {
    LLVMValueRef f = LLVMAddFunction(cg->mod, name, type);
    set_linkonce(cg, f, name);
    LLVMSetVisibility(f, LLVMHiddenVisibility);
    LLVMSetSection(f, "vole_hop"); // apart from Go's code, which it is not
    set_attributes(cg, f);
    LLVMPositionBuilderAtEnd(cg->b, LLVMAppendBasicBlockInContext(cg->ctx, f, ""));
    return f;
}

enum { PACK_FUNC, PACK_CALLER, PACK_ARGS }; // then the result

static LLVMValueRef field(Cg *cg, LLVMTypeRef pack, LLVMValueRef p, unsigned i) {
    return LLVMBuildStructGEP2(cg->b, pack, p, i, "");
}

// recover() asks for the frame that called a deferred function: land stands in for it.
static LLVMValueRef make_land(Stack *s, LLVMValueRef f, const char *name, LLVMTypeRef pack,
                              LLVMTypeRef *types, unsigned n, bool result) {
    Cg *cg = s->cg;
    LLVMTypeRef type = LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0);
    LLVMValueRef land = add_shared(cg, name, type), p = LLVMGetParam(land, 0);
    LLVMValueRef frames[] = {LLVMBuildLoad2(cg->b, cg->ptr, field(cg, pack, p, PACK_CALLER), ""),
                             frame_address(cg, 0)};
    call_of(cg, s->moved, frames, 2);
    LLVMValueRef *args = NEW_ARRAY(LLVMValueRef, n + 1);
    for (unsigned i = 0; i < n; i++)
        args[i] =
            LLVMBuildLoad2(cg->b, types[PACK_ARGS + i], field(cg, pack, p, PACK_ARGS + i), "");
    LLVMValueRef target = LLVMBuildLoad2(cg->b, cg->ptr, field(cg, pack, p, PACK_FUNC), ""),
                 r = LLVMBuildCall2(cg->b, LLVMGlobalGetValueType(f), target, args, n, "");
    copy_abi(f, r);
    if (result) LLVMBuildStore(cg->b, r, field(cg, pack, p, PACK_ARGS + n));
    LLVMBuildRetVoid(cg->b);
    return land;
}

// One for all functions of a signature: packs the arguments, which fn's landing unpacks on the
// other stack, and gives the result that it put there. The last parameter is the function.
static LLVMValueRef hop_for(Stack *s, LLVMValueRef f) {
    Cg *cg = s->cg;
    const char *signature = signature_name(f), *name = xsprintf("vole_hop_%s", signature);
    LLVMValueRef hop = LLVMGetNamedFunction(cg->mod, name);
    if (hop) return hop;
    LLVMTypeRef fn = LLVMGlobalGetValueType(f), ret = LLVMGetReturnType(fn);
    bool result = ret != cg->voidt;
    unsigned n = LLVMCountParams(f);
    LLVMTypeRef *types = NEW_ARRAY(LLVMTypeRef, n + 4);
    types[PACK_FUNC] = cg->ptr;
    types[PACK_CALLER] = cg->ptr;
    LLVMGetParamTypes(fn, types + PACK_ARGS);
    types[PACK_ARGS + n] = result ? ret : cg->ptr;
    LLVMTypeRef pack = LLVMStructTypeInContext(cg->ctx, types, PACK_ARGS + n + result, 0);
    LLVMValueRef land =
        make_land(s, f, xsprintf("vole_land_%s", signature), pack, types, n, result);
    LLVMTypeRef *params = NEW_ARRAY(LLVMTypeRef, n + 1);
    LLVMGetParamTypes(fn, params);
    params[n] = cg->ptr;
    hop = add_shared(cg, name, LLVMFunctionType(ret, params, n + 1, 0));
    LLVMValueRef p = LLVMBuildAlloca(cg->b, pack, "");
    LLVMBuildStore(cg->b, LLVMGetParam(hop, n), field(cg, pack, p, PACK_FUNC));
    LLVMBuildStore(cg->b, frame_address(cg, 2), field(cg, pack, p, PACK_CALLER));
    for (unsigned i = 0; i < n; i++)
        LLVMBuildStore(cg->b, LLVMGetParam(hop, i), field(cg, pack, p, PACK_ARGS + i));
    LLVMValueRef args[] = {land, p};
    call_of(cg, s->hop, args, 2);
    if (result)
        LLVMBuildRet(cg->b, LLVMBuildLoad2(cg->b, ret, field(cg, pack, p, PACK_ARGS + n), ""));
    else
        LLVMBuildRetVoid(cg->b);
    return hop;
}

// checks ------------------------------------------------------------------------------------------

static void return_result(Cg *cg, LLVMValueRef call) {
    if (LLVMTypeOf(call) == cg->voidt)
        LLVMBuildRetVoid(cg->b);
    else
        LLVMBuildRet(cg->b, call);
}

// At the builder's place: to hop's block if there are not `room` bytes below the frame, else to body.
static void branch(Stack *s, LLVMValueRef f, uint64_t room, LLVMBasicBlockRef body) {
    Cg *cg = s->cg;
    LLVMBasicBlockRef far = LLVMAppendBasicBlockInContext(cg->ctx, f, "");
    // Here the prologue ends, for debuggers; lldb goes on to what has no place behind it.
    LLVMMetadataRef scope = LLVMGetSubprogram(f);
    if (scope) {
        LLVMMetadataRef loc = LLVMDIBuilderCreateDebugLocation(
            cg->ctx, LLVMDISubprogramGetLine(scope), 0, scope, NULL);
        LLVMSetCurrentDebugLocation2(cg->b, loc);
        LLVMValueRef on = LLVMGetBasicBlockTerminator(body);
        if (on && on == LLVMGetFirstInstruction(body) && !LLVMInstructionGetDebugLoc(on))
            LLVMInstructionSetDebugLoc(on, loc);
    }
    LLVMValueRef limit = LLVMBuildLoad2(cg->b, cg->i64, s->limit, ""),
                 here = LLVMBuildPtrToInt(cg->b, frame_address(cg, 0), cg->i64, "");
    LLVMSetVolatile(limit, 1);
    if (room) limit = LLVMBuildAdd(cg->b, limit, const_int(cg, (int64_t)room), "");
    LLVMValueRef below = LLVMBuildICmp(cg->b, LLVMIntULE, here, limit, "");
    LLVMSetMetadata(LLVMBuildCondBr(cg->b, below, far, body), cg->md_prof, cg->very_unlikely);
    LLVMSetCurrentDebugLocation2(cg->b, NULL);
    LLVMPositionBuilderAtEnd(cg->b, far);
    unsigned n = LLVMCountParams(f);
    LLVMValueRef *args = NEW_ARRAY(LLVMValueRef, n + 1);
    LLVMGetParams(f, args);
    args[n] = f;
    LLVMBasicBlockRef at = LLVMGetInsertBlock(cg->b);
    LLVMValueRef hop = hop_for(s, f);
    LLVMPositionBuilderAtEnd(cg->b, at);
    return_result(cg, call_of(cg, hop, args, n + 1));
}

// Without optimisation parameters and what a closure has captured are variables, put there by what has
// no place in the source, before the prologue ends.
static void take_parameters(Cg *cg, LLVMBasicBlockRef body) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(body), next;
    if (LLVMGetFirstInstruction(body) == end && LLVMGetInstructionOpcode(end) == LLVMBr &&
        !LLVMIsConditional(end)) {
        body = LLVMGetSuccessor(end, 0);
        end = LLVMGetBasicBlockTerminator(body);
    }
    for (LLVMValueRef i = LLVMGetFirstInstruction(body); i; i = next) {
        next = LLVMGetNextInstruction(i);
        if (i == end || LLVMIsACallInst(i) || LLVMInstructionGetDebugLoc(i)) return;
        LLVMInstructionRemoveFromParent(i);
        LLVMInsertIntoBuilder(cg->b, i);
    }
}

// With it parameters are in registers, which debuggers are told where body begins: they are to know
// it where the prologue ends, too.
static void tell_parameters(Stack *s, LLVMBasicBlockRef body, LLVMBasicBlockRef first) {
    if (!s->di) s->di = LLVMCreateDIBuilder(s->cg->mod);
    LLVMValueRef at = LLVMGetFirstInstruction(first), i = LLVMGetFirstInstruction(body);
    while (at && LLVMIsAAllocaInst(at)) at = LLVMGetNextInstruction(at);
    while (i && LLVMIsAAllocaInst(i)) i = LLVMGetNextInstruction(i);
    for (LLVMDbgRecordRef r = i ? LLVMGetFirstDbgRecord(i) : NULL; r && at;
         r = LLVMGetNextDbgRecord(r)) {
        if (LLVMDbgRecordGetKind(r) != LLVMDbgRecordValue) continue;
        LLVMValueRef v = LLVMDbgVariableRecordGetValue(r, 0);
        if (v && LLVMIsAArgument(v))
            LLVMDIBuilderInsertDbgValueRecordBefore(s->di, v, LLVMDbgVariableRecordGetVariable(r),
                                                    LLVMDbgVariableRecordGetExpression(r),
                                                    LLVMDbgRecordGetDebugLoc(r), at);
    }
}

// A new first block, which gets the variables: only there are they part of the frame.
static void check(Stack *s, LLVMValueRef f, uint64_t room) {
    Cg *cg = s->cg;
    LLVMBasicBlockRef body = LLVMGetEntryBasicBlock(f),
                      first = LLVMInsertBasicBlockInContext(cg->ctx, body, "");
    LLVMPositionBuilderAtEnd(cg->b, first);
    for (LLVMValueRef i = LLVMGetFirstInstruction(body), next; i; i = next) {
        next = LLVMGetNextInstruction(i);
        if (!LLVMIsAAllocaInst(i) || !LLVMIsAConstantInt(LLVMGetOperand(i, 0))) continue;
        LLVMInstructionRemoveFromParent(i);
        LLVMInsertIntoBuilder(cg->b, i);
    }
    if (!cg->opt->opt) take_parameters(cg, body);
    branch(s, f, room, body);
    if (cg->opt->opt && cg->opt->debug_info) tell_parameters(s, body, first);
}

// f's name, linkage and uses go to a new function, which compares and then jumps to it.
static void split(Stack *s, LLVMValueRef f, uint64_t size) {
    Cg *cg = s->cg;
    size_t len;
    const char *name = xstrdup(LLVMGetValueName2(f, &len));
    LLVMSetValueName2(f, xsprintf("%s$frame", name), len + 6);
    LLVMValueRef outer = LLVMAddFunction(cg->mod, name, LLVMGlobalGetValueType(f));
    LLVMReplaceAllUsesWith(f, outer);
    copy_abi(f, outer);
    LLVMSetLinkage(outer, LLVMGetLinkage(f));
    LLVMSetVisibility(outer, LLVMGetVisibility(f));
    LLVMSetSection(outer, LLVMGetSection(f));
    if (LLVMGetComdat(f)) LLVMSetComdat(outer, LLVMGetComdat(f));
    LLVMSetVisibility(f, LLVMDefaultVisibility);
    LLVMSetLinkage(f, LLVMInternalLinkage);
    set_attributes(cg, outer);
    LLVMBasicBlockRef first = LLVMAppendBasicBlockInContext(cg->ctx, outer, ""),
                      body = LLVMAppendBasicBlockInContext(cg->ctx, outer, "");
    LLVMPositionBuilderAtEnd(cg->b, first);
    branch(s, outer, size, body);
    LLVMPositionBuilderAtEnd(cg->b, body);
    LLVMValueRef *args = NEW_ARRAY(LLVMValueRef, LLVMCountParams(f) + 1);
    LLVMGetParams(outer, args);
    LLVMValueRef call = call_of(cg, f, args, LLVMCountParams(f));
    LLVMSetTailCallKind(call, LLVMTailCallKindMustTail);
    return_result(cg, call);
}

// All are measured before any is changed, as checks add functions and calls. Comes after the
// optimiser, which inlines and removes variables.
void check_stacks(Cg *cg) {
    Stack s = {.cg = cg, .layout = LLVMGetModuleDataLayout(cg->mod)};
    LLVMSetCurrentDebugLocation2(cg->b, NULL);
    LLVMTypeRef two[] = {cg->ptr, cg->ptr};
    s.hop = declare_symbol_func(cg, "rt_hop", LLVMFunctionType(cg->voidt, two, 2, 0));
    s.moved = declare_symbol_func(cg, rt_info[RT_wrapperpanic].symbol,
                                  LLVMFunctionType(cg->voidt, two, 2, 0));
    s.limit = symbol_global(cg, "vole_tls_limit", cg->i64);
    set_thread_local(cg, s.limit);
    // Those that run Go code which was there before, deferred functions, are not among them.
    for (int i = 0; i < RT_COUNT; i++) {
        LLVMValueRef f = LLVMGetNamedFunction(cg->mod, rt_info[i].symbol);
        if (f && !(rt_info[i].flags & RT_CALLS)) ptrmap_put(&s.runtime, f, f);
    }
    Vec(LLVMValueRef) funcs = {0};
    for (LLVMValueRef f = LLVMGetFirstFunction(cg->mod); f; f = LLVMGetNextFunction(f))
        if (!LLVMIsDeclaration(f)) vec_push(&funcs, f);
    for (vec_each(LLVMValueRef, f, &funcs)) frame_of(&s, *f);
    for (vec_each(LLVMValueRef, f, &funcs)) {
        const Frame *fr = frame_of(&s, *f);
        uint64_t room = room_of(*f);
        if (room)
            check(&s, *f, room > DEPTH_MAX ? room : 0);
        else if (fr->size > FRAME_MAX)
            split(&s, *f, fr->size);
        else if (fr->checked)
            check(&s, *f, 0);
    }
    if (s.di) LLVMDisposeDIBuilder(s.di);
}

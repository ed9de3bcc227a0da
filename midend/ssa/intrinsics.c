// intrinsics: calls that are one operation, made of the arguments as the table of functions says.
#include "midend/functions.h"
#include "midend/report.h"
#include "midend/ssa/ssagen.h"

static bool func_pc(Gen *g, Node *arg, Type *t, Value **result) {
    while (arg->op == N_CONVNOP || arg->op == N_CONVIFACE) arg = arg->x;
    if (node_is_closed_func(arg)) {
        *result = gen_func(g, SSA_CODEADDR, t, arg->func);
    } else {
        Value *x = gen_expr(g, arg);
        if (type_is_interface(arg->type)) x = gen1(g, SSA_IDATA, PTR, x);
        *result = gen_load(g, t, gen_copy(g, PTR, x));
    }
    return true;
}

// Arguments are evaluated in order; then the table's row says how they become the operation.
bool gen_intrinsic(Gen *g, Func *f, Node *call, Value **result) {
    const KnownFunc *in = intrinsic_of(f->symbol);
    if (!in) return false;
    if (in->as == AS_ESCAPE) {
        Node *x = call->list.data[0];
        type_fits_registers(x->type) ? gen_expr(g, x) : gen_value_addr(g, x);
        *result = NULL;
        return true;
    }
    if (report_debug_option("ssa/intrinsics/debug") > 0)
        report_at(inl_report_pos(call->pos, call->inl), "intrinsic substitution for %s with %s",
                  strrchr(in->symbol, '.') + 1, ssa_op_text[in->op]);
    uint32_t n = call->list.len;
    Type *t = call->type && call->type->kind == T_TUPLE && call->type->tuple.vars.len == 1
                  ? call->type->tuple.vars.data[0]->type
                  : call->type;
    if (in->as == AS_CODE) return n == 1 && func_pc(g, call->list.data[0], t, result);
    if (n > 4) return false;
    if (in->as == AS_KEEP) { // the value itself: boxing it would only allocate
        Node *x = call->list.data[0];
        if (x->op == N_CONVIFACE && !type_is_interface(x->x->type)) x = x->x;
        *result = gen1(g, SSA_KEEPALIVE, NULL,
                       type_fits_registers(x->type) ? gen_expr(g, x) : gen_value_addr(g, x));
        return true;
    }
    Value *a[4] = {0};
    for (uint32_t i = 0; i < n; i++) a[i] = gen_expr(g, call->list.data[i]);
    switch (in->as) {
    case AS_UNARY: *result = gen1(g, in->op, t, a[0]); break;
    case AS_BINARY: *result = gen2(g, in->op, t, a[0], a[1]); break;
    case AS_TERNARY: *result = gen3(g, in->op, t, a[0], a[1], a[2]); break;
    case AS_INT: *result = gen1(g, in->op, t, a[0]); break;
    case AS_LZ: {
        Value *len = gen1(g, SSA_BITLEN, t, a[0]);
        *result = gen2(g, SSA_SUB, t, gen_int(g, t, type_size(a[0]->type) * 8), len);
        break;
    }
    case AS_TUPLE:
        *result = n == 3 ? gen3(g, in->op, t, a[0], a[1], a[2]) : gen2(g, in->op, t, a[0], a[1]);
        break;
    case AS_DIV64: {
        Value *zero = gen_int(g, a[2]->type, 0);
        gen_panic_when(g, gen2(g, SSA_NE, BOOL, a[2], zero), false, RT_panicdivide);
        gen_panic_when(g, gen2(g, SSA_GT, BOOL, a[2], a[0]), false, RT_panicoverflow);
        *result = gen3(g, in->op, t, a[0], a[1], a[2]);
        break;
    }
    case AS_BITS: *result = gen1(g, SSA_BITCAST, t, a[0]); break;
    case AS_LOAD: *result = gen1(g, in->op, t, gen_nilcheck(g, a[0])); break;
    case AS_STORE: *result = gen2(g, in->op, NULL, gen_nilcheck(g, a[0]), a[1]); break;
    case AS_RMW: {
        Value *d = a[1];
        if (d->type != t) d = type_is_integer(t) ? gen_conv(g, t, d) : gen_copy(g, t, d);
        *result = gen2(g, in->op, t, gen_nilcheck(g, a[0]), d);
        break;
    }
    case AS_VOID:
        gen2(g, in->op, a[1]->type, gen_nilcheck(g, a[0]), a[1]);
        *result = NULL;
        break;
    case AS_CAS: *result = gen3(g, in->op, t, gen_nilcheck(g, a[0]), a[1], a[2]); break;
    case AS_SELECT:
        *result = gen_choose(g, gen2(g, SSA_NE, BOOL, a[0], gen_int(g, a[0]->type, 0)), a[1], a[2]);
        break;
    case AS_UINT8: *result = gen1(g, SSA_COPY, t, a[0]); break;
    case AS_CALLER: *result = gen0(g, in->op, t); break;
    case AS_CONTEXT: *result = gen_copy(g, t, g->ctx ? g->ctx : gen0(g, SSA_CTX, PTR)); break;
    case AS_PREFETCH: *result = gen1(g, in->op, NULL, gen_copy(g, PTR, a[0])); break;
    case AS_PAUSE:
    case AS_FENCE: *result = gen0(g, in->op, NULL); break;
    case AS_CALL:
    case AS_CODE:
    case AS_KEEP:
    case AS_ESCAPE: break;
    }
    return true;
}

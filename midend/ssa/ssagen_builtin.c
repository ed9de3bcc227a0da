// ssagen_builtin: what of each built-in function and conversion is done where; len, cap and
// printing.
#include "midend/ssa/ssagen.h"

// An array's length is constant, but calls and receives in the operand have to happen.
Value *gen_len(Gen *g, Node *n) {
    Type *t = under(n->x->type);
    Value *r;
    if (n->op == N_LEN && n->x->op == N_STR2RUNES)
        return gen_copy(g, n->type, gen_rt(g, RT_countrunes, NULL, 1, gen_string_view(g, n->x->x)));
    switch (t->kind) {
    case T_STRING: r = gen1(g, SSA_STRLEN, INT, gen_expr(g, n->x)); break;
    case T_SLICE:
        r = gen1(g, n->op == N_LEN ? SSA_SLICELEN : SSA_SLICECAP, INT, gen_expr(g, n->x));
        break;
    case T_MAP: r = gen_map_len(g, gen_expr(g, n->x)); break;
    case T_CHAN:
        r = gen_rt(g, n->op == N_LEN ? RT_chanlen : RT_chancap, NULL, 1,
                   gen_copy(g, PTR, gen_expr(g, n->x)));
        break;
    case T_POINTER:
        if (!node_is_pure(n->x)) gen_expr(g, n->x);
        r = gen_int(g, INT, under(t->pointer.elem)->array.len);
        break;
    case T_ARRAY:
        if (!node_is_pure(n->x)) gen_value_addr(g, n->x);
        r = gen_int(g, INT, t->array.len);
        break;
    default: unreachable("len");
    }
    return gen_copy(g, n->type, r);
}

// What gives a string or a slice of its own makes it in the frame if it doesn't escape and is short
// (gen_result_buffer), else the runtime allocates.
Value *gen_builtin(Gen *g, Node *n) {
    switch ((NodeOp)n->op) {
    case N_STR2BYTES: return gen_string_to_bytes(g, n);
    case N_STR2RUNES:
        return gen_rt(g, RT_stringtoslicerune, n->type, 2, gen_result_buffer(g, n),
                      gen_expr(g, n->x));
    case N_BYTES2STR:
    case N_RUNES2STR: {
        Value *s = gen_expr(g, n->x);
        Value *p = gen1(g, SSA_SLICEPTR, PTR, s), *len = gen1(g, SSA_SLICELEN, INT, s);
        return gen_rt(g, n->op == N_BYTES2STR ? RT_slicebytetostring : RT_slicerunetostring,
                      n->type, 3, gen_result_buffer(g, n), p, len);
    }
    case N_RUNE2STR:
        return gen_rt(g, RT_intstring, n->type, 2, gen_result_buffer(g, n),
                      gen_conv(g, INT, gen_expr(g, n->x)));
    case N_SLICE2ARR: {
        int64_t len = under(n->type)->array.len;
        Value *p = gen_slice_to_array(g, n, len);
        return type_size(n->type) ? gen_load(g, n->type, p) : gen_zero(g, n->type);
    }
    case N_SLICE2ARRPTR:
        return gen_copy(g, n->type,
                        gen_slice_to_array(g, n, under(under(n->type)->pointer.elem)->array.len));
    case N_APPEND:
    case N_APPENDSLICE: return gen_append(g, n);
    case N_COPY: return gen_copy_slice(g, n);
    case N_MAKESLICE: return gen_makeslice(g, n);
    case N_MAKEMAP:
        return gen_copy(
            g, n->type,
            gen_makemap(g, n, n->x ? gen_conv(g, INT, gen_expr(g, n->x)) : gen_int(g, INT, 0)));
    case N_MAKECHAN: {
        Value *size = n->x ? gen_conv(g, INT, gen_expr(g, n->x)) : gen_int(g, INT, 0);
        return gen_copy(g, n->type,
                        gen_rt(g, RT_makechan, NULL, 2, gen_typeaddr(g, n->type), size));
    }
    case N_UNSAFEADD: return gen_unsafe_add(g, n);
    case N_UNSAFESLICE:
    case N_UNSAFESTRING: return gen_unsafe_slice(g, n);
    case N_SLICEDATA: return gen_copy(g, n->type, gen1(g, SSA_SLICEPTR, PTR, gen_expr(g, n->x)));
    case N_STRINGDATA: return gen_copy(g, n->type, gen1(g, SSA_STRPTR, PTR, gen_expr(g, n->x)));
    default: unreachable("builtin");
    }
}

// One runtime function for each kind of value, as gc has them; runtime.hex is printed as a
// hexadecimal.
static void print_value(Gen *g, Type *t, Value *v) {
    Type *u = under(t);
    switch (u->kind) {
    case T_BOOL: gen_rt(g, RT_printbool, NULL, 1, v); return;
    case T_INT:
    case T_INT8:
    case T_INT16:
    case T_INT32:
    case T_INT64: gen_rt(g, RT_printint, NULL, 1, gen_conv(g, INT, v)); return;
    case T_UINT:
    case T_UINT8:
    case T_UINT16:
    case T_UINT32:
    case T_UINT64:
    case T_UINTPTR: {
        Type *named = as_named(t);
        bool hex = named && named->named.obj->pkg && !strcmp(named->named.obj->name, "hex") &&
                   !strcmp(named->named.obj->pkg->path, "runtime");
        gen_rt(g, hex ? RT_printhex : RT_printuint, NULL, 1, gen_conv(g, UINT, v));
        return;
    }
    case T_FLOAT32: gen_rt(g, RT_printfloat32, NULL, 1, v); return;
    case T_FLOAT64: gen_rt(g, RT_printfloat64, NULL, 1, v); return;
    case T_COMPLEX64: {
        Value *re = gen1(g, SSA_REAL, BASIC(FLOAT32), v);
        gen_rt(g, RT_printcomplex64, NULL, 2, re, gen1(g, SSA_IMAG, BASIC(FLOAT32), v));
        return;
    }
    case T_COMPLEX128: gen_rt(g, RT_printcomplex128, NULL, 1, v); return;
    case T_STRING: gen_rt(g, RT_printstring, NULL, 1, v); return;
    case T_SLICE: gen_rt(g, RT_printslice, NULL, 1, v); return;
    case T_INTERFACE:
        gen_rt(g, interface_is_empty(u) ? RT_printeface : RT_printiface, NULL, 1, v);
        return;
    default: gen_rt(g, RT_printpointer, NULL, 1, gen_copy(g, PTR, v)); return;
    }
}

void gen_print(Gen *g, Node *n) {
    uint32_t k = n->list.len;
    Value **v = NEW_ARRAY(Value *, k);
    for (uint32_t i = 0; i < k; i++) v[i] = gen_expr(g, n->list.data[i]);
    gen_rt(g, RT_printlock, NULL, 0);
    for (uint32_t i = 0; i < k; i++) {
        if (i && n->op == N_PRINTLN) gen_rt(g, RT_printsp, NULL, 0);
        print_value(g, n->list.data[i]->type, v[i]);
    }
    if (n->op == N_PRINTLN) gen_rt(g, RT_printnl, NULL, 0);
    gen_rt(g, RT_printunlock, NULL, 0);
}

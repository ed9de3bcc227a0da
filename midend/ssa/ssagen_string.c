// ssagen_string: conversions between strings and slices, runes of strings.
#include "midend/ssa/ssagen.h"

Value *gen_result_buffer(Gen *g, const Node *n) {
    enum { RESULT_BUFFER = 32 }; // elements: what runtime/string.c fills
    if (!n->noescape) return gen_nil(g);
    Type *elem = n->op == N_STR2RUNES ? BASIC(INT32) : BASIC(UINT8);
    return gen_slotaddr(
        g, gen_slot(g, types_canonical(type_array(elem, n->op == N_RUNE2STR ? 4 : RESULT_BUFFER))));
}

// []byte(s): the string's own bytes if nobody writes to them; a constant's in an array of its
// length.
Value *gen_string_to_bytes(Gen *g, Node *n) {
    Value *s = gen_expr(g, n->x);
    if (n->x->op == N_CONST && n->noescape && !n->readonly) {
        int64_t len = (int64_t)const_string_len(n->x->val);
        if (len && len <= FRAME_MAX_OBJECT) {
            Type *array = types_canonical(type_array(BASIC(UINT8), len));
            Value *p = gen_slotaddr(g, gen_slot(g, array)), *k = gen_int(g, INT, len);
            gen_move(g, array, p, gen1(g, SSA_STRPTR, PTR, s));
            return gen3(g, SSA_SLICEMAKE, n->type, p, k, k);
        }
    }
    if (!n->readonly)
        return gen_rt(g, RT_stringtoslicebyte, n->type, 2, gen_result_buffer(g, n), s);
    Value *p = gen1(g, SSA_STRPTR, PTR, s), *len = gen1(g, SSA_STRLEN, INT, s);
    if (n->x->op != N_CONST || !const_string_len(n->x->val)) { // an empty slice is not nil
        Value *empty = gen_dataaddr(g, unit_data(g->u, 0, 1, true));
        p = gen_choose(g, gen2(g, SSA_EQ, BOOL, p, gen_nil(g)), empty, p);
    }
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}

// ASCII is decoded in line; only longer sequences are the runtime's.
Value *gen_decoderune(Gen *g, Value *s, Value *i, Value **next) {
    Type *rune = BASIC(INT32);
    Value *c =
        gen_load(g, BASIC(UINT8), gen_elemaddr(g, BASIC(UINT8), gen1(g, SSA_STRPTR, PTR, s), i));
    Value *r = gen_conv(g, rune, c);
    Value *after = gen2(g, SSA_ADD, INT, i, gen_int(g, INT, 1));
    Block *slow = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_GE, BOOL, c, gen_int(g, BASIC(UINT8), 0x80)), slow, join, -1);
    gen_enter(g, slow);
    Value *v = gen_rt(g, RT_decoderune, NULL, 2, gen_copy(g, BASIC(STRING), s), i);
    Value *sr = gen_result(g, v, 0), *sn = gen_result(g, v, 1);
    gen_flow_into(g, join);
    Value *result = gen_phi2(g, rune, r, sr);
    *next = gen_phi2(g, INT, after, sn);
    return result;
}

// ssagen_map: maps: made, looked up, assigned to, literals of them.
//
// Keys of 4 and 8 bytes and strings take the typed fast paths when the element is small enough for
// them.
#include "midend/report.h"
#include "midend/ssa/ssagen.h"

Value *gen_map_len(Gen *g, Value *m) {
    m = gen_copy(g, PTR, m);
    Value *zero = gen_int(g, INT, 0);
    Block *some = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_NE, BOOL, m, gen_nil(g)), some, join, 1);
    gen_enter(g, some);
    Value *used = gen_load(g, INT, m); // internal/runtime/maps.Map.used comes first
    gen_flow_into(g, join);
    return gen_phi2(g, INT, zero, used);
}

static Value *zeroed_words(Gen *g, int64_t size) {
    Type *words = types_canonical(type_array(UINTPTR, size / 8));
    Value *p = gen_slotaddr(g, gen_slot(g, words));
    gen_zeromem(g, words, p);
    return p;
}

// An empty group in the frame for the map at m.
static void first_group(Gen *g, Type *map, Value *m) {
    Value *p = zeroed_words(g, type_size(map_group_type(map)));
    gen_store(g, p, gen_int(g, INT, (int64_t)ABI_MAP_CTRL_EMPTY));
    gen_store(g, gen_ptradd(g, m, offsetof(AbiMap, dir)), p);
}

// The map that n makes. What does not escape has its header in the frame and, unless hint is known
// to be more than that holds, its first group: further ones come from the heap.
Value *gen_makemap(Gen *g, Node *n, Value *hint) {
    Type *map = under(n->type);
    int64_t k = INT64_MAX;
    bool known = hint->op == SSA_CONST && const_int64_value(hint->konst, &k),
         small = k <= ABI_MAP_GROUP_SLOTS;
    if (!n->noescape) {
        if (small) return gen_rt(g, RT_makemap_small, NULL, 0);
        return gen_rt(g, RT_makemap, NULL, 3, gen_typeaddr(g, map), hint, gen_nil(g));
    }
    Value *m = zeroed_words(g, sizeof(AbiMap));
    if (small) {
        first_group(g, map, m);
        gen_store(g, gen_ptradd(g, m, offsetof(AbiMap, seed)), gen_rt(g, RT_rand, NULL, 0));
        return m;
    }
    if (!known) {
        Block *one = gen_block(g), *join = gen_block(g);
        gen_if(g, gen2(g, SSA_LE, BOOL, hint, gen_int(g, INT, ABI_MAP_GROUP_SLOTS)), one, join, 1);
        gen_enter(g, one);
        first_group(g, map, m);
        gen_flow_into(g, join);
    }
    return gen_rt(g, RT_makemap, NULL, 3, gen_typeaddr(g, map), hint, m);
}

// A lookup may use a slice's own bytes as a string, since the map does not keep them.
Value *gen_map_key(Gen *g, Type *map, Node *key, bool lookup) {
    switch (map_fast(map)) {
    case MAP_32: return gen_conv(g, BASIC(UINT32), gen_expr(g, key));
    case MAP_64: {
        Value *v = gen_expr(g, key);
        return type_is_integer(v->type) ? gen_conv(g, INT, v)
                                        : gen_conv(g, INT, gen_copy(g, UINTPTR, v));
    }
    case MAP_STR:
        return lookup ? gen_string_view(g, key) : gen_copy(g, BASIC(STRING), gen_expr(g, key));
    default: {
        Value *p = gen_slotaddr(g, gen_slot(g, map->map.key));
        if (type_size(map->map.key))
            gen_into(g, p, key, true);
        else
            gen_expr(g, key);
        return p;
    }
    }
}

// A missing element is the runtime's zero value, which is only so large.
Value *gen_map_access(Gen *g, Type *map, Value *m, Value *key, Value **ok) {
    static const RtFunc one[] = {RT_mapaccess1, RT_mapaccess1_fast32, RT_mapaccess1_fast64,
                                 RT_mapaccess1_faststr};
    static const RtFunc two[] = {RT_mapaccess2, RT_mapaccess2_fast32, RT_mapaccess2_fast64,
                                 RT_mapaccess2_faststr};
    MapFast fast = map_fast(map);
    m = gen_copy(g, PTR, m);
    Value *type = gen_typeaddr(g, map);
    int64_t size = type_size(map->map.elem);
    // Of the value's address, which never is nil.
    if (report_debug_option("nil")) report_at(g->pos, "removed nil check");
    if (!ok && size <= 1024) return gen_rt(g, one[fast], NULL, 3, type, m, key);
    Value *v = gen_rt(g, two[fast], NULL, 3, type, m, key);
    Value *p = gen_result(g, v, 0), *found = gen_result(g, v, 1);
    if (ok) *ok = found;
    if (size > 1024) { // the runtime's shared zero value is not that large
        Data *zero = unit_data(g->u, (uint64_t)size, (uint64_t)type_align(map->map.elem), true);
        p = gen_choose(g, found, p, gen_dataaddr(g, zero));
    }
    return p;
}

Value *gen_map_assign(Gen *g, Type *map, Value *m, Value *key) {
    static const RtFunc assign[] = {RT_mapassign, RT_mapassign_fast32, RT_mapassign_fast64,
                                    RT_mapassign_faststr};
    return gen_rt(g, assign[map_fast(map)], NULL, 3, gen_typeaddr(g, map), gen_copy(g, PTR, m),
                  key);
}

MapPlace gen_map_place(Gen *g, Node *x, bool calm) {
    MapPlace p = {under(x->x->type), gen_expr(g, x->x), NULL, false};
    const Node *key = x->y;
    while (key->op == N_CONVNOP) key = key->x;
    p.view = calm && key->op == N_BYTES2STR && map_fast(p.map) == MAP_STR;
    p.key = gen_map_key(g, p.map, x->y, p.view);
    return p;
}

Value *gen_map_slot(Gen *g, const MapPlace *p) {
    if (!p->view) return gen_map_assign(g, p->map, p->m, p->key);
    Value *ok, *old = gen_map_access(g, p->map, p->m, p->key, &ok);
    Block *insert = gen_block(g), *join = gen_block(g);
    gen_if(g, ok, join, insert, 1);
    gen_enter(g, insert);
    Value *copy = gen_rt(g, RT_slicebytetostring, NULL, 3, gen_nil(g),
                         gen1(g, SSA_STRPTR, PTR, p->key), gen1(g, SSA_STRLEN, INT, p->key));
    Value *fresh = gen_map_assign(g, p->map, p->m, copy);
    gen_flow_into(g, join);
    return gen_phi2(g, PTR, old, fresh);
}

void gen_map_delete(Gen *g, Type *map, Value *m, Value *key) {
    static const RtFunc del[] = {RT_mapdelete, RT_mapdelete_fast32, RT_mapdelete_fast64,
                                 RT_mapdelete_faststr};
    gen_rt(g, del[map_fast(map)], NULL, 3, gen_typeaddr(g, map), gen_copy(g, PTR, m), key);
}

// Many constant entries: a loop over two static arrays instead of code for each.
static void maplit_loop(Gen *g, Type *map, Value *m, Node *n, uint32_t count) {
    Type *key = map->map.key, *elem = map->map.elem;
    Type *keys = types_canonical(type_array(key, count)),
         *elems = types_canonical(type_array(elem, count));
    Data *kd = unit_data(g->u, (uint64_t)type_size(keys), (uint64_t)type_align(keys), true);
    Data *ed = unit_data(g->u, (uint64_t)type_size(elems), (uint64_t)type_align(elems), true);
    for (uint32_t i = 0; i < count; i++) {
        static_write(g->u, kd, i * (uint64_t)type_size(key), n->list.data[2 * i], gen_once(g));
        static_write(g->u, ed, i * (uint64_t)type_size(elem), n->list.data[2 * i + 1], gen_once(g));
    }
    Slot *i = gen_slot(g, INT);
    Block *head = gen_block(g), *body = gen_block(g), *done = gen_block(g);
    gen_store(g, gen_slotaddr(g, i), gen_int(g, INT, 0));
    gen_flow_into(g, head);
    Value *k = gen_load(g, INT, gen_slotaddr(g, i));
    gen_if(g, gen2(g, SSA_LT, BOOL, k, gen_int(g, INT, count)), body, done, 1);
    gen_enter(g, body);
    Value *keys_at = gen_dataaddr(g, kd), *elems_at = gen_dataaddr(g, ed);
    Value *kp = gen_elemaddr(g, key, keys_at, k), *ep = gen_elemaddr(g, elem, elems_at, k);
    Value *kv = kp;
    switch (map_fast(map)) {
    case MAP_32: kv = gen_load(g, BASIC(UINT32), kp); break;
    case MAP_64: kv = gen_load(g, INT, kp); break;
    case MAP_STR: kv = gen_load(g, BASIC(STRING), kp); break;
    default: break;
    }
    gen_move(g, elem, gen_map_assign(g, map, m, kv), ep);
    gen_store(g, gen_slotaddr(g, i), gen2(g, SSA_ADD, INT, k, gen_int(g, INT, 1)));
    gen_goto(g, head);
    gen_enter(g, done);
}

// Key and value are evaluated before the entry is made; many constant ones are copied by a loop.
Value *gen_maplit(Gen *g, Node *n) {
    Type *map = under(n->type);
    uint32_t count = n->list.len / 2;
    Value *m = gen_makemap(g, n, gen_int(g, INT, count));
    bool all_static = count > 25; // as with gc: below, code for each is no longer than the loop
    for (uint32_t i = 0; i < n->list.len && all_static; i++)
        all_static = static_possible(n->list.data[i], gen_once(g));
    if (all_static) maplit_loop(g, map, m, n, count);
    for (uint32_t i = 0; !all_static && i < count; i++) {
        Value *key = gen_map_key(g, map, n->list.data[2 * i], false);
        Node *e = n->list.data[2 * i + 1];
        if (type_fits_registers(e->type)) {
            Value *v = gen_expr(g, e);
            Value *p = gen_map_assign(g, map, m, key);
            if (type_size(e->type)) gen_store(g, p, v);
        } else {
            Value *src = gen_value_addr(g, e);
            gen_move(g, e->type, gen_map_assign(g, map, m, key), src);
        }
    }
    return gen_copy(g, n->type, m);
}

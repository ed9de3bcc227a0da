// unsafe_args: functions marked //go:cgo_unsafe_args, which cmd/cgo makes: C finds their parameters
// and results behind the address of the first, as gc's stack frames have them: a struct of the
// parameters, and from the next multiple of a pointer's size on the results.
//
//     func f(p0 int32, p1 *T) (r1 int8) {       func f(p0 int32, p1 *T) (r1 int8) {
//         call(uintptr(&p0))                        var a struct { p0 int32; p1 *T; _ [0]uintptr; r1 int8 }
//         return                          =>        a.p0 = p0; a.p1 = p1
//     }                                             call(uintptr(&a.p0))
//                                                   return a.r1
//                                               }
#include "midend/tree/build.h"

typedef struct Frame {
    Local *args;
    uint32_t params; // fields of parameters; then the padding, then results
} Frame;

static Object *field(const char *name, Type *t) {
    Object *o = object_new(O_VAR, 0, NULL, intern_c(name), t);
    o->is_field = true;
    return o;
}

static Node *frame_field(const Frame *f, uint32_t i, Pos pos) {
    Node *n = node_new(N_DOT, pos, under(f->args->type)->strukt.fields.data[i]->type);
    n->x = node_local(f->args, pos);
    n->field = i;
    return n;
}

static uint32_t index_in(const LocalVec *list, const Local *l) {
    uint32_t i = 0;
    while (i < list->len && list->data[i] != l) i++;
    return i;
}

// Parameters and results in the body are the frame's fields.
static bool replace(Node *n, void *arg) {
    const Frame *f = arg;
    const Func *fn = f->args->func;
    if (n->op == N_RETURN && !n->list.len)
        for (uint32_t i = 0; i < fn->results.len; i++)
            vec_push(&n->list, frame_field(f, f->params + 1 + i, n->pos));
    else if (n->op == N_LOCAL && n->local->is_param)
        *n = *frame_field(f, index_in(&fn->params, n->local), n->pos);
    else if (n->op == N_LOCAL && n->local->is_result)
        *n = *frame_field(f, f->params + 1 + index_in(&fn->results, n->local), n->pos);
    else
        return true;
    return false;
}

void build_unsafe_args(Build *b, Func *f) {
    Vec(Object *) fields = {0};
    Frame frame = {.params = f->params.len};
    for (vec_each(Local *, l, &f->params))
        vec_push(&fields, field(xsprintf("p%u", fields.len), (*l)->type));
    vec_push(&fields, field("_", type_array(BASIC(UINTPTR), 0)));
    for (vec_each(Local *, l, &f->results))
        vec_push(&fields, field(xsprintf("r%u", fields.len), (*l)->type));
    if (fields.len == 1) return;
    frame.args =
        func_new_temp(f, types_canonical(type_struct(fields.data, fields.len, NULL, NULL)), f->pos);
    frame.args->addr_taken = frame.args->reassigned = true;
    node_visit_list(&f->body, replace, &frame);
    NodeVec body = f->body;
    f->body = (NodeVec){0};
    Node *declared = node_new(N_DCL, f->pos, NULL);
    declared->local = frame.args;
    build_emit(b, declared);
    for (uint32_t i = 0; i < f->params.len; i++)
        build_emit(b, build_as(frame_field(&frame, i, f->pos),
                               node_local(f->params.data[i], f->pos), f->pos));
    for (vec_each(Node *, n, &body)) build_emit(b, *n);
}

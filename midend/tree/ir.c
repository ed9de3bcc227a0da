// ir: nodes of the tree IR, walking, copying, and --emit=ir.
#include "midend/tree/ir.h"
#include "runtime/abi.h"

const char *const node_op_text[N_OP_COUNT] = {
#define O(name, text) text,
    IR_EXPRS(O) IR_STMTS(O)
#undef O
};

Node *node_new(NodeOp op, Pos pos, Type *type) {
    Node *n = NEW(Node);
    n->op = (uint8_t)op;
    n->pos = pos;
    n->type = type;
    return n;
}
Node *node_local(Local *l, Pos pos) {
    Node *n = node_new(N_LOCAL, pos, l->type);
    n->local = l;
    return n;
}
Node *node_func(NodeOp op, Func *f, Pos pos) {
    Node *n = node_new(op, pos, f->sig);
    n->func = f;
    return n;
}
Node *node_int(Type *t, int64_t v, Pos pos) {
    Node *n = node_new(N_CONST, pos, t);
    n->val = const_int64(v);
    return n;
}

Pos inl_report_pos(Pos pos, const InlCall *inl) {
    for (; inl; inl = inl->parent) pos = inl->pos;
    return pos;
}

static void copy_list(NodeVec *to, const NodeVec *from) {
    *to = (NodeVec){0};
    for (uint32_t i = 0; i < from->len; i++) vec_push(to, node_copy(from->data[i]));
}
Node *node_copy(const Node *n) {
    if (!n) return NULL;
    Node *c = NEW(Node);
    *c = *n;
    c->x = node_copy(n->x);
    c->y = node_copy(n->y);
    copy_list(&c->list, &n->list);
    copy_list(&c->rlist, &n->rlist);
    copy_list(&c->body, &n->body);
    copy_list(&c->els, &n->els);
    return c;
}

void node_visit_list(NodeVec *l, NodeVisit f, void *arg) {
    for (uint32_t i = 0; i < l->len; i++) node_visit(l->data[i], f, arg);
}
void node_visit(Node *n, NodeVisit f, void *arg) {
    if (!n || !f(n, arg)) return;
    // Their x is the statement around them.
    if (n->op != N_BREAK && n->op != N_CONTINUE) node_visit(n->x, f, arg);
    node_visit(n->y, f, arg);
    node_visit_list(&n->list, f, arg);
    node_visit_list(&n->rlist, f, arg);
    node_visit_list(&n->body, f, arg);
    node_visit_list(&n->els, f, arg);
}

bool node_is_addressable(const Node *n) {
    switch (n->op) {
    case N_LOCAL:
    case N_GLOBAL:
    case N_DEREF:
    case N_DOTPTR: return true;
    case N_DOT: return node_is_addressable(n->x);
    case N_INDEX: {
        TypeKind k = under(n->x->type)->kind;
        return k == T_SLICE || k == T_POINTER || (k == T_ARRAY && node_is_addressable(n->x));
    }
    default: return false;
    }
}

// As gc's mapfast: the runtime's functions for such keys hash and compare without the type.
MapFast map_fast(Type *map) {
    if (type_size(map->map.elem) > ABI_MAP_MAX_INLINE) return MAP_SLOW;
    switch (under(map->map.key)->kind) {
    case T_INT32:
    case T_UINT32: return MAP_32;
    case T_INT:
    case T_UINT:
    case T_INT64:
    case T_UINT64:
    case T_UINTPTR:
    case T_POINTER:
    case T_CHAN:
    case T_UNSAFEPTR: return MAP_64;
    case T_STRING: return MAP_STR;
    default: return MAP_SLOW;
    }
}

// What is not listed is never the same: it may give another value each time.
bool node_same(const Node *a, const Node *b) {
    if (a->op != b->op || a->type != b->type) return false;
    switch (a->op) {
    case N_CONST: return const_equal_value(a->val, b->val);
    case N_LOCAL: return a->local == b->local;
    case N_GLOBAL: return a->global == b->global;
    case N_DEREF:
    case N_CONVNOP:
    case N_CONVNUM:
    case N_BYTES2STR:
    case N_NEG:
    case N_NOT:
    case N_COM: return node_same(a->x, b->x);
    case N_DOT:
    case N_DOTPTR: return a->field == b->field && node_same(a->x, b->x);
    case N_INDEX:
    case N_INDEXMAP: return node_same(a->x, b->x) && node_same(a->y, b->y);
    default: return op_is_arith(a->op) && node_same(a->x, b->x) && node_same(a->y, b->y);
    }
}

typedef struct Dump {
    FILE *out;
    int depth;
} Dump;

// A node a line, its children below it with their roles. x of break and continue is where they
// lead, no child.
static void dump(Dump *d, const char *role, const Node *n) {
    if (!n) return;
    Position p = source_position_raw(n->pos);
    fprintf(d->out, "%*s%s%s%s", d->depth * 2, "", role, *role ? ": " : "", node_op_text[n->op]);
    switch (n->op) {
    case N_CONST: fprintf(d->out, " %s", const_string_exact(n->val)); break;
    case N_LOCAL:
    case N_DCL: fprintf(d->out, " %s.%u", n->local->name, n->local->index); break;
    case N_GLOBAL: fprintf(d->out, " %s", n->global->symbol); break;
    case N_FUNC:
    case N_CLOSURE:
    case N_METHODPTR: fprintf(d->out, " %s", n->func->symbol); break;
    case N_DOT:
    case N_DOTPTR: {
        Type *s = under(n->op == N_DOT ? n->x->type : deref(under(n->x->type), NULL));
        if (s->kind == T_STRUCT) fprintf(d->out, " %s", s->strukt.fields.data[n->field]->name);
        break;
    }
    case N_LABEL:
    case N_GOTO: fprintf(d->out, " %s", n->label); break;
    case N_OPAS: fprintf(d->out, " %s", node_op_text[n->arith]); break;
    case N_KEYED:
    case N_SLICELIT:
    case N_CALLINTER: // one number, whatever its name
        fprintf(d->out, " #%lld", (long long)n->index);
        break;
    default: break;
    }
    if (n->type) fprintf(d->out, " <%s>", type_link_string(n->type));
    fprintf(d->out, " %u:%u", p.line, p.col);
    Position at = source_position_raw(inl_report_pos(n->pos, n->inl));
    if (n->inl) fprintf(d->out, " inlined at %u:%u", at.line, at.col);
    fputc('\n', d->out);
    d->depth++;
    if (n->op != N_BREAK && n->op != N_CONTINUE) dump(d, "x", n->x);
    dump(d, "y", n->y);
    for (uint32_t i = 0; i < n->list.len; i++) dump(d, "", n->list.data[i]);
    for (uint32_t i = 0; i < n->rlist.len; i++) dump(d, "right", n->rlist.data[i]);
    for (uint32_t i = 0; i < n->body.len; i++) dump(d, "body", n->body.data[i]);
    for (uint32_t i = 0; i < n->els.len; i++) dump(d, "else", n->els.data[i]);
    d->depth--;
}

// Variables first, with the index that tells apart those of one name.
void dump_ir(FILE *out, const Func *f) {
    fprintf(out, "func %s %s\n", f->symbol, type_link_string(f->sig));
    Dump d = {out, 1};
    for (uint32_t i = 0; i < f->locals.len; i++) {
        Local *l = f->locals.data[i];
        fprintf(out, "  local %s.%u <%s>%s%s%s%s\n", l->name, l->index, type_link_string(l->type),
                l->is_param    ? " param"
                : l->is_result ? " result"
                               : "",
                l->heap ? " heap" : "", l->by_ref ? " by-ref" : "",
                l->is_capture ? " captured" : "");
    }
    for (uint32_t i = 0; i < f->body.len; i++) dump(&d, "", f->body.data[i]);
    fputc('\n', out);
}

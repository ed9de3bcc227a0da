// reduce: the smallest tree for which something still holds. Each round goes through the tree from
// the top: runs of a block's or a list's children are left out, long ones first; a statement gives
// way to a block within it; an expression to its type's zero value or to an operand of the same
// type. A change stays when what is asked still holds. Rounds end when one changes nothing, or
// after so many tries.
#include "cmd/fuzz/run.h"

static bool keep_if_holds(Reduction *r) {
    if (!r->left) return false;
    r->left--;
    if (!r->holds(r->arg)) return false;
    r->progress = true;
    return true;
}

// Runs of 2 and 3 are tried at each place: a declaration and its only use go together.
static void drop_kids(Reduction *r, Node *n) {
    for (uint32_t size = n->kids.len; size; size = size > 3 ? size / 2 : size - 1) {
        Vec(Node *) kids = {0};
        for (vec_each(Node *, it, &n->kids))
            if (!(*it)->gone) vec_push(&kids, *it);
        for (uint32_t at = 0; at < kids.len; at += size > 3 ? size / 2 : 1) {
            Vec(Node *) dropped = {0};
            for (uint32_t i = at; i < at + size && i < kids.len; i++)
                if (!kids.data[i]->gone) vec_push(&dropped, kids.data[i]);
            for (vec_each(Node *, it, &dropped)) (*it)->gone = true;
            if (!dropped.len || keep_if_holds(r)) continue;
            for (vec_each(Node *, it, &dropped)) (*it)->gone = false;
        }
    }
}

static bool stands_for(Reduction *r, Node *n, Node *kid) {
    n->stead = kid;
    if (keep_if_holds(r)) return true;
    n->stead = NULL;
    return false;
}

static bool simplify_expr(Reduction *r, Node *n) {
    const char *zero = zero_of(n->type)->text;
    if (n->kids.len == 0 && strchr("0123456789", *n->text)) return false;
    if (strcmp(zero, n->text) == 0) return false;
    n->plain = zero;
    if (keep_if_holds(r)) return true;
    n->plain = NULL;
    for (vec_each(Node *, it, &n->kids))
        if ((*it)->type == n->type && stands_for(r, n, *it)) return true;
    return false;
}

// From the top, for what a large change takes away needs no small ones. What came to stand for n is
// made smaller in its turn.
static void reduce_node(Reduction *r, Node *n) {
    if (n->gone || n->plain) return;
    while (n->stead) n = n->stead;
    if (n->gone || n->plain) return;
    if (n->kind == NODE_BLOCK || n->kind == NODE_LIST) drop_kids(r, n);
    if (n->kind == NODE_STMT)
        for (vec_each(Node *, it, &n->kids))
            if (((*it)->kind == NODE_BLOCK || (*it)->kind == NODE_STMT) && stands_for(r, n, *it))
                break;
    if (n->kind == NODE_EXPR && n->type && simplify_expr(r, n)) {
        if (n->stead) reduce_node(r, n->stead);
        return;
    }
    Node *inner = n->stead ? n->stead : n;
    for (vec_each(Node *, it, &inner->kids)) reduce_node(r, *it);
}

void node_reduce(Reduction *r, Node *n) {
    do {
        r->progress = false;
        reduce_node(r, n);
    } while (r->progress && r->left);
}

// ---- of programs whose answers differ ----

enum { MAX_TRIES = 1500 };

typedef struct Difference {
    const char *dir;
    uint64_t seed;
    Build reference, build;
    Mode mode;
    Answer was; // the differing answer
    Node *program;
} Difference;

static Answer ask(Difference *d, Build b, Mode m, const char *text) {
    Str said;
    Answer a = {NO_BUILD};
    if (package_compile(d->dir, b, &said)) package_run(d->dir, b, m, &text, &a, 1);
    return a;
}

// vole's compile comes first, since it refuses what is invalid sooner than gc.
static bool still_differs(void *arg) {
    Difference *d = arg;
    const char *text = node_print(d->program);
    package_write(d->dir, &d->seed, &text, 1);
    Answer got = ask(d, d->build, d->mode, text);
    if (got.outcome != d->was.outcome) return false;
    Answer want = ask(d, d->reference, PLAIN, text);
    return want.outcome == ANSWERED && !answers_equal(want, got);
}

const char *program_reduce(const char *dir, uint64_t seed, Build b, Mode m, Answer was) {
    Difference d = {dir, seed, runner.go ? GC : O0, b, m, was, program_generate(seed)};
    if (!still_differs(&d)) return NULL;
    node_reduce(&(Reduction){still_differs, &d, MAX_TRIES}, d.program);
    return node_print(d.program);
}

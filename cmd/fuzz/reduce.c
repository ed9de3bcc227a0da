// reduce: the smallest tree of which a difference still holds. Comes in: a seed, and the way of compiling and running whose answer
// differs from the first way's. Each round goes through the tree from the top: runs of a block's or a list's children are left out,
// long ones first; a statement gives way to a block within it; an expression to its type's zero value or to an operand of the same
// type. A change stays when gc still accepts the program (where there is gc) and the difference is still there. Rounds end when one
// changes nothing, or after so many tries.
#include "cmd/fuzz/run.h"

enum { MAX_TRIES = 1500 };

typedef struct Reduction {
    const char *dir;
    uint64_t seed;
    Build reference, build;
    Mode mode;
    Answer was; // the differing answer
    Node *program;
    int tries;
    bool progress;
} Reduction;

static Answer ask(Reduction *r, Build b, Mode m, const char *text) {
    Str said;
    Answer a = {NO_BUILD};
    if (package_compile(r->dir, b, &said)) package_run(r->dir, b, m, &text, &a, 1);
    return a;
}

// vole's compile comes first, since it refuses what is invalid sooner than gc.
static bool still_differs(Reduction *r) {
    const char *text = node_print(r->program);
    r->tries++;
    package_write(r->dir, &r->seed, &text, 1);
    Answer got = ask(r, r->build, r->mode, text);
    if (got.outcome != r->was.outcome) return false;
    Answer want = ask(r, r->reference, PLAIN, text);
    return want.outcome == ANSWERED && !answers_equal(want, got);
}

static bool keep_if_differs(Reduction *r) {
    if (r->tries >= MAX_TRIES || !still_differs(r)) return false;
    r->progress = true;
    return true;
}

static void drop_kids(Reduction *r, Node *n) {
    for (uint32_t size = n->kids.len; size; size /= 2) {
        for (uint32_t at = 0; at < n->kids.len; at += size) {
            Vec(Node *) dropped = {0};
            for (uint32_t i = at; i < at + size && i < n->kids.len; i++)
                if (!n->kids.data[i]->gone) vec_push(&dropped, n->kids.data[i]);
            for (vec_each(Node *, it, &dropped)) (*it)->gone = true;
            if (!dropped.len || keep_if_differs(r)) continue;
            for (vec_each(Node *, it, &dropped)) (*it)->gone = false;
        }
    }
}

static bool stands_for(Reduction *r, Node *n, Node *kid) {
    n->stead = kid;
    if (keep_if_differs(r)) return true;
    n->stead = NULL;
    return false;
}

static bool simplify_expr(Reduction *r, Node *n) {
    const char *zero = zero_of(n->type)->text;
    if (n->kids.len == 0 && strchr("0123456789", *n->text)) return false;
    if (strcmp(zero, n->text) == 0) return false;
    n->plain = zero;
    if (keep_if_differs(r)) return true;
    n->plain = NULL;
    for (vec_each(Node *, it, &n->kids))
        if ((*it)->type == n->type && stands_for(r, n, *it)) return true;
    return false;
}

static void reduce_node(Reduction *r, Node *n) {
    if (n->gone || n->plain) return;
    while (n->stead) n = n->stead;
    if (n->gone || n->plain) return;
    if (n->kind == NODE_BLOCK || n->kind == NODE_LIST) drop_kids(r, n);
    if (n->kind == NODE_STMT)
        for (vec_each(Node *, it, &n->kids))
            if (((*it)->kind == NODE_BLOCK || (*it)->kind == NODE_STMT) && stands_for(r, n, *it)) break;
    if (n->kind == NODE_EXPR && n->type && simplify_expr(r, n)) {
        if (n->stead) reduce_node(r, n->stead);
        return;
    }
    Node *inner = n->stead ? n->stead : n;
    for (vec_each(Node *, it, &inner->kids)) reduce_node(r, *it);
}

const char *program_reduce(const char *dir, uint64_t seed, Build b, Mode m, Answer was) {
    Reduction r = {.dir = dir,
                   .seed = seed,
                   .reference = runner.go ? GC : O0,
                   .build = b,
                   .mode = m,
                   .was = was,
                   .program = program_generate(seed)};
    if (!still_differs(&r)) return NULL;
    do {
        r.progress = false;
        reduce_node(&r, r.program);
    } while (r.progress && r.tries < MAX_TRIES);
    return node_print(r.program);
}

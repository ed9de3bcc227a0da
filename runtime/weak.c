// weak: weak pointers of packages weak and unique. A handle is a cell with a hidden pointer that
// the collector clears when the object goes away. All weak pointers to one address are equal, so a
// table finds the handle that there is; it keeps neither object nor handle.
#include "runtime/heap.h"
#include "runtime/lock.h"

typedef struct Node {
    struct Node *next;
    uintptr_t key; // the address, hidden
    void *cell;    // hidden; nil once it is collected: the node is free
} Node;
enum { BUCKETS = 4096 };
static Node *table[BUCKETS];
static Mutex table_lock;

static Node *node_of(Node *first, const void *p, Node **unused) { // table_lock held
    Node *n = first;
    for (; n && n->key != ~(uintptr_t)p; n = n->next)
        if (!LOAD_RELAXED(n->cell)) *unused = n;
    return n;
}

// NULL: none, or of an object that is gone from there.
static void **cell_of(Node *n, const void *p) {
    void **cell = n ? heap_link_load(&n->cell) : NULL;
    return cell && heap_link_load(cell) == p ? cell : NULL;
}

// One handle an object: equal weak pointers are equal.
GO_FUNC(void *, weak_register, (void *p), "weak.runtime_registerWeakPointer") {
    if (!p) return NULL;
    Node **bucket = &table[((uintptr_t)p >> 4) % BUCKETS], *n, *unused = NULL;
    lock(&table_lock);
    void **cell = cell_of(node_of(*bucket, p, &unused), p), **fresh;
    unlock(&table_lock);
    if (cell) return cell;
    fresh = rt_alloc(sizeof *fresh, false);
    heap_link(fresh, p);
    unused = NULL;
    lock(&table_lock);
    n = node_of(*bucket, p, &unused);
    cell = cell_of(n, p);
    if (!cell) {
        if (!n) n = unused;
        if (!n) {
            n = persistent_alloc(sizeof *n);
            n->next = *bucket;
            *bucket = n;
        }
        n->key = ~(uintptr_t)p;
        cell = fresh;
        heap_link(&n->cell, cell);
    }
    unlock(&table_lock);
    return cell;
}

GO_FUNC(void *, weak_strong, (void *cell), "weak.runtime_makeStrongFromWeak") {
    return cell ? heap_link_load(cell) : NULL;
}

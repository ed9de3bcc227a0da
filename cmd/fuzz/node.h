// node: a program as a tree of texts, which the generator builds, or source.c from a file, and the
// reducer makes smaller.
#ifndef VOLE_FUZZ_NODE_H
#define VOLE_FUZZ_NODE_H

#include "frontend/base.h"

struct Type;
typedef struct Node Node;

typedef enum NodeKind {
    NODE_EXPR,  // a value of `type`
    NODE_STMT,  // a statement or declaration, on lines of its own
    NODE_BLOCK, // statements or declarations, each of which may be left out
    NODE_LIST,  // expressions between commas, none of which may be left out
} NodeKind;

struct Node {
    NodeKind kind;
    bool constant;     // gc folds it and refuses an overflow
    bool gone;         // left out by the reducer
    const char *plain; // the reducer prints this instead
    Node *stead;       // or this
    const struct Type *type;
    const char *text; // $0 to $9 stand for kids; NULL: one after the other
    Vec(Node *) kids;
};

Node *node_of(NodeKind kind, const struct Type *type, const char *text, ...); // kids up to NULL
#define EXPR(t, ...) node_of(NODE_EXPR, t, __VA_ARGS__, NULL)
#define STMT(...) node_of(NODE_STMT, NULL, __VA_ARGS__, NULL)
#define BLOCK() node_of(NODE_BLOCK, NULL, "", NULL)
#define LIST() node_of(NODE_LIST, NULL, "", NULL)
void node_add(Node *list, Node *kid);
const char *node_print(Node *n); // indented
const char *node_text(Node *n);  // as it stands

// The smallest tree for which `holds` says so, of one for which it does: kids of blocks go,
// statements give way to blocks within, expressions to their type's zero or an operand. At most so
// many tries.
typedef struct Reduction {
    bool (*holds)(void *arg);
    void *arg;
    uint32_t left; // tries
    bool progress;
} Reduction;
void node_reduce(Reduction *r, Node *n);

// ---- files and commands: run.c, source.c ----

bool write_text(const char *path, const char *text); // or says why not
// A command's status, or -1 if it had to be stopped; env: names and values up to NULL; out is
// appended to.
int spawn(const char *dir, const char *const *argv, const char *const *env, const char *out,
          const char *err, int seconds);
// Makes a Go file smaller where it lies, as long as the command succeeds (source.c): an exit
// status.
int source_reduce(const char *path, const char *command);

#endif

// fuzz: random Go programs that are valid, end, and print the same everywhere; compiled at vole's
// levels and by gc, whose programs must agree. This header is what the tool's files share. The
// flow:
//
//   program.c      a seed -> a program, as a tree of Nodes (node.c) with types (types.c); its
//                  chapters are expr.c, literal.c, call.c, stmt.c, loop.c, flow.c, conc.c and
//                  func.c
//   run.c          many programs -> one main package -> each compiler -> runs in several ways -> a
//                  checksum for each seed
//   reduce.c       a tree for which something holds, as that checksums differ -> the smallest for
//                  which it still does
//   source.c       apart from these: any Go file as such a tree, and what a command says of it:
//                  ./dev reduce
//   descriptors.c  apart from these: a program that sweeps hash and equality of keys of every size
//                  and mix of members
//
// What makes a program's behaviour one that the spec, or gc, fixes:
//   - Every value that matters goes into a checksum by way of `sink`; nothing reads the checksum.
//   - A call within an expression changes nothing but the checksum (traced), or nothing at all
//     (silent); what changes variables is called by statements of its own. So the order of calls,
//     receives and logical operators is all that can show.
//   - What can panic is guarded, or is the one thing in its statement that can, in a function that
//     recovers.
//   - NaNs hash as one value; floats go to integers in range only; capacities that append chose are
//     neither read nor shared.
//   - Iterations of maps only sum. Goroutines that run side by side are silent and write what is
//     theirs alone.
//   - Each function knows what it costs at most: loops have small bounds, calls go to what was
//     declared before.
#ifndef VOLE_FUZZ_H
#define VOLE_FUZZ_H

#include "cmd/fuzz/node.h"

// ---- types: types.c ----

typedef struct Type Type;

typedef enum Kind {
    BOOL,
    INT8,
    INT16,
    INT32,
    INT64,
    INT,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    UINT,
    UINTPTR,
    FLOAT32,
    FLOAT64,
    COMPLEX64,
    COMPLEX128,
    STRING,
    LAST_BASIC = STRING,
    ARRAY,
    SLICE,
    MAP,
    STRUCT,
    POINTER,
    FUNC,
    INTERFACE,
    CHAN,
    PARAM, // a type parameter
} Kind;

typedef struct Func Func;
typedef Vec(const Type *) TypeVec;

typedef struct Field {
    const char *name;
    const Type *type;
    bool embedded;
} Field;

struct Type {
    Kind kind;
    const char *text; // as a program writes it
    const Type *elem, *key;
    int len;
    Vec(Field) fields;
    TypeVec params, results;
    TypeVec choices;     // an interface's dynamic types; what a parameter's constraint allows
    Vec(Func *) methods; // of a named type and of an interface
    bool named, comparable;
    bool pointers;    // refers to memory, so that assignment shares
    const char *hash; // the function that hashes it, once it is declared
    bool open;        // a type parameter is part of it
    bool instance;    // of a generic type
};

bool is_signed(const Type *t);
bool is_integer(const Type *t);
bool is_float(const Type *t);
bool is_complex(const Type *t);
int int_bits(const Type *t);
const Type *type_basic(Kind k);
const Type *type_array(int len, const Type *elem);
const Type *type_slice(const Type *elem);
const Type *type_map(const Type *key, const Type *elem);
const Type *type_pointer(const Type *elem);
const Type *type_chan(const Type *elem);
const Type *type_func(const TypeVec *params, const TypeVec *results);
const Type *type_any(void);
typedef enum Want { ANY_TYPE = 0, COMPARABLE = 1, NO_POINTERS = 2, SMALL = 4 } Want;
const Type *type_random(int depth, Want want);
const Type *type_random_integer(void);
const Type *type_random_basic(void);
void types_declare(void);             // the program's named types
const char *type_hash(const Type *t); // a function func(uint64, T) uint64
const char *results_text(const TypeVec *results);

// ---- the program under construction: program.c ----

typedef struct Var {
    const char *name;
    const Type *type;
    bool fixed;   // must not be assigned to
    bool foreign; // nor may what it refers to be changed
    bool nonnil;
    int minlen; // at least so long, if it is fixed
} Var;

struct Func {
    const char *name;
    const Type *recv; // of a method
    bool pointer;     // its receiver is a pointer
    TypeVec params, results, tparams;
    bool silent;  // has no effect at all
    bool mutates; // changes what its arguments refer to, or variables: for statements alone
    bool variadic;
    long cost;
};

enum { PALETTE = 5 };

typedef struct Gen {
    uint64_t rnd;       // the state of random numbers
    const char *prefix; // of every name at package level
    Node *types, *funcs, *globals;
    PtrMap texts;                 // a type's text -> Type
    TypeVec named;                // declared types
    Vec(Func *) callees;          // functions declared so far
    Vec(Var) vars;                // in scope
    int names;                    // to number them
    int size, max_size;           // nodes so far, and after how many it is time to end
    const Type *palette[PALETTE]; // the basic types that the program prefers, so that values meet
    long cost, limit, mult;
    bool silent;            // no traced calls here
    bool pure;              // what variables refer to belongs to somebody else: not to be changed
    uint32_t barrier;       // nor may variables below it be
    const TypeVec *results; // of the function around
    bool named_results;
    int loops;                // breakable ones around within this function
    Vec(const char *) labels; // of loops around
    uint32_t first_label;     // of this function
    int nesting;              // of statements
    int literals;             // of function literals
    int paths;                // of variables' parts within indices
} Gen;
extern Gen g;

uint32_t rnd(uint32_t n); // below n
bool chance(int percent);
const char *fresh(const char *what); // a new name
const char *top_name(const char *what);
bool afford(long cost); // and charge it
Var *var_add(const char *name, const Type *t);
Node *program_generate(uint64_t seed); // the program's file without its package clause
#define TYPES(...) (&(TypeVec){.data = (const Type *[]){__VA_ARGS__}, .len = sizeof((const Type *[]){__VA_ARGS__}) / sizeof(Type *)})

// ---- chapters ----

Node *expr_of(const Type *t, int depth);
Node *expr_varying(const Type *t, int depth); // no constant
Node *expr_index(int len, int depth);         // an index into so many elements, more than 0
Node *literal_of(const Type *t, int depth);
Node *zero_of(const Type *t);
Node *path_to(const Type *t, int tries);  // a variable, or a part of one; NULL where there is none
Node *call_for(const Type *t, int depth); // NULL where nothing gives it
// What type parameters, and a generic type's open form, stand for in an instance.
typedef struct Binding {
    const Type *from[4], *to[4];
    uint32_t n;
} Binding;
const Type *type_subst(const Binding *b, const Type *t);
TypeVec types_subst(const Binding *b, const TypeVec *types);
const Type *param_argument(const Type *param); // a type that it may stand for
Node *call_any(int depth);
Node *call_args(const Func *f, int depth);
Node *func_literal(const Type *t, bool mutates);
Node *place_to_assign(const Type **t); // NULL where there is none
Node *sink_of(Node *value);
void block_fill(Node *block, int n);
Node *stmt_random(void);
Node *loop_random(void);
Node *flow_random(void);
Node *conc_random(void);
void funcs_declare(void);
Node *return_stmt(void);
Node *block_of(int n);                        // in a scope of its own
Node *own_body(int n);                        // of a function literal without results
Node *declare(const char *name, Node *value); // name := value, and a use of it

#endif

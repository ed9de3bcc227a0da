// syntax: tokens and the syntax tree of Go 1.27.
//
// parse_file turns a SourceFile into a File. It never gives up on a file: after an error it
// synchronises and goes on, so a tree is always returned (with E_BAD / S_BAD nodes where text made
// no sense) and errors are in `diagnostics`. Positions follow cmd/compile/internal/syntax, since
// gc's diagnostics do: a binary expression's and an assignment's pos is its operator's; a call's,
// index's, slice's, selector's and assertion's is its operand's start as that package sets it
// (x.pos as in its pexpr); expr_start() gives the leftmost position. The checker annotates the tree
// in place (fields marked "checker:"); nobody else writes to it.
#ifndef VOLE_SYNTAX_H
#define VOLE_SYNTAX_H

#include "frontend/source.h"

typedef struct Type Type;     // frontend/types.h
typedef struct Object Object; // frontend/types.h
typedef struct Scope Scope;   // frontend/types.h
typedef struct Const Const;   // frontend/constant.h
typedef struct Selection Selection;
typedef struct FuncInfo FuncInfo;

// Tokens: T(name, text). Operators: OPR(name, text, precedence, op enum shared by unary, binary and
// assignment forms).
#define TOKENS(T)                                                                                  \
    T(EOF, "EOF") T(NAME, "name") T(LITERAL, "literal") T(OPERATOR, "op") T(ASSIGN_OP, "op=") T(INCOP, "opop") \
    T(ASSIGN, "=") T(DEFINE, ":=") T(ARROW, "<-") T(STAR, "*") T(LPAREN, "(") T(LBRACK, "[") T(LBRACE, "{") \
    T(RPAREN, ")") T(RBRACK, "]") T(RBRACE, "}") T(COMMA, ",") T(SEMI, ";") T(COLON, ":") T(DOT, ".") T(DOTDOTDOT, "...") \
    T(BREAK, "break") T(CASE, "case") T(CHAN, "chan") T(CONST, "const") T(CONTINUE, "continue") T(DEFAULT, "default") \
    T(DEFER, "defer") T(ELSE, "else") T(FALLTHROUGH, "fallthrough") T(FOR, "for") T(FUNC, "func") T(GO, "go") \
    T(GOTO, "goto") T(IF, "if") T(IMPORT, "import") T(INTERFACE, "interface") T(MAP, "map") T(PACKAGE, "package") \
    T(RANGE, "range") T(RETURN, "return") T(SELECT, "select") T(STRUCT, "struct") T(SWITCH, "switch") T(TYPE, "type") \
    T(VAR, "var")
typedef enum Token {
#define T(name, text) TOK_##name,
    TOKENS(T)
#undef T
        TOK_COUNT
} Token;

// Operators: O(name, text, binary precedence or 0). STAR doubles as MUL; ARROW as RECV.
#define OPERATORS(O)                                                                               \
    O(NONE, "", 0) O(NOT, "!", 0) O(RECV, "<-", 0) O(TILDE, "~", 0)                                \
    O(OROR, "||", 1) O(ANDAND, "&&", 2)                                                            \
    O(EQL, "==", 3) O(NEQ, "!=", 3) O(LSS, "<", 3) O(LEQ, "<=", 3) O(GTR, ">", 3) O(GEQ, ">=", 3)  \
    O(ADD, "+", 4) O(SUB, "-", 4) O(OR, "|", 4) O(XOR, "^", 4)                                     \
    O(MUL, "*", 5) O(DIV, "/", 5) O(REM, "%", 5) O(AND, "&", 5) O(ANDNOT, "&^", 5) O(SHL, "<<", 5) O(SHR, ">>", 5)
// clang-format off
typedef enum Operator {
#define O(name, text, prec) OPR_##name,
    OPERATORS(O)
#undef O
    OPR_COUNT
} Operator;
// clang-format on
extern const char *const token_text[TOK_COUNT];
extern const char *const operator_text[OPR_COUNT];

typedef enum LitKind { LIT_INT, LIT_FLOAT, LIT_IMAG, LIT_RUNE, LIT_STRING } LitKind;

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef struct Decl Decl;
typedef Vec(Expr *) ExprVec;
typedef Vec(Stmt *) StmtVec;
typedef Vec(Decl *) DeclVec;

// One field of a struct, parameter of a signature, method or embedded element of an interface, or
// type parameter.
typedef struct Field {
    Pos pos; // of the name, or of the type where there is none
    bool embedded;
    Expr *name; // E_NAME; NULL: anonymous parameter, embedded field or element
    Expr *type; // shared by `a, b T`; E_DOTS for a final variadic parameter
    Expr *tag;  // struct field tag (E_LIT string) or NULL
} Field;
typedef Vec(Field *) FieldVec;

typedef enum ExprKind {
    E_BAD,
    E_NAME,       // name
    E_LIT,        // lit: text as written
    E_COMPOSITE,  // lit.type {elems}; type NULL when elided
    E_KEYVALUE,   // x: y, inside E_COMPOSITE
    E_FUNCLIT,    // ftype, body
    E_PAREN,      // (x)
    E_SELECTOR,   // x.sel
    E_INDEX,      // x[y] or x[list…] (generic instantiation with several)
    E_SLICE,      // x[i:j:k]; slice.full if 3-index
    E_ASSERT,     // x.(type)
    E_TYPESWITCH, // [lhs :=] x.(type); only as the tag of S_SWITCH
    E_STAR,       // *x: dereference or pointer type
    E_UNARY,      // op x: + - ! ^ ~ & (OPR_AND) <- (OPR_RECV)
    E_BINARY,     // x op y
    E_CALL,       // x(args…[...])
    E_LIST,       // a, b, c: left/right sides of assignments, results of return, lists of case
    E_ARRAYTYPE,  // [len]elem; len NULL: [...]elem
    E_SLICETYPE,  // []elem
    E_DOTS,       // ...elem, last parameter
    E_STRUCTTYPE,
    // Fields: methods (name, type E_FUNCTYPE) and embedded (type: union of E_BINARY OPR_OR /
    // E_UNARY OPR_TILDE).
    E_INTERFACETYPE,
    E_FUNCTYPE,
    E_MAPTYPE,  // map[x]y
    E_CHANTYPE, // chan_dir, x
} ExprKind;

typedef enum ChanDir { CHAN_BOTH = 3, CHAN_SEND = 2, CHAN_RECV = 1 } ChanDir; // reflect's encoding

// What an expression denotes (types2's operand modes).
// clang-format off
typedef enum Mode {
    MODE_INVALID, MODE_NOVALUE, MODE_BUILTIN, MODE_TYPE, MODE_CONST, MODE_VAR /* addressable */, MODE_MAPINDEX, MODE_VALUE,
    MODE_NILVALUE, MODE_COMMAOK, MODE_COMMAERR, MODE_CGOFUNC, MODE_PKGNAME,
} Mode;
// clang-format on

struct Expr {
    ExprKind kind;
    uint8_t mode;        // checker: Mode
    bool commaok;        // checker: used in a v, ok form; then type is the T_TUPLE (T, bool)
    bool implicit;       // made by the parser or checker, not written
    uint8_t check_flags; // checker's own, while types are still open
    Pos pos;
    Pos end; // one past the last byte (closing token included)
    // Checker: the type (default type applied to untyped operands once it is known); what it
    // denotes if MODE_TYPE.
    Type *type;
    Const *val; // checker: the value if MODE_CONST
    // checker: for an expression (name, selector or index) that denotes an instantiated generic
    // FUNCTION: its type arguments in order, explicit and inferred alike (may mention enclosing
    // type parameters); NULL otherwise. Set on the outermost expression that denotes the instance
    // (E_INDEX, or E_NAME/E_SELECTOR when all were inferred).
    struct TypeList *inst;
    // clang-format off
    union { // the parser's expressions have no more of it than their kind needs
        struct { Name name; Object *obj; /* checker: what it denotes, uses and defs alike (NULL for a blank lhs) */ } name;
        struct { LitKind kind; Str text; bool bad; } lit;
        struct { Expr *type; ExprVec elems; uint32_t nkeys; Pos rbrace; } composite;
        struct { Expr *x, *y; } kv;
        struct { Expr *ftype; Stmt *body; FuncInfo *info; /* checker */ } funclit;
        struct { Expr *x; Expr *sel; /* E_NAME */ Selection *selection; /* checker: NULL for pkg.Name (then sel->name.obj) */ } selector;
        struct { Expr *x; ExprVec index; } index;    // checker: see Expr.inst for instantiations
        struct { Expr *x, *i, *j, *k; bool full; } slice;
        struct { Expr *x, *type; } assert_;
        struct { Expr *lhs; /* E_NAME or NULL */ Expr *x; } typeswitch;
        struct { Expr *x; } star, paren;
        struct { Operator op; Expr *x, *y; } op;     // E_UNARY (y NULL), E_BINARY
        struct { Expr *fun; ExprVec args; bool dots; Pos rparen; } call;
        struct { ExprVec elems; } list;
        struct { Expr *len, *elem; } array;          // E_ARRAYTYPE, E_SLICETYPE, E_DOTS
        struct { FieldVec fields; } fields;          // E_STRUCTTYPE, E_INTERFACETYPE
        struct { FieldVec params, results; } func;
        struct { Expr *key, *elem; } map;
        struct { ChanDir dir; Expr *elem; } chan;
    };
    // clang-format on
};

// clang-format off
typedef enum StmtKind {
    S_BAD, S_EMPTY, S_BLOCK, S_EXPR, S_SEND, S_ASSIGN, S_INCDEC, S_DECL, S_LABELED, S_BRANCH, S_GO, S_DEFER, S_RETURN,
    S_IF, S_FOR, S_SWITCH, S_SELECT,
} StmtKind;
// clang-format on

// A case of switch or select.
typedef struct Clause {
    Pos pos, colon;
    Expr *exprs; // switch: E_LIST, single expression or NULL for default
    Stmt *comm;  // select: S_SEND, S_EXPR (receive) or S_ASSIGN (receive); NULL for default
    bool is_default;
    StmtVec body;
    Scope *scope; // checker
    // Checker: the variable a type switch's `x :=` declares in this clause, or NULL.
    Object *implicit;
} Clause;
typedef Vec(Clause *) ClauseVec;

struct Stmt {
    StmtKind kind;
    Pos pos, end;
    bool unparsed;     // S_BLOCK of a function declaration: see parse_body
    int8_t terminates; // midend/tree/build_dead.c's answer: 1, -1 (no), 0 not asked yet
    // clang-format off
    union { // the parser's statements have no more of it than their kind needs
        struct { StmtVec list; Pos rbrace; } block;
        struct { Expr *x; } expr;
        struct { Expr *ch, *x; } send;
        // op NONE: plain; E_LIST for several.
        struct { Expr *lhs, *rhs; Operator op; bool define; } assign;
        struct { Expr *x; bool dec; } incdec;
        struct { DeclVec decls; } decl;
        struct { Name label; Pos label_pos; Stmt *stmt; bool used; } labeled;
        // BREAK CONTINUE GOTO FALLTHROUGH.
        struct { Token tok; Name label; Pos label_pos; Stmt *target; /* checker: S_LABELED of label, else the enclosing stmt for break/continue */ } branch;
        struct { Expr *call; } go;                                    // S_GO, S_DEFER
        struct { Expr *results; } ret;                                // NULL, single or E_LIST
        struct { Stmt *init; Expr *cond; Stmt *then, *els; } if_;
        struct {
            Stmt *init, *post; Expr *cond; // three-part form
            bool is_range, define;         // range form
            // X has a constant length, and only that is wanted: x is not evaluated.
            bool counted;
            Expr *lhs;                     // NULL, key or E_LIST(key, value)
            Expr *x;                       // range operand
            Stmt *body;
        } for_;
        struct { Stmt *init; Expr *tag; /* NULL, expression or E_TYPESWITCH */ ClauseVec clauses; Pos rbrace; } switch_;
        struct { ClauseVec clauses; Pos rbrace; } select;
    };
    // clang-format on
};

// //go:NAME directives as bits: those that a declaration takes, and the file's.
// clang-format off
typedef enum Pragma {
    PRAGMA_NOINLINE = 1 << 0, PRAGMA_NOESCAPE = 1 << 1, PRAGMA_NOSPLIT = 1 << 2, PRAGMA_NORACE = 1 << 3,
    PRAGMA_UINTPTRESCAPES = 1 << 4, PRAGMA_UINTPTRKEEPALIVE = 1 << 5, PRAGMA_SYSTEMSTACK = 1 << 6, PRAGMA_NOCHECKPTR = 1 << 7,
    PRAGMA_YESWRITEBARRIERREC = 1 << 8, PRAGMA_NOWRITEBARRIER = 1 << 9, PRAGMA_NOINTERFACE = 1 << 10,
    PRAGMA_CGO_UNSAFE_ARGS = 1 << 11, PRAGMA_EMBED = 1 << 12, PRAGMA_BUILD = 1 << 13,
    PRAGMA_FUNC = PRAGMA_EMBED - 1, // what functions take
} Pragma;
// clang-format on

typedef struct Directive { // a //go: comment
    Pos pos;               // behind the slashes, as gc has it
    uint32_t bit;          // a Pragma, or 0
    Str text;              // from "go:" to the end of the line
    const char *error;     // that it is misplaced, told of when all else is right; or NULL
} Directive;

typedef enum DeclKind { D_IMPORT, D_CONST, D_TYPE, D_VAR, D_FUNC } DeclKind;

struct Decl {
    DeclKind kind;
    Pos pos, end;
    uint32_t pragma;
    uint32_t group;        // same non-zero number for the specs of one parenthesised group
    const char *doc_embed; // arguments of //go:embed lines before a var, or NULL
    Pos embed_pos;         // of the first of them
    // clang-format off
    union {
        struct { Expr *name; /* NULL, E_NAME (_ and . included) */ Expr *path; Object *obj; } import;
        // names: E_NAME each. type/values may be NULL. A const spec that repeats the previous one
        // shares its type and values (inherited = true) and iota counts within the group.
        // D_CONST, D_VAR.
        struct { ExprVec names; Expr *type; Expr *values; uint32_t iota; bool inherited; } value;
        struct { Expr *name; FieldVec tparams; bool alias; Expr *type; uint32_t local; /* in a function: which of the file's */ } type;
        struct {
            Expr *name; Field *recv; FieldVec tparams; Expr *ftype; Stmt *body; /* NULL: external */
            Object *obj;     // checker
            FuncInfo *info;  // checker
        } func;
    };
    // clang-format on
};

typedef struct Linkname { // //go:linkname local [target]
    Pos pos;
    Name local;
    const char *target; // "" when absent
} Linkname;

typedef struct File {
    SourceFile *src;
    Expr *pkg_name; // E_NAME; NULL after a hopeless package clause
    DeclVec decls;  // imports first, in source order
    Vec(Directive) directives;
    Vec(Linkname) linknames;
    PtrMap c_names;         // names of C's, from //go:cgo_import_static and the like
    Vec(Name) exports;      // functions that C may call, from //go:cgo_export_dynamic
    const char *go_version; // from //go:build go1.N, "" when absent
    bool imports_unsafe, imports_embed, imports_C;
    uint32_t local_types; // declared in functions
    Scope *scope;         // checker
} File;

// The arguments of a //go:embed line: words, or Go strings in quotes. False with *bad, where a
// quoted one is wrong; then there are none.
typedef struct EmbedWord {
    const char *text;
    uint32_t offset; // in the arguments
} EmbedWord;
typedef Vec(EmbedWord) EmbedWordVec;
bool embed_words(const char *args, EmbedWordVec *out, const char **bad);

// Parses the whole file, or all but the bodies of function declarations: those are skipped where
// that is safe, and marked unparsed. PARSE_STD: directives that only the standard library may have
// are no errors.
typedef enum ParseMode { PARSE_ALL, PARSE_DECLS = 1, PARSE_STD = 2 } ParseMode;
File *parse_file(SourceFile *src, ParseMode mode);
void parse_body(Stmt *body); // fills an unparsed body, in place
Pos expr_start(const Expr *x);
Pos expr_end(const Expr *x);
Expr *unparen(Expr *x);

// The expression as Go source in gc's short form for messages (func literals as "func() {…}",
// composites as "T{…}").
const char *expr_string(const Expr *x);
// --emit=tokens and --emit=ast.
void dump_tokens(FILE *out, SourceFile *src);
void dump_ast(FILE *out, const File *f);
bool name_is_valid(Name name); // made of letters and digits only
// Literals: the value of a string or rune literal's text (valid by construction unless lit.bad).
Str unquote_string(Str text);
int32_t unquote_rune(Str text);

#endif

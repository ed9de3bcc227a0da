// parser: the parser's inside, shared by parser*.c only.
#ifndef VOLE_PARSER_H
#define VOLE_PARSER_H

#include "frontend/lexer.h"

// gc has no limit of its own: its stack ends. At ours the compiler's stack (base.h) is not yet used
// up.
enum { MAX_NESTING = 10000000 };

typedef struct Parser {
    Lexer l;
    File *file; // empty when a body is parsed by itself
    ParseMode mode;
    int fnest; // function nesting: > 0 inside a body
    // Expression nesting: < 0 in a control clause, where a composite literal's { would be the
    // block's.
    int xnest;
    int depth; // of recursion
    bool too_deep;
    Pos prev_end;    // of the token before the current one
    uint32_t groups; // parenthesised declaration groups so far
    uint32_t taken;  // of the file's directives, by declarations
    // Diagnostics when this file was begun, and those that are not of the parser itself: see
    // p_errors.
    uint32_t not_errors;
} Parser;

// parser.c How many errors the parser has found in this file; not those that gc's finds elsewhere,
// in directives and labels.
static inline uint32_t p_errors(const Parser *p) { return diagnostics.list.len - p->not_errors; }
void p_next(Parser *p);
bool p_got(Parser *p, Token t);
void p_want(Parser *p, Token t);
bool p_got_assign(Parser *p);
Pos p_pos(const Parser *p);
Pos p_prev_end(const Parser *p);
// "syntax error: …" at the current token, with "unexpected …".
void p_error(Parser *p, const char *msg);
void p_syntax_error_at(Parser *p, Pos pos, const char *msg);
// Skips to a token of the set (statement keywords included when inside functions).
void p_advance(Parser *p, uint64_t follow);
const char *p_token_string(Token t);
void p_drop_directives(Parser *p); // reports what no declaration took
bool p_enter(Parser *p);           // false when nested too deeply
static inline void p_leave(Parser *p) { p->depth--; }
// Parses f until close, separated by sep; returns the closing token's position.
Pos p_list(Parser *p, const char *context, Token sep, Token close, bool (*f)(Parser *, void *),
           void *arg);
Decl *p_import_decl(Parser *p, uint32_t group);
void p_decl_group(Parser *p, DeclVec *out, Token kw); // at the keyword const, type or var
Expr *expr_new(ExprKind kind, Pos pos);
Stmt *stmt_new(StmtKind kind, Pos pos);

// parser_expr.c
Expr *p_name(Parser *p);
Expr *p_new_name(Pos pos, const char *s);
Expr *p_expr(Parser *p);
Expr *p_expr_list(Parser *p); // single expression or E_LIST
Expr *p_binary(Parser *p, Expr *x, int prec);
Expr *p_unary(Parser *p);
Expr *p_operand(Parser *p);
Expr *p_pexpr(Parser *p, Expr *x);
Expr *p_type(Parser *p); // reports a missing one
Expr *p_type_or_nil(Parser *p);
// Behind "func" and name. With a context, which then must have none, or without tparams, type
// parameters are dropped.
Expr *p_func_type(Parser *p, const char *context, FieldVec *tparams);
FieldVec p_param_list(Parser *p, Expr *name, Expr *type, Token close, bool require_names,
                      bool dots /* on the last */);
Expr *p_array_type(Parser *p, Pos pos, Expr *len); // behind "[" and len, if that is not NULL
Expr *p_slice_type(Parser *p, Pos pos);            // behind "[]"

// parser_stmt.c
Stmt *p_func_body(Parser *p);
Stmt *p_stmt_or_nil(Parser *p);

#endif

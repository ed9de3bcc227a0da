// lexer: bytes to tokens, with automatic semicolons. Shared by lexer.c and parser*.c only.
#ifndef VOLE_LEXER_H
#define VOLE_LEXER_H

#include "frontend/syntax.h"

typedef struct Lexer {
    SourceFile *src;
    const char *text, *end, *p; // p: next unread byte
    bool nlsemi;                // a newline here ends a statement
    bool again;                 // lines and //line directives were recorded before
    // the current token
    Token tok;
    uint32_t start, stop; // byte offsets
    Operator op;          // OPERATOR, ASSIGN_OP, INCOP (ADD, SUB), STAR (MUL), ARROW (RECV)
    int prec;             // binary precedence of the token, 0: none
    LitKind lit_kind;
    bool lit_bad;
    Name name;       // NAME
    const char *lit; // SEMI: "semicolon", "newline" or "EOF"
    // Called for the text of each //go: comment, from "go:" to the end of the line; may be NULL.
    void (*directive)(void *arg, uint32_t offset, Str text);
    void *arg;
} Lexer;

void lexer_init(Lexer *l, SourceFile *src);
void lexer_next(Lexer *l);
// At a {: makes the } that closes it the current token, with what is between only recorded in the
// line table. False, with nothing changed, if there is none or what is between may need a closer
// look.
bool lexer_skip_block(Lexer *l);
static inline Pos lexer_pos(const Lexer *l) { return l->src->base + l->start; }

#endif

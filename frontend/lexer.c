// lexer: takes a source file's bytes, gives its tokens one at a time; fills the file's line table
// and its //line directives on the way. Errors are reported where gc's scanner reports them, and
// scanning always goes on behind the faulty text.
#define _GNU_SOURCE 1
#include "frontend/lexer.h"
#include <stdlib.h>
#include <unictype.h>

const char *const token_text[TOK_COUNT] = {
#define T(name, text) text,
    TOKENS(T)
#undef T
};
const char *const operator_text[OPR_COUNT] = {
#define O(name, text, prec) text,
    OPERATORS(O)
#undef O
};
static const uint8_t operator_prec[OPR_COUNT] = {
#define O(name, text, prec) prec,
    OPERATORS(O)
#undef O
};

#define FIRST_KEYWORD TOK_BREAK
static PtrMap keywords;                 // Name -> Token
static Name keywords_from, keywords_to; // where they lie

static void error_off(Lexer *l, uint32_t off, const char *fmt, ...) VOLE_PRINTF(3, 4);
static void error_off(Lexer *l, uint32_t off, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    error_at(l->src->base + off, "%s", xvsprintf(fmt, ap));
    va_end(ap);
}

void lexer_init(Lexer *l, SourceFile *src) {
    *l = (Lexer){
        .src = src, .text = src->text.p, .end = src->text.p + src->text.len, .p = src->text.p};
    if (!keywords.len)
        for (uintptr_t t = FIRST_KEYWORD; t < TOK_COUNT; t++) {
            Name n = intern_c(token_text[t]);
            ptrmap_put(&keywords, n, (void *)t);
            if (!keywords_from || n < keywords_from) keywords_from = n;
            if (n > keywords_to) keywords_to = n;
        }
    if (src->text.len >= 3 && memcmp(l->p, "\xef\xbb\xbf", 3) == 0) l->p += 3;
}

static uint32_t off(const Lexer *l) { return (uint32_t)(l->p - l->text); }

static void newline(Lexer *l) { // p is behind a '\n'
    if (!l->again) vec_push(&l->src->lines, off(l));
}

// Decodes one UTF-8 sequence; *n is its length, at least 1. Returns -1 for a malformed one.
static int32_t decode(const char *s, const char *end, int *n) {
    const uint8_t *p = (const uint8_t *)s;
    size_t left = (size_t)(end - s);
    *n = 1;
    if (left == 0) return -1;
    if (p[0] < 0x80) return p[0];
    int len = p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc2 ? 2 : 0;
    if (!len || p[0] >= 0xf5 || (size_t)len > left) return -1;
    int32_t r = p[0] & (0xff >> (len + 1));
    for (int i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80) return -1;
        r = r << 6 | (p[i] & 0x3f);
    }
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (r < least[len] || r > 0x10ffff || (r >= 0xd800 && r < 0xe000)) return -1;
    *n = len;
    return r;
}

// Reports NUL, bad UTF-8 and stray BOMs in text that is not looked at otherwise; p stands on the
// byte. Returns the sequence's length.
static int check_byte(Lexer *l) {
    uint8_t c = (uint8_t)*l->p;
    if (c == 0) error_off(l, off(l), "invalid NUL character");
    if (c < 0x80) return 1;
    int n;
    int32_t r = decode(l->p, l->end, &n);
    if (r < 0)
        error_off(l, off(l), "invalid UTF-8 encoding");
    else if (r == 0xfeff)
        error_off(l, off(l), "invalid BOM in the middle of the file");
    return n;
}

static bool is_letter(int c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? true : c == '_'; }
static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static bool unicode_is_letter(int32_t r) {
    return r >= 0 && uc_is_general_category_withtable((ucs4_t)r, UC_CATEGORY_MASK_L);
}
static bool unicode_is_digit(int32_t r) {
    return r >= 0 && uc_is_general_category_withtable((ucs4_t)r, UC_CATEGORY_MASK_Nd);
}

// As Go's %#U writes a rune: with its character if that can be seen.
static const char *rune_string(int32_t r) {
    const uint32_t seen = UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
                          UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S;
    Buf b = {0};
    buf_printf(&b, "U+%04X", (unsigned)r);
    if (r == ' ' || uc_is_general_category_withtable((ucs4_t)r, seen)) {
        buf_puts(&b, " '");
        buf_rune(&b, (uint32_t)r);
        buf_putc(&b, '\'');
    }
    return buf_str(&b);
}

// Read from the right, since file names may hold colons. Errors are at the number in question, as
// in gc's updateBase.
static void line_directive(Lexer *l, Str text, bool block) {
    // text: "line file:line[:col]" behind // or /*
    const char *s = text.p + 5;
    size_t n = text.len - 5;
    if (block) n -= 2;
    size_t i = n;
    while (i > 0 && s[i - 1] != ':') i--;
    if (i == 0) return;
    uint32_t text_off = (uint32_t)(s - l->text);
    char *e;
    long last = strtol(xstrndup(s + i, n - i), &e, 10);
    if (*e || i == n || last < 0 || !is_digit((uint8_t)s[i])) {
        error_off(l, text_off + (uint32_t)i, "invalid line number: %.*s", (int)(n - i), s + i);
        return;
    }
    size_t j = i - 1;
    while (j > 0 && s[j - 1] != ':') j--;
    long line = last, col = 0;
    size_t file_len = i - 1;
    if (j > 0) {
        long first = strtol(xstrndup(s + j, i - 1 - j), &e, 10);
        if (!*e && i - 1 > j) {
            line = first;
            col = last;
            file_len = j - 1;
            if (col == 0 || col > 1 << 30) {
                error_off(l, text_off + (uint32_t)i, "invalid column number: %.*s", (int)(n - i),
                          s + i);
                return;
            }
        }
    }
    if (line == 0 || line > 1 << 30) {
        size_t at = col ? j : i;
        error_off(l, text_off + (uint32_t)at, "invalid line number: %.*s", (int)(n - at), s + at);
        return;
    }
    if (l->again) return;
    const char *file = file_len ? xstrndup(s, file_len) : col ? NULL : "";
    // A block directive holds for what follows it, a line one for the next line.
    uint32_t from = block ? off(l) : off(l) + 1;
    vec_push(&l->src->directives, ((LineDirective){from, file, (uint32_t)line, (uint32_t)col}));
}

// p behind "//": to the end of the line.
static void line_comment(Lexer *l, uint32_t start) {
    const char *nl = memchr(l->p, '\n', (size_t)(l->end - l->p));
    const char *stop = nl ? nl : l->end;
    bool directive = stop - l->p >= 3 && (memcmp(l->p, "go:", 3) == 0 ||
                                          (stop - l->p > 5 && memcmp(l->p, "line ", 5) == 0));
    const char *text = l->p;
    while (l->p < stop) {
        if ((uint8_t)(*l->p - 1) < 0x7f)
            l->p++;
        else
            l->p += check_byte(l);
    }
    if (l->p > stop) l->p = stop;
    if (!directive) return;
    size_t n = (size_t)(stop - text);
    if (n && text[n - 1] == '\r') n--;
    bool col0 = start == 0 || l->text[start - 1] == '\n';
    if (text[0] == 'l') {
        if (col0) line_directive(l, str_make(text, n), false);
    } else if (l->directive) {
        l->directive(l->arg, start, str_make(text, n));
    }
}

// p behind "/*". Returns whether it held a newline.
static bool block_comment(Lexer *l, uint32_t start) {
    const char *text = l->p;
    bool nl = false;
    while (l->p < l->end) {
        if (*l->p == '*' && l->p + 1 < l->end && l->p[1] == '/') {
            l->p += 2;
            if (l->p - text > 7 && memcmp(text, "line ", 5) == 0)
                line_directive(l, str_make(text, (size_t)(l->p - text)), true);
            return nl;
        }
        if (*l->p == '\n') {
            nl = true;
            l->p++;
            newline(l);
        } else {
            l->p += check_byte(l);
        }
    }
    if (l->p > l->end) l->p = l->end;
    error_off(l, start, "comment not terminated");
    return nl;
}

// Skips digits and underscores below base; *invalid becomes the offset of the first digit that is
// too large. What there was comes back: bit 0: digits, bit 1: '_'.
static int digits(Lexer *l, int base, uint32_t *invalid) {
    int seen = 0;
    if (base <= 10) {
        for (; is_digit(*l->p) || *l->p == '_'; l->p++) {
            if (*l->p == '_')
                seen |= 2;
            else {
                if (*l->p >= '0' + base && *invalid == UINT32_MAX) *invalid = off(l);
                seen |= 1;
            }
        }
    } else {
        for (; is_digit(*l->p) || ((*l->p | 0x20) >= 'a' && (*l->p | 0x20) <= 'f') || *l->p == '_';
             l->p++)
            seen |= *l->p == '_' ? 2 : 1;
    }
    return seen;
}

// Offset of the first _ that does not stand between digits, or behind a prefix and before a digit;
// -1: none. gc's invalidSep.
static int misplaced_underscore(const char *s, size_t n) {
    char d = '.', prev;
    size_t i = 0;
    char x1 = n >= 2 ? (char)(s[1] | 0x20) : ' ';
    if (n >= 2 && s[0] == '0' && (x1 == 'x' || x1 == 'o' || x1 == 'b')) {
        d = '0';
        i = 2;
    } else
        x1 = ' ';
    for (; i < n; i++) {
        prev = d;
        d = s[i];
        if (d == '_') {
            if (prev != '0') return (int)i;
        } else if (is_digit(d) || (x1 == 'x' && (d | 0x20) >= 'a' && (d | 0x20) <= 'f')) {
            d = '0';
        } else {
            if (prev == '_') return (int)i - 1;
            d = '.';
        }
    }
    return d == '_' ? (int)n - 1 : -1;
}

static const char *base_name(int base) {
    return base == 2 ? "binary" : base == 8 ? "octal" : base == 10 ? "decimal" : "hexadecimal";
}

// A number as far as it is read. The first error is told and no other.
typedef struct Number {
    bool ok;
    int base;
    char prefix;      // 0: decimal; '0': octal of the old kind, or a float
    int seen;         // as digits gives it, of all parts
    uint32_t invalid; // offset of the first digit too large for the base, or UINT32_MAX
} Number;

#define NUMBER_ERROR(at, ...) (n->ok ? (error_off(l, (at), __VA_ARGS__), n->ok = false) : false)

static void base_prefix(Lexer *l, Number *n) {
    if (*l->p != '0') return;
    l->p++;
    char c = (char)(*l->p | 0x20);
    n->prefix = c == 'x' || c == 'o' || c == 'b' ? c : '0';
    n->base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
    if (n->prefix == '0')
        n->seen = 1;
    else
        l->p++;
}

static void mantissa_digits(Lexer *l, Number *n) {
    n->seen |= digits(l, n->prefix == '0' ? 10 : n->base, &n->invalid);
}

// The digits before a point, and the point. True: there was one.
static bool integer_part(Lexer *l, Number *n) {
    base_prefix(l, n);
    mantissa_digits(l, n);
    // Decimal digits may follow for a float; octal ones are checked at the end.
    if (n->prefix == '0') {
        for (const char *q = l->text + l->start; q < l->p; q++)
            if (*q >= '8' && *q <= '9') {
                n->invalid = (uint32_t)(q - l->text);
                break;
            }
    }
    if (*l->p != '.') return false;
    if (n->prefix == 'o' || n->prefix == 'b')
        NUMBER_ERROR(off(l), "invalid radix point in %s literal", base_name(n->base));
    l->p++;
    return true;
}

// A decimal mantissa takes e, a hexadecimal one p, without which it may not have a point.
static void exponent(Lexer *l, Number *n) {
    char e = (char)(*l->p | 0x20);
    if (e == 'e' || e == 'p') {
        if (e == 'e' && n->prefix != 0 && n->prefix != '0')
            NUMBER_ERROR(off(l), "'%c' exponent requires decimal mantissa", *l->p);
        else if (e == 'p' && n->prefix != 'x')
            NUMBER_ERROR(off(l), "'%c' exponent requires hexadecimal mantissa", *l->p);
        l->p++;
        l->lit_kind = LIT_FLOAT;
        if (*l->p == '+' || *l->p == '-') l->p++;
        uint32_t ignored = UINT32_MAX;
        int ds = digits(l, 10, &ignored);
        n->seen |= ds;
        if (!(ds & 1)) NUMBER_ERROR(off(l), "exponent has no digits");
    } else if (n->prefix == 'x' && l->lit_kind == LIT_FLOAT) {
        NUMBER_ERROR(off(l), "hexadecimal mantissa requires a 'p' exponent");
    }
}

// Of any kind. What is not a number of Go's is read as far as it looks like one, so that one error
// is told of it.
static void number(Lexer *l, bool seen_point) {
    Number number = {.ok = true, .base = 10, .invalid = UINT32_MAX}, *n = &number;
    l->lit_kind = LIT_INT;
    if (!seen_point) seen_point = integer_part(l, n);
    if (seen_point) {
        l->lit_kind = LIT_FLOAT;
        mantissa_digits(l, n);
    }
    if (!(n->seen & 1)) NUMBER_ERROR(off(l), "%s literal has no digits", base_name(n->base));
    exponent(l, n);
    if (*l->p == 'i') {
        l->lit_kind = LIT_IMAG;
        l->p++;
    }
    if (l->lit_kind == LIT_INT && n->invalid != UINT32_MAX)
        NUMBER_ERROR(n->invalid, "invalid digit '%c' in %s literal", l->text[n->invalid],
                     base_name(n->base));
    if (n->seen & 2) {
        int i = misplaced_underscore(l->text + l->start, off(l) - l->start);
        if (i >= 0) NUMBER_ERROR(l->start + (uint32_t)i, "'_' must separate successive digits");
    }
    l->lit_bad = !n->ok;
    l->tok = TOK_LITERAL;
    l->nlsemi = true;
}
#undef NUMBER_ERROR

// An escape that is a number: so many digits of a base, up to a value.
typedef struct EscapeForm {
    int digits, base;
    uint32_t max;
} EscapeForm;

static EscapeForm escape_form(char c) {
    switch (c) {
    case 'x': return (EscapeForm){2, 16, 255};
    case 'u': return (EscapeForm){4, 16, 0x10ffff};
    case 'U': return (EscapeForm){8, 16, 0x10ffff};
    default: return c >= '0' && c <= '7' ? (EscapeForm){3, 8, 255} : (EscapeForm){0};
    }
}

// p behind a backslash inside a literal with this quote.
static bool escape(Lexer *l, char quote) {
    char c = *l->p;
    EscapeForm form = escape_form(c);
    if (!form.digits) {
        if (c && (c == quote || strchr("abfnrtv\\", c))) {
            l->p++;
            return true;
        }
        if (l->p >= l->end) return true; // reported as not terminated
        error_off(l, off(l), "unknown escape");
        return false;
    }
    if (form.base == 16) l->p++; // behind the letter
    int n = form.digits, base = form.base;
    uint32_t max = form.max;
    uint64_t x = 0;
    for (int i = 0; i < n; i++) {
        if (l->p >= l->end) return true;
        int d = base;
        c = *l->p;
        if (is_digit(c))
            d = c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            d = (c | 0x20) - 'a' + 10;
        if (d >= base) {
            int len;
            int32_t r = decode(l->p, l->end, &len);
            error_off(l, off(l), "invalid character %s in %s escape",
                      r < 0       ? "U+FFFD"
                      : r == '\'' ? "'\\''"
                      : r == '\\' ? "'\\\\'"
                      : r == '\t' ? "'\\t'"
                      : r == '\r' ? "'\\r'"
                      : r < 0x20  ? (r == '\n' ? "'\\n'" : xsprintf("'\\x%02x'", r))
                                  : xsprintf("'%.*s'", len, l->p),
                      base == 8 ? "octal" : "hexadecimal");
            return false;
        }
        x = x * (uint64_t)base + (uint64_t)d;
        l->p++;
    }
    if (x > max && base == 8) {
        error_off(l, off(l), "octal escape value %u > 255", (unsigned)x);
        return false;
    }
    if (x > max || (x >= 0xd800 && x < 0xe000 && n >= 4)) {
        error_off(l, off(l), "escape is invalid Unicode code point %s",
                  x <= 0x10ffff ? rune_string((int32_t)x) : xsprintf("U+%04X", (unsigned)x));
        return false;
    }
    return true;
}

static void literal(Lexer *l, LitKind kind, bool ok) {
    l->tok = TOK_LITERAL;
    l->lit_kind = kind;
    l->lit_bad = !ok;
    l->nlsemi = true;
}

// After an error the literal goes on to its quote, or the line's end, so that its rest is not taken
// for code.
static void rune_literal(Lexer *l) {
    bool ok = true;
    int n = 0;
    for (;; n++) {
        if (l->p >= l->end) {
            if (ok) {
                error_off(l, l->start, "rune literal not terminated");
                ok = false;
            }
            break;
        }
        char c = *l->p;
        if (c == '\'') {
            if (ok && n == 0) {
                error_off(l, off(l), "empty rune literal or unescaped '");
                ok = false;
            } else if (ok && n != 1) {
                error_off(l, l->start, "more than one character in rune literal");
                ok = false;
            }
            l->p++;
            break;
        }
        if (c == '\\') {
            l->p++;
            if (!escape(l, '\'')) ok = false;
            continue;
        }
        if (c == '\n') {
            if (ok) {
                error_off(l, off(l), "newline in rune literal");
                ok = false;
            }
            break;
        }
        l->p += check_byte(l);
    }
    literal(l, LIT_RUNE, ok);
}

// Ends at the line's end if not before. ASCII, nearly all there is, goes without check_byte.
static void string_literal(Lexer *l) {
    bool ok = true;
    for (;;) {
        if (l->p >= l->end) {
            error_off(l, l->start, "string not terminated");
            ok = false;
            break;
        }
        char c = *l->p;
        if (c == '"') {
            l->p++;
            break;
        }
        if (c == '\\') {
            l->p++;
            if (!escape(l, '"')) ok = false;
            continue;
        }
        if (c == '\n') {
            error_off(l, off(l), "newline in string");
            ok = false;
            break;
        }
        if ((uint8_t)(c - 1) < 0x7f)
            l->p++;
        else
            l->p += check_byte(l);
    }
    literal(l, LIT_STRING, ok);
}

// Lines are counted but end nothing; a \r in it is dropped only from its value (unquote_string).
static void raw_string(Lexer *l) {
    bool ok = true;
    for (;;) {
        if (l->p >= l->end) {
            error_off(l, l->start, "string not terminated");
            ok = false;
            break;
        }
        if (*l->p == '`') {
            l->p++;
            break;
        }
        if (*l->p == '\n') {
            l->p++;
            newline(l);
        } else
            l->p += check_byte(l);
    }
    literal(l, LIT_STRING, ok);
}

// Wrong characters are told and kept, so that there is still one name. Keywords were interned
// first: only names from their range of addresses are looked up.
static void identifier(Lexer *l) {
    for (;;) {
        char c = *l->p;
        if (is_letter(c) || is_digit(c)) {
            l->p++;
            continue;
        }
        if ((uint8_t)c < 0x80) break;
        int n;
        int32_t r = decode(l->p, l->end, &n);
        bool first = off(l) == l->start;
        if (r >= 0 && (unicode_is_letter(r) || (unicode_is_digit(r) && !first))) {
            l->p += n;
            continue;
        }
        if (unicode_is_digit(r))
            error_off(l, off(l), "identifier cannot begin with digit %s", rune_string(r));
        else if (r < 0)
            error_off(l, off(l), "invalid UTF-8 encoding");
        else if (r == 0xfeff)
            error_off(l, off(l), "invalid BOM in the middle of the file");
        else
            error_off(l, off(l), "invalid character %s in identifier", rune_string(r));
        l->p += n;
    }
    size_t n = off(l) - l->start;
    l->name = intern(l->text + l->start, n);
    l->tok = TOK_NAME;
    l->nlsemi = true;
    if (l->name >= keywords_from && l->name <= keywords_to) {
        Token kw = (Token)(uintptr_t)ptrmap_get(&keywords, l->name);
        if (kw) {
            l->tok = kw;
            l->nlsemi =
                kw == TOK_BREAK || kw == TOK_CONTINUE || kw == TOK_FALLTHROUGH || kw == TOK_RETURN;
        }
    }
}

static void semi(Lexer *l, const char *what) {
    l->tok = TOK_SEMI;
    l->lit = what;
    l->nlsemi = false;
}

static void simple(Lexer *l, Token t, bool nlsemi) {
    l->tok = t;
    l->nlsemi = nlsemi;
}

static bool took(Lexer *l, char c) {
    if (*l->p != c) return false;
    l->p++;
    return true;
}

// An operator that may be followed by '='.
static void oper(Lexer *l, Operator op, Token plain) {
    l->op = op;
    l->prec = operator_prec[op];
    if (*l->p == '=') {
        l->p++;
        l->tok = TOK_ASSIGN_OP;
        l->prec = 0;
    } else
        l->tok = plain;
}
static void oper_only(Lexer *l, Operator op) {
    l->op = op;
    l->prec = operator_prec[op];
    l->tok = TOK_OPERATOR;
}

// A newline is a token only where the last one may end a statement (nlsemi): the spec's semicolon
// rule. The text ends in NUL, so one byte ahead may always be read.
void lexer_next(Lexer *l) {
    bool nlsemi = l->nlsemi;
    l->nlsemi = false;
    l->prec = 0;
    l->op = OPR_NONE;
again:
    while (*l->p == ' ' || *l->p == '\t' || *l->p == '\r' || (*l->p == '\n' && !nlsemi)) {
        if (*l->p++ == '\n') newline(l);
    }
    l->start = off(l);
    char c = *l->p;
    if (is_letter(c) || (uint8_t)c >= 0x80) {
        if ((uint8_t)c >= 0x80) {
            int n;
            int32_t r = decode(l->p, l->end, &n);
            if (r < 0 || r == 0xfeff) {
                error_off(l, l->start,
                          r < 0 ? "invalid UTF-8 encoding"
                                : "invalid BOM in the middle of the file");
                l->p += n;
                goto again;
            }
        }
        identifier(l);
        l->stop = off(l);
        return;
    }
    if (l->p >= l->end) {
        if (nlsemi)
            semi(l, "EOF");
        else
            l->tok = TOK_EOF;
        l->stop = l->start;
        return;
    }
    l->p++;
    switch (c) {
    case '\n':
        newline(l);
        semi(l, "newline");
        break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        l->p--;
        number(l, false);
        break;
    case '"': string_literal(l); break;
    case '`': raw_string(l); break;
    case '\'': rune_literal(l); break;
    case '(': simple(l, TOK_LPAREN, false); break;
    case '[': simple(l, TOK_LBRACK, false); break;
    case '{': simple(l, TOK_LBRACE, false); break;
    case ',': simple(l, TOK_COMMA, false); break;
    case ';': semi(l, "semicolon"); break;
    case ')': simple(l, TOK_RPAREN, true); break;
    case ']': simple(l, TOK_RBRACK, true); break;
    case '}': simple(l, TOK_RBRACE, true); break;
    case ':':
        if (took(l, '='))
            simple(l, TOK_DEFINE, false);
        else
            simple(l, TOK_COLON, false);
        break;
    case '.':
        if (is_digit(*l->p))
            number(l, true);
        else if (l->p[0] == '.' && l->p + 1 < l->end && l->p[1] == '.') {
            l->p += 2;
            simple(l, TOK_DOTDOTDOT, false);
        } else
            simple(l, TOK_DOT, false);
        break;
    case '+':
    case '-':
        if (*l->p == c) {
            l->p++;
            l->op = c == '+' ? OPR_ADD : OPR_SUB;
            simple(l, TOK_INCOP, true);
        } else
            oper(l, c == '+' ? OPR_ADD : OPR_SUB, TOK_OPERATOR);
        break;
    case '*': oper(l, OPR_MUL, TOK_STAR); break;
    case '/':
        if (*l->p == '/') {
            l->p++;
            line_comment(l, l->start);
            goto again;
        }
        if (*l->p == '*') {
            l->p++;
            if (block_comment(l, l->start) && nlsemi) {
                semi(l, "newline");
                break;
            }
            goto again;
        }
        oper(l, OPR_DIV, TOK_OPERATOR);
        break;
    case '%': oper(l, OPR_REM, TOK_OPERATOR); break;
    case '&':
        if (took(l, '&'))
            oper_only(l, OPR_ANDAND);
        else if (took(l, '^'))
            oper(l, OPR_ANDNOT, TOK_OPERATOR);
        else
            oper(l, OPR_AND, TOK_OPERATOR);
        break;
    case '|':
        if (took(l, '|'))
            oper_only(l, OPR_OROR);
        else
            oper(l, OPR_OR, TOK_OPERATOR);
        break;
    case '^': oper(l, OPR_XOR, TOK_OPERATOR); break;
    case '<':
        if (took(l, '='))
            oper_only(l, OPR_LEQ);
        else if (took(l, '<'))
            oper(l, OPR_SHL, TOK_OPERATOR);
        else if (took(l, '-')) {
            l->op = OPR_RECV;
            l->tok = TOK_ARROW;
        } else
            oper_only(l, OPR_LSS);
        break;
    case '>':
        if (took(l, '='))
            oper_only(l, OPR_GEQ);
        else if (took(l, '>'))
            oper(l, OPR_SHR, TOK_OPERATOR);
        else
            oper_only(l, OPR_GTR);
        break;
    case '=':
        if (took(l, '='))
            oper_only(l, OPR_EQL);
        else
            l->tok = TOK_ASSIGN;
        break;
    case '!':
        if (took(l, '='))
            oper_only(l, OPR_NEQ);
        else {
            l->op = OPR_NOT;
            l->tok = TOK_OPERATOR;
        }
        break;
    case '~':
        l->op = OPR_TILDE;
        l->tok = TOK_OPERATOR;
        break;
    default:
        if (c == 0)
            error_off(l, l->start, "invalid NUL character");
        else
            error_off(l, l->start, "invalid character %s", rune_string(c));
        goto again;
    }
    l->stop = off(l);
}

// Names with a character that can't be in one were reported: nobody is told that they are
// undefined.
bool name_is_valid(Name name) {
    const char *p = name, *end = name + name_len(name);
    for (int n; p < end; p += n) {
        int32_t r = decode(p, end, &n);
        if (r != '_' && !unicode_is_letter(r) && !(p > name && unicode_is_digit(r))) return false;
    }
    return true;
}

// Counts braces outside of strings, runes and comments. Directives and types declared in functions
// need the parser, which numbers the latter in the order of the file.
bool lexer_skip_block(Lexer *l) {
    static const uint8_t special[256] = {['\n'] = 1, ['{'] = 1, ['}'] = 1, ['"'] = 1,
                                         ['\''] = 1, ['`'] = 1, ['/'] = 1, [0] = 1};
    uint32_t lines = l->src->lines.len;
    const char *s = l->p; // behind the {
    for (int depth = 1;;) {
        while (!special[(uint8_t)*s]) s++;
        char c = *s++;
        if (c == '\n')
            vec_push(&l->src->lines, (uint32_t)(s - l->text));
        else if (c == '{')
            depth++;
        else if (c == '}') {
            if (--depth == 0) break;
        } else if (c == '"' || c == '\'') {
            while (*s != c && *s != '\n' && *s) s += *s == '\\' && s[1] ? 2 : 1;
            if (*s++ != c) goto fail;
        } else if (c == '`') {
            for (; *s != '`'; s++) {
                if (*s == '\n')
                    vec_push(&l->src->lines, (uint32_t)(s + 1 - l->text));
                else if (!*s)
                    goto fail;
            }
            s++;
        } else if (c == '/' && *s == '/') {
            if (!strncmp(s, "/line ", 6) || !strncmp(s, "/go:", 4)) goto fail;
            s = memchr(s, '\n', (size_t)(l->end - s));
            if (!s) goto fail;
        } else if (c == '/' && *s == '*') {
            if (!strncmp(s, "*line ", 6)) goto fail;
            for (s++; !(s[0] == '*' && s[1] == '/'); s++) {
                if (*s == '\n')
                    vec_push(&l->src->lines, (uint32_t)(s + 1 - l->text));
                else if (!*s)
                    goto fail;
            }
            s += 2;
        } else if (!c)
            goto fail;
    }
    for (const char *t = l->p; (t = memmem(t, (size_t)(s - t), "type", 4));
         t += 4) { // types declared in functions are numbered by the parser
        const char *before = t - 1;
        while (*before == ' ' || *before == '\t') before--;
        if ((*before == '\n' || *before == '{' || *before == ';' || *before == '/') &&
            !is_letter(t[4]) && !is_digit(t[4]))
            goto fail;
    }
    l->p = s;
    l->start = off(l) - 1;
    l->stop = off(l);
    simple(l, TOK_RBRACE, true);
    return true;
fail:
    l->src->lines.len = lines;
    return false;
}

// --emit=tokens: position, token and text, tabs between; a semicolon says what it came from.
void dump_tokens(FILE *out, SourceFile *src) {
    Lexer l;
    lexer_init(&l, src);
    do {
        lexer_next(&l);
        Position p = source_position(lexer_pos(&l));
        const char *text = l.text + l.start;
        int n = (int)(l.stop - l.start);
        fprintf(out, "%s:%u:%u\t%s", p.file, p.line, p.col, token_text[l.tok]);
        if (l.tok == TOK_SEMI)
            fprintf(out, "\t%s", l.lit);
        else if (l.tok == TOK_NAME || l.tok == TOK_LITERAL || l.tok == TOK_OPERATOR ||
                 l.tok == TOK_ASSIGN_OP || l.tok == TOK_INCOP)
            fprintf(out, "\t%.*s", n, text);
        fputc('\n', out);
    } while (l.tok != TOK_EOF);
}

// mutate: takes a Go file's text, gives a damaged one. One edit or a few, from the first to the
// last place, each at a token: it goes, stands twice, or another one of the file takes or joins its
// place. What is between tokens stays.
#include "cmd/robust/robust.h"
#include "frontend/lexer.h"

uint64_t next_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

typedef struct Span {
    uint32_t start, stop;
    Token tok;
} Span;
typedef Vec(Span) SpanVec;

static void token_spans(const char *path, Str s, SpanVec *spans) {
    Lexer l = {0};
    lexer_init(&l, source_add(path, path, s));
    do {
        lexer_next(&l);
        if (l.stop > l.start) vec_push(spans, ((Span){l.start, l.stop, l.tok}));
    } while (l.tok != TOK_EOF);
    diagnostics = (Diagnostics){0};
}

// Another token of the file; three times out of four one of the same kind, so that most mutants get
// past the parser.
static Span other_token(const SpanVec *spans, Token tok, uint64_t *rnd) {
    Span s = spans->data[next_random(rnd) % spans->len];
    if (next_random(rnd) % 4)
        for (int i = 0; i < 32 && s.tok != tok; i++) s = spans->data[next_random(rnd) % spans->len];
    return s;
}

// The same seed and number give the same text. A token goes, is doubled, joined by another, or
// replaced.
Str mutate(const char *path, Str s, uint64_t seed, uint32_t number) {
    SpanVec spans = {0};
    token_spans(path, s, &spans);
    if (!spans.len) return s;
    uint64_t rnd = hash_bytes(path, strlen(path), seed * 1000003 + number);
    bool *edited = NEW_ARRAY(bool, spans.len);
    for (uint64_t n = next_random(&rnd) % 3 ? 1 : 3; n; n--)
        edited[next_random(&rnd) % spans.len] = true;
    Buf b = {0};
    uint32_t done = 0;
    for (uint32_t i = 0; i < spans.len; i++) {
        if (!edited[i]) continue;
        Span here = spans.data[i], other = other_token(&spans, here.tok, &rnd);
        buf_write(&b, s.p + done, here.start - done);
        enum { GOES, TWICE, JOINED, REPLACED } how = next_random(&rnd) % 6;
        if (how == TWICE || how == JOINED) {
            buf_write(&b, s.p + here.start, here.stop - here.start);
            buf_putc(&b, ' ');
        }
        if (how == TWICE) other = here;
        if (how != GOES) buf_write(&b, s.p + other.start, other.stop - other.start);
        done = here.stop;
    }
    buf_write(&b, s.p + done, s.len - done);
    return str_make(b.p, b.len);
}

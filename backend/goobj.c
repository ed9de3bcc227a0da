// goobj: reads Go object files. A file is a line of text that names the version, up to "\n!\n", and
// then blocks of fixed-size records, whose offsets stand in the header. A symbol is referred to by
// (package, index): here packages are the file's own lists only, and names of others come from the
// list of references. What a function is besides its bytes (pc tables, file names) are symbols of
// their own, its auxiliary ones.
//
// Every offset and index is checked: the file may be damaged.
#define _GNU_SOURCE 1
#include "backend/goobj.h"
#include <string.h>

enum {
    BLOCK_FILES = 2,
    BLOCK_SYMBOLS, // four lists of definitions, then references
    BLOCK_HASHED64,
    BLOCK_HASHED,
    BLOCK_NONPKG,
    BLOCK_NONPKG_REFS,
    BLOCK_RELOC_INDEX = 11,
    BLOCK_AUX_INDEX,
    BLOCK_DATA_INDEX,
    BLOCK_RELOCS,
    BLOCK_AUX,
    BLOCK_DATA,
    BLOCK_REFNAMES,
    BLOCK_END,
    BLOCKS,
};
enum { STRING_SIZE = 8, SYMBOL_SIZE = 21, RELOC_SIZE = 23, AUX_SIZE = 9 };
enum {
    NONE = 0x7fffffff,
    HASHED64 = NONE - 1,
    HASHED = NONE - 2,
    BUILTIN = NONE - 3,
    SELF = NONE - 4
};
enum { AUX_PCSP = 7, AUX_PCFILE, AUX_PCLINE };
enum { FLAG_DUPOK = 1, FLAG_LEAF = 8, FLAG_NOSPLIT = 16 };

typedef struct Reader {
    const uint8_t *p;
    size_t n;
    uint32_t block[BLOCKS];
    uint32_t first[5]; // of each list of symbols, among all
    uint32_t defined, all;
    GoSymbol *symbols;
    bool bad;
} Reader;

static uint64_t number(Reader *r, size_t at, int bytes) {
    uint64_t v = 0;
    if (at > r->n || r->n - at < (size_t)bytes) {
        r->bad = true;
        return 0;
    }
    memcpy(&v, r->p + at, (size_t)bytes);
    return v;
}
static uint32_t word(Reader *r, size_t at) { return (uint32_t)number(r, at, 4); }

static Str bytes(Reader *r, size_t at, size_t n) {
    if (at <= r->n && n <= r->n - at) return str_make((const char *)r->p + at, n);
    r->bad = true;
    return (Str){0};
}

static const char *string(Reader *r, size_t at) {
    Str s = bytes(r, word(r, at + 4), word(r, at));
    return s.p ? xstrndup(s.p, s.len) : "";
}

static uint32_t count(Reader *r, int block, uint32_t size) {
    uint32_t from = r->block[block], to = r->block[block + 1];
    if (from > to || to > r->n) r->bad = true;
    return r->bad ? 0 : (to - from) / size;
}

// The symbol that a pair of indexes at `at` means; NULL: none, or one of another package.
static GoSymbol *reference(Reader *r, size_t at) {
    uint32_t package = word(r, at), index = word(r, at + 4);
    int list = package == SELF       ? 0
               : package == HASHED64 ? 1
               : package == HASHED   ? 2
               : package == NONE     ? 3
                                     : -1;
    if (list < 0) return NULL;
    uint64_t i = (uint64_t)r->first[list] + index;
    if (i < r->all) return &r->symbols[i];
    r->bad = true;
    return NULL;
}

// Records of symbol i in a block, from the index that says where its own begin.
static uint32_t range(Reader *r, int index, uint32_t i, uint32_t *end) {
    size_t at = r->block[index] + (size_t)i * 4;
    uint32_t from = word(r, at);
    *end = word(r, at + 4);
    if (from > *end) r->bad = true;
    return r->bad ? *end : from;
}

// A reference is a name alone; what is defined has a size, flags and bytes as well.
static void read_symbol(Reader *r, uint32_t i, size_t at) {
    GoSymbol *s = &r->symbols[i];
    s->name = string(r, at);
    s->abi = (uint16_t)number(r, at + 8, 2);
    s->kind = (uint8_t)number(r, at + 10, 1);
    unsigned flags = (unsigned)number(r, at + 11, 1);
    s->dupok = flags & FLAG_DUPOK;
    s->leaf = flags & FLAG_LEAF;
    s->nosplit = flags & FLAG_NOSPLIT;
    s->size = word(r, at + 13);
    s->align = word(r, at + 17);
    uint32_t end;
    if (i >= r->defined) {
        s->kind = GO_REFERENCE;
        return;
    }
    uint32_t from = range(r, BLOCK_DATA_INDEX, i, &end);
    s->data = bytes(r, (size_t)r->block[BLOCK_DATA] + from, end - from);
    if (s->data.len > s->size) r->bad = true;
}

// The runtime's functions that compilers call have numbers in place of names. Of these cmd/asm itself
// calls only those that get a larger stack, which are all one here.
static GoSymbol morestack = {.name = "runtime.morestack_noctxt"};

// Builtin functions have numbers; assembly calls one of them, morestack, in stack checks.
static void read_relocs(Reader *r, uint32_t i) {
    GoSymbol *s = &r->symbols[i];
    uint32_t end;
    for (uint32_t k = range(r, BLOCK_RELOC_INDEX, i, &end); k < end && !r->bad; k++) {
        size_t at = r->block[BLOCK_RELOCS] + (size_t)k * RELOC_SIZE;
        GoReloc rel = {.offset = word(r, at),
                       .size = (uint8_t)number(r, at + 4, 1),
                       .kind = (uint16_t)number(r, at + 5, 2),
                       .addend = (int64_t)number(r, at + 7, 8),
                       .symbol = reference(r, at + 15)};
        bool call = rel.kind == GO_CALL || rel.kind == GO_CALLARM64;
        if (call && word(r, at + 15) == BUILTIN) rel.symbol = &morestack;
        if (rel.offset > s->size || s->size - rel.offset < rel.size) r->bad = true;
        uint32_t n = s->relocs.len;
        vec_push(&s->relocs, rel);
        for (; n && s->relocs.data[n - 1].offset > rel.offset; n--)
            s->relocs.data[n] = s->relocs.data[n - 1];
        s->relocs.data[n] = rel;
    }
}

// The tables of a function.
static void read_aux(Reader *r, uint32_t i) {
    GoSymbol *s = &r->symbols[i];
    uint32_t end;
    for (uint32_t k = range(r, BLOCK_AUX_INDEX, i, &end); k < end && !r->bad; k++) {
        size_t at = r->block[BLOCK_AUX] + (size_t)k * AUX_SIZE;
        unsigned kind = (unsigned)number(r, at, 1);
        const GoSymbol *aux = reference(r, at + 1);
        Str *to = kind == AUX_PCSP     ? &s->pcsp
                  : kind == AUX_PCFILE ? &s->pcfile
                  : kind == AUX_PCLINE ? &s->pcline
                                       : NULL;
        if (aux && to) *to = aux->data;
    }
}

// Symbols first: relocations and tables refer to them by number.
static void read_all(Reader *r, GoObject *out) {
    for (uint32_t i = 0, n = count(r, BLOCK_FILES, STRING_SIZE); i < n; i++)
        vec_push(&out->files, string(r, r->block[BLOCK_FILES] + (size_t)i * STRING_SIZE));
    for (int list = 0; list < 5; list++) {
        r->first[list] = r->all;
        r->all += count(r, BLOCK_SYMBOLS + list, SYMBOL_SIZE);
        if (list < 4) r->defined = r->all;
    }
    if (r->bad) return;
    r->symbols = NEW_ARRAY(GoSymbol, r->all + 1);
    // The lists follow each other in the file, too.
    for (uint32_t i = 0; i < r->all; i++)
        read_symbol(r, i, r->block[BLOCK_SYMBOLS] + (size_t)i * SYMBOL_SIZE);
    for (uint32_t i = 0; i < r->defined && !r->bad; i++) {
        read_relocs(r, i);
        read_aux(r, i);
    }
    for (uint32_t i = 0; i < r->all; i++) vec_push(&out->symbols, &r->symbols[i]);
}

bool goobj_read(Str file, GoObject *out, const char **err) {
    static const char magic[] = "\n!\n\0go120ld";
    const char *begin = file.len ? memmem(file.p, file.len, magic, sizeof magic - 1) : NULL;
    *out = (GoObject){0};
    *err = "not a Go object file";
    if (!begin) return false;
    begin += 3;
    Reader r = {.p = (const uint8_t *)begin, .n = file.len - (size_t)(begin - file.p)};
    for (int i = 0; i < BLOCKS; i++) r.block[i] = word(&r, 20 + (size_t)i * 4);
    read_all(&r, out);
    *err = "damaged Go object file";
    return !r.bad;
}

static bool varint(Str *s, uint32_t *out) {
    *out = 0;
    for (int shift = 0; s->len && shift < 35; shift += 7) {
        uint8_t b = (uint8_t)*s->p++;
        s->len--;
        *out |= (uint32_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) return true;
    }
    return false;
}

// Pairs of differences, of value and pc; the value begins at -1, and a difference of 0 ends it but
// at the start.
bool goobj_step(GoTable *t, uint32_t quantum) {
    uint32_t value, pc;
    if (!t->begun) t->value = -1;
    if (!varint(&t->rest, &value) || (!value && t->begun) || !varint(&t->rest, &pc)) return false;
    t->value += (int32_t)(value >> 1 ^ -(value & 1));
    t->pc = t->end;
    t->end += pc * quantum;
    t->begun = true;
    return true;
}

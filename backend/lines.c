#include "backend/lines.h"
#include "backend/dwarf.h"
#include "runtime/abi.h"
#include <stdlib.h>

typedef struct Symbol {
    uint64_t lo, hi;
    Name name;
    uint32_t section, index;
} Symbol;
typedef struct Known { // what DWARF knows of a range
    DwarfRange range;
    const DwarfFunc *func;
} Known;

typedef struct Table {
    const ObjectFile *o;
    uint64_t *base; // of each section
    DwarfLines dwarf;
    Vec(Known) known;
    Vec(Symbol) symbols;
    Vec(AbiLineFunc) funcs;
    Vec(Symbol *) of; // a function's
    PtrMap numbers;   // string -> its number, and one
    Vec(Name) strings;
    Buf bytes;
} Table;

// reading -----------------------------------------------------------------------------------------

// Code gets addresses as if it were linked, and parts of debug information follow those of the same
// name.
static void place(Table *t, Buf parts[DWARF_SECTIONS]) {
    const ObjectFile *o = t->o;
    t->base = NEW_ARRAY(uint64_t, o->nsections);
    uint64_t at = 1 << 16;
    for (uint32_t i = 1; i < o->nsections; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        if (s->sh_flags & SHF_EXECINSTR) {
            at = (at + s->sh_addralign) & ~(s->sh_addralign ? s->sh_addralign - 1 : 0);
            t->base[i] = at;
            at += s->sh_size + 1; // ends and begins differ
            continue;
        }
        for (int k = 0; k < DWARF_SECTIONS; k++) {
            if (s->sh_type != SHT_PROGBITS ||
                strcmp(object_name(o, s), dwarf_section_names[k]) != 0)
                continue;
            t->base[i] = parts[k].len;
            buf_write(&parts[k], o->p + s->sh_offset, s->sh_size);
        }
    }
}

// Of absolute addresses, and of words that count from a section's begin.
static unsigned width(const ObjectFile *o, uint64_t type) {
    switch (type) {
    case R_X86_64_64: return o->arm64 ? 0 : 8;
    case R_X86_64_32:
    case R_X86_64_32S: return o->arm64 ? 0 : 4;
    case R_AARCH64_ABS64: return o->arm64 ? 8 : 0;
    case R_AARCH64_ABS32: return o->arm64 ? 4 : 0;
    default: return 0;
    }
}

static void relocate(const Table *t, Buf parts[DWARF_SECTIONS]) {
    const ObjectFile *o = t->o;
    for (uint32_t i = 1; i < o->nsections; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        if (s->sh_type != SHT_RELA) continue;
        const Elf64_Shdr *to = &o->sections[s->sh_info];
        Buf *part = NULL;
        for (int k = 0; k < DWARF_SECTIONS && !part; k++)
            if (!strcmp(object_name(o, to), dwarf_section_names[k])) part = &parts[k];
        const Elf64_Rela *all = (const Elf64_Rela *)(o->p + s->sh_offset);
        size_t n_all = part ? s->sh_size / sizeof *all : 0;
        for (const Elf64_Rela *r = all; r < all + n_all; r++) {
            const Elf64_Sym *by = &o->symbols[ELF64_R_SYM(r->r_info)];
            uint64_t v = t->base[object_symbol_section(o, by)] + by->st_value +
                         (uint64_t)r->r_addend,
                     at = t->base[s->sh_info] + r->r_offset;
            unsigned n = width(o, ELF64_R_TYPE(r->r_info));
            if (at + n <= part->len) memcpy(part->p + at, &v, n);
        }
    }
}

static int by_range(const void *a, const void *b) {
    const Known *x = a, *y = b;
    return x->range.lo < y->range.lo ? -1 : x->range.lo > y->range.lo;
}

static void read_dwarf(Table *t) {
    Buf parts[DWARF_SECTIONS] = {0};
    place(t, parts);
    relocate(t, parts);
    Str s[DWARF_SECTIONS];
    for (int k = 0; k < DWARF_SECTIONS; k++) s[k] = str_make(buf_str(&parts[k]), parts[k].len);
    dwarf_read(s, &t->dwarf);
    for (vec_each(DwarfFunc, f, &t->dwarf.funcs))
        for (vec_each(DwarfRange, r, &f->ranges)) vec_push(&t->known, ((Known){*r, f}));
    if (t->known.len) qsort(t->known.data, t->known.len, sizeof *t->known.data, by_range);
}

// Copies of a literal in inlined functions have symbols of their own: the literal's name, then
// #hash#. So have bodies with large frames (llvm_stack.c): then $frame.
static Name shown(const char *name) {
    size_t n = strlen(name);
    if (ends_with(name, "$frame")) n -= strlen("$frame");
    const char *hash = n && name[n - 1] == '#' ? strchr(name, '#') : NULL; // f#abi0#, too
    return intern(name, hash ? (size_t)(hash - name) : n);
}

// Of several names for one address a Go name, with a dot, is best.
static int by_place(const void *a, const void *b) {
    const Symbol *x = a, *y = b;
    if (x->lo != y->lo) return x->lo < y->lo ? -1 : 1;
    bool dot = strchr(x->name, '.') != NULL, dot2 = strchr(y->name, '.') != NULL;
    return dot != dot2 ? (dot ? -1 : 1) : x->index < y->index ? -1 : x->index > y->index;
}

static void read_symbols(Table *t) {
    const ObjectFile *o = t->o;
    const char *names = (const char *)o->p + o->sections[o->symtab->sh_link].sh_offset;
    for (uint32_t i = 1; i < o->nsymbols; i++) {
        const Elf64_Sym *s = &o->symbols[i];
        uint32_t in = object_symbol_section(o, s);
        if (ELF64_ST_TYPE(s->st_info) != STT_FUNC || !in) continue;
        if (!(o->sections[in].sh_flags & SHF_EXECINSTR)) continue;
        if (!strcmp(object_name(o, &o->sections[in]), "vole_hop")) continue; // never shown
        uint64_t lo = t->base[in] + s->st_value;
        vec_push(&t->symbols, ((Symbol){lo, lo + s->st_size, shown(names + s->st_name), in, i}));
    }
    if (!t->symbols.len) return;
    qsort(t->symbols.data, t->symbols.len, sizeof *t->symbols.data, by_place);
    uint32_t n = 1;
    for (uint32_t i = 1; i < t->symbols.len; i++)
        if (t->symbols.data[i].lo != t->symbols.data[n - 1].lo)
            t->symbols.data[n++] = t->symbols.data[i];
    t->symbols.len = n;
    for (uint32_t i = 0; i < n; i++) { // of assembly without a size: up to the next one
        Symbol *s = &t->symbols.data[i];
        if (s->hi > s->lo) continue;
        s->hi = t->base[s->section] + o->sections[s->section].sh_size;
        if (i + 1 < n && s[1].section == s->section) s->hi = s[1].lo;
    }
}

// writing -----------------------------------------------------------------------------------------

static uint32_t number(Table *t, Name s) {
    uintptr_t n = (uintptr_t)ptrmap_get(&t->numbers, s);
    if (!n) {
        vec_push(&t->strings, s);
        ptrmap_put(&t->numbers, s, (void *)(n = t->strings.len));
    }
    return (uint32_t)n - 1;
}

static void put(Table *t, uint64_t v) {
    while (v > 0x7f) {
        buf_putc(&t->bytes, (char)(v | 0x80));
        v >>= 7;
    }
    buf_putc(&t->bytes, (char)v);
}

static int by_value(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

typedef Vec(uint64_t) Points;
static uint32_t point_at(const Points *p, uint64_t v) { // the first that is not below
    uint32_t lo = 0, hi = p->len;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (p->data[mid] < v)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

// The index of the first row behind an address.
static uint32_t row_behind(const Table *t, uint64_t address) {
    uint32_t lo = 0, hi = t->dwarf.rows.len;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (t->dwarf.rows.data[mid].address <= address)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static const DwarfFunc *func_at(const Table *t, uint64_t address) {
    uint32_t lo = 0, hi = t->known.len;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (t->known.data[mid].range.lo <= address)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && address < t->known.data[lo - 1].range.hi ? t->known.data[lo - 1].func : NULL;
}

// Where something may change: at rows, and where inlined calls begin and end.
static Points points_of(const Table *t, const Symbol *s, const DwarfFunc *f) {
    Points p = {0};
    vec_push(&p, s->lo);
    for (uint32_t i = row_behind(t, s->lo); i < t->dwarf.rows.len; i++) {
        if (t->dwarf.rows.data[i].address >= s->hi) break;
        vec_push(&p, t->dwarf.rows.data[i].address);
    }
    for (uint32_t i = 0; f && i < f->inlined.len; i++)
        for (vec_each(DwarfRange, r, &f->inlined.data[i].ranges)) {
            if (r->lo > s->lo && r->lo < s->hi) vec_push(&p, r->lo);
            if (r->hi > s->lo && r->hi < s->hi) vec_push(&p, r->hi);
        }
    qsort(p.data, p.len, sizeof *p.data, by_value);
    uint32_t n = 1;
    for (uint32_t i = 1; i < p.len; i++)
        if (p.data[i] != p.data[n - 1]) p.data[n++] = p.data[i];
    p.len = n;
    return p;
}

static void put_rows(Table *t, const Symbol *s, const DwarfFunc *f) {
    Points p = points_of(t, s, f);
    uint32_t *call = NEW_ARRAY(uint32_t, p.len); // those within others come later, and paint over
    for (uint32_t i = 0; f && i < f->inlined.len; i++)
        for (vec_each(DwarfRange, r, &f->inlined.data[i].ranges))
            for (uint32_t k = point_at(&p, r->lo); k < p.len && p.data[k] < r->hi; k++)
                call[k] = i + 1;
    uint64_t last = s->lo;
    uint32_t last_call = 0, last_file = 0;
    int32_t last_line = 0;
    uint32_t row = row_behind(t, s->lo);
    for (uint32_t i = 0; i < p.len; i++) {
        while (row < t->dwarf.rows.len && t->dwarf.rows.data[row].address <= p.data[i]) row++;
        const DwarfRow *r = row ? &t->dwarf.rows.data[row - 1] : NULL;
        bool known = r && !r->end;
        uint32_t file = number(t, known ? r->file : intern_c("?"));
        int32_t line = known ? r->line : 0;
        if (i && call[i] == last_call && file == last_file && line == last_line) continue;
        bool other_call = call[i] != last_call, other_file = file != last_file;
        put(t, (p.data[i] - last) << 2 | (uint64_t)other_call << 1 | other_file);
        if (other_call) put(t, call[i]);
        if (other_file) put(t, file);
        int64_t d = (int64_t)line - last_line;
        put(t, d < 0 ? (uint64_t)-d * 2 - 1 : (uint64_t)d * 2);
        last = p.data[i];
        last_call = call[i];
        last_file = file;
        last_line = line;
    }
}

// What arguments are, and where they are once the prologue is over.
static void put_args(Table *t, const Symbol *s, const DwarfFunc *f) {
    uint64_t begin = 0;
    for (uint32_t i = row_behind(t, s->lo); i < t->dwarf.rows.len && !begin; i++) {
        const DwarfRow *r = &t->dwarf.rows.data[i];
        if (r->address >= s->hi) break;
        if (r->prologue_end) begin = r->address - s->lo;
    }
    put(t, f->args.len);
    put(t, begin);
    for (vec_each(DwarfArg, a, &f->args)) {
        uint32_t zigzag = (uint32_t)a->offset << 1 ^ (uint32_t)(a->offset >> 31);
        put(t, a->kind < ARG_WORD ? (uint64_t)a->kind
                                  : ARG_WORD + ((uint64_t)zigzag << 2 |
                                                (uint64_t)__builtin_ctz((unsigned)a->size)));
    }
}

static void put_func(Table *t, Symbol *s) {
    const DwarfFunc *f = func_at(t, s->lo);
    AbiLineFunc a = {0, (uint32_t)(s->hi - s->lo), number(t, s->name), (uint32_t)t->bytes.len, 0};
    bool args = f && f->args.len;
    if (f)
        a.line =
            (uint32_t)f->start_line << 3 | (args ? 4u : 0) | (f->wrapper ? 2u : 0) | f->no_params;
    vec_push(&t->funcs, a);
    vec_push(&t->of, s);
    if (args) put_args(t, s, f);
    put(t, f ? f->inlined.len : 0);
    for (uint32_t i = 0; f && i < f->inlined.len; i++) {
        const DwarfInlined *c = &f->inlined.data[i];
        put(t, c->parent);
        put(t, number(t, intern_c(c->name)));
        put(t, (uint64_t)(uint32_t)c->start_line << 1 | c->wrapper);
        put(t, number(t, c->call_file));
        put(t, (uint32_t)c->call_line);
    }
    put_rows(t, s, f);
}

// The symbol that names the source file: it makes room for the one of our strings.
static uint32_t file_symbol(const ObjectFile *o) {
    for (uint32_t i = 1; i < o->nsymbols; i++)
        if (ELF64_ST_TYPE(o->symbols[i].st_info) == STT_FILE) return i;
    return 0;
}

static void pad(Buf *b) {
    while (b->len % 8) buf_putc(b, 0);
}

size_t lines_add(ObjectFile *o, Buf *rest) {
    uint32_t symbol = file_symbol(o);
    bool many = !o->far && o->nsections + 3 >= SHN_LORESERVE;
    if (!symbol || many) return o->n;
    Table t = {.o = o};
    read_dwarf(&t);
    read_symbols(&t);
    for (vec_each(Symbol, s, &t.symbols)) put_func(&t, s);
    NewSection add[2] = {{.name = ".vole_names",
                          .flags = SHF_MERGE | SHF_STRINGS,
                          .entry_size = 1,
                          .symbol = symbol},
                         {.name = ".vole_lines"}};
    Buf *lines = &add[1].data, *names = &add[0].data;
    AbiLines head = {.strings = t.strings.len, .funcs = t.funcs.len};
    buf_write(lines, &head, sizeof head);
    for (vec_each(Name, s, &t.strings)) {
        uint64_t type = o->arm64 ? R_AARCH64_ABS32 : R_X86_64_32;
        vec_push(&add[1].relocations,
                 ((Elf64_Rela){lines->len, ELF64_R_INFO((uint64_t)symbol, type),
                               (Elf64_Sxword)names->len}));
        buf_write(lines, "\0\0\0", 4);
        buf_write(names, *s, name_len(*s) + 1);
    }
    pad(lines);
    size_t bytes_at = lines->len + t.funcs.len * sizeof(AbiLineFunc);
    for (uint32_t i = 0; i < t.funcs.len; i++) {
        AbiLineFunc f = t.funcs.data[i];
        const Symbol *s = t.of.data[i];
        Elf64_Rela r = {lines->len,
                        ELF64_R_INFO((uint64_t)s->index, o->arm64 ? R_AARCH64_ABS64 : R_X86_64_64),
                        0};
        object_by_section(o, &r); // of one without debug information only the name is known
        vec_push(&add[1].relocations, r);
        f.at += (uint32_t)bytes_at;
        buf_write(lines, &f, sizeof f);
    }
    buf_write(lines, t.bytes.p, t.bytes.len);
    pad(lines);
    if (lines->len > UINT32_MAX) return o->n;
    uint32_t size = (uint32_t)lines->len;
    memcpy(lines->p, &size, sizeof size);
    return object_add(o, add, 2, rest);
}

// llvm_tables: what LLVM tells of its code in an object file, for the runtime: implicit nil checks
// (.llvm_faultmaps) and stack maps (.llvm_stackmaps). Both are marked as not to be loaded, so that
// they cost programs no memory and keep no function from being dropped by the linker; the runtime
// reads them from the program's file (runtime/faultmap.c, runtime/stackmap.c).
//
// LLVM's form of stack maps takes 24 bytes a call. Ours (runtime/abi.h) has one entry for calls that
// follow each other and behind which the same is used.
#include "backend/dwarf.h"
#include "backend/llvm.h"
#include "backend/object.h"
#include <stdlib.h>
#include <string.h>

// Of LLVM's form, version 3.
typedef struct Header {
    uint8_t version, reserved[3];
    uint32_t functions, constants, records;
} Header;
typedef struct Function {
    uint64_t address, stack_size, records;
} Function;
typedef struct Record {
    uint64_t id;
    uint32_t at;
    uint16_t reserved, locations;
} Record;
typedef struct Location {
    uint8_t type, reserved;
    uint16_t size, reg, reserved2;
    int32_t offset; // or a small constant
} Location;
enum { LOCATION_DIRECT = 2, LOCATION_CONSTANT = 4 };

// The place after a record: its locations and live registers, each part aligned.
static const uint8_t *record_end(const Record *r) {
    uintptr_t p = (uintptr_t)((const Location *)(r + 1) + r->locations);
    p = (p + 7) & ~(uintptr_t)7;
    uint16_t live;
    memcpy(&live, (const char *)p + 2, sizeof live);
    p += 4 + live * 4u;
    return (const uint8_t *)((p + 7) & ~(uintptr_t)7);
}

// The first record has pairs of a variable and its size. False: not all lie at fixed places.
static bool add_vars(const ObjectFile *o, const Record *r, Buf *out) {
    const Location *l = (const Location *)(r + 1);
    for (uint32_t i = 0; i + 1 < r->locations; i += 2) {
        if (l[i].type != LOCATION_DIRECT || l[i].reg != (o->arm64 ? 29 : 6) || // DWARF's numbers
            l[i + 1].type != LOCATION_CONSTANT)
            return false;
        AbiStackVar v = {l[i].offset, (uint32_t)l[i + 1].offset, 1u << (i / 2 % 32)};
        buf_write(out, &v, sizeof v);
    }
    return true;
}

static int by_end(const void *a, const void *b) {
    const AbiStackRange *x = a, *y = b;
    return x->end < y->end ? -1 : x->end > y->end;
}

// One function's records from *at, which it moves on. False: nothing to be said.
static bool add_function(const ObjectFile *o, const uint8_t **at, uint64_t records, Buf *out) {
    Buf vars = {0};
    Vec(AbiStackRange) ranges = {0};
    bool fixed = true;
    for (; records; records--) {
        const Record *r = (const Record *)*at;
        if (r->locations) fixed &= add_vars(o, r, &vars);
        vec_push(&ranges, ((AbiStackRange){r->at, (uint32_t)r->id}));
        *at = record_end(r);
    }
    if (!fixed || !vars.len || !ranges.len) return false;
    qsort(ranges.data, ranges.len, sizeof *ranges.data, by_end);
    uint32_t n = 0;
    for (vec_each(AbiStackRange, r, &ranges)) {
        if (n && ranges.data[n - 1].used == r->used) n--; // one range
        ranges.data[n++] = *r;
    }
    AbiStackMap f = {0, (uint32_t)(vars.len / sizeof(AbiStackVar)), n};
    buf_write(out, &f, sizeof f);
    buf_write(out, vars.p, vars.len);
    buf_write(out, ranges.data, n * sizeof *ranges.data);
    if (out->len % 8) buf_write(out, "\0\0\0", 4);
    return true;
}

static uint64_t read_uleb(uint8_t **p, const uint8_t *end) {
    uint64_t v = 0;
    for (unsigned shift = 0; *p < end; shift += 7) {
        uint8_t b = *(*p)++;
        if (shift < 64) v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) break;
    }
    return v;
}

// In place: it becomes smaller. The linker fills in addresses of functions.
static void shrink_stack_maps(const ObjectFile *o) {
    Elf64_Shdr *s = object_section(o, ".llvm_stackmaps"),
               *r = object_section(o, ".rela.llvm_stackmaps");
    if (!s || !r) return;
    const Header *h = (const Header *)(o->p + s->sh_offset);
    if (h->version != 3) ice("stack maps of version %d", h->version);
    const Function *f = (const Function *)(h + 1);
    const uint8_t *at = (const uint8_t *)(f + h->functions) + h->constants * sizeof(uint64_t);
    Elf64_Rela *rela = (Elf64_Rela *)(o->p + r->sh_offset);
    size_t nrela = r->sh_size / sizeof *rela, kept = 0;
    if (nrela != h->functions)
        ice("stack maps of %u functions with %zu addresses", h->functions, nrela);
    Buf out = {0};
    uint64_t n = 0;
    buf_write(&out, &n, sizeof n);
    for (uint32_t i = 0; i < h->functions; i++) {
        Elf64_Rela place = rela[i];
        if (place.r_offset != (uint64_t)((const uint8_t *)&f[i] - (const uint8_t *)h))
            ice("stack maps: addresses in another order");
        Buf map = {0};
        if (!add_function(o, &at, f[i].records, &map) || !object_by_section(o, &place)) continue;
        place.r_offset = out.len;
        rela[kept++] = place;
        buf_write(&out, map.p, map.len);
    }
    n = kept;
    memcpy(out.p, &n, sizeof n);
    if (out.len > s->sh_size) ice("stack maps that grow");
    memcpy(o->p + s->sh_offset, out.p, out.len);
    s->sh_size = out.len;
    r->sh_size = kept * sizeof *rela;
}

static void locate_fault_maps(const ObjectFile *o) {
    const Elf64_Shdr *s = object_section(o, ".llvm_faultmaps");
    size_t n = 0;
    Elf64_Rela *r = s ? object_relocations(o, (uint32_t)(s - o->sections), &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (!object_by_section(o, &r[i])) r[i].r_info = 0; // as a function that is not there
}

// Delve knows Go's kinds of types by an attribute of its own, which LLVM does not write, as it does not
// write those of typedefs that are maps and the like, and the addresses of descriptors. Debug info has
// others in their place, which nothing else here uses (llvm_debug.c), and whose numbers are as long:
// - the kind is a struct's Objective-C runtime;
// - a typedef with a kind is a struct with a containing type;
// - an array's size is its stride;
// - a channel's elements' type is the line (four bytes) of a struct with a kind: size and file before
//   it, a byte each, become one number;
// - what a descriptor describes is a variable with an alignment (DESCRIPTOR_MARK, two bytes) and a
//   location of ten bytes, length, opcode and address: the first four of these become a number that
//   says nothing, the address an attribute of a typedef. If it is external it becomes a basic type
//   (describe_basics): its type is its size, those four bytes its encoding.
static void name_kinds(const ObjectFile *o) {
    enum { ARRAY = 1, STRUCT = 0x13, TYPEDEF = 0x16, BASE = 0x24, VARIABLE = 0x34 };
    enum { BYTE_SIZE = 0x0b, CONTAINING = 0x1d, BIT_STRIDE = 0x2e, TYPE = 0x49 };
    enum { RUNTIME_CLASS = 0x3fe6, IMPLICIT_CONST = 0x21 };
    static const uint8_t go_kind[] = {0x80, 0x52};                         // 0x2900
    static const uint8_t of_descriptor[] = {0x88, 0x01, 0x0f, 0x02, 0x18}, // alignment, location
        runtime_type[] = {0x17, 0x06, 0x84, 0x52, 0x01}; // visibility of four bytes; 0x2904
    // Type, external, alignment, location; size and encoding of four bytes, 0x2904, external.
    static const uint8_t of_basic[] = {0x49, 0x13, 0x3f, 0x19, 0x88, 0x01, 0x0f, 0x02, 0x18},
                         basic[] = {0x0b, 0x06, 0x3e, 0x06, 0x84, 0x52, 0x01, 0x3f, 0x19};
    // Size, file, line of four bytes; visibility of two bytes, 0x2902 of a type.
    static const uint8_t of_elem[] = {0x0b, 0x0b, 0x3a, 0x0b, 0x3b, 0x06},
                         elem[] = {0x17, 0x85, 0x00, 0x82, 0x52, 0x13};
    Elf64_Shdr *s = object_section(o, ".debug_abbrev");
    if (!s) return;
    uint8_t *p = o->p + s->sh_offset, *end = p + s->sh_size;
    while (p < end) {
        if (!read_uleb(&p, end)) continue; // a table's end
        uint8_t *tag_at = p;
        uint64_t tag = read_uleb(&p, end);
        p++; // has it children?
        for (uint64_t attribute = 1; attribute && p < end;) {
            uint8_t *at = p;
            if (tag == VARIABLE && (size_t)(end - p) > sizeof of_descriptor &&
                !memcmp(p, of_descriptor, sizeof of_descriptor)) {
                memcpy(p, runtime_type, sizeof runtime_type);
                *tag_at = TYPEDEF;
            }
            if (tag == VARIABLE && (size_t)(end - p) > sizeof of_basic &&
                !memcmp(p, of_basic, sizeof of_basic)) {
                memcpy(p, basic, sizeof basic);
                *tag_at = BASE;
            }
            if (*tag_at == TYPEDEF && tag == STRUCT && (size_t)(end - p) > sizeof of_elem &&
                !memcmp(p, of_elem, sizeof of_elem))
                memcpy(p, elem, sizeof elem);
            attribute = read_uleb(&p, end);
            if (read_uleb(&p, end) == IMPLICIT_CONST) read_uleb(&p, end);
            if (attribute == RUNTIME_CLASS) {
                memcpy(at, go_kind, sizeof go_kind);
            } else if (attribute == CONTAINING && tag == STRUCT) {
                *at = TYPE;
                *tag_at = TYPEDEF;
            } else if (attribute == BIT_STRIDE && tag == ARRAY) {
                *at = BYTE_SIZE;
            }
        }
    }
}

// Basic types as name_kinds has declared them: they lie before their descriptors' addresses.
static void describe_basics(const ObjectFile *o) {
    enum { BEFORE = 8, LENGTH = 9, OP_ADDR = 3 };
    const Elf64_Shdr *s = object_section(o, ".debug_info");
    size_t n = 0;
    Elf64_Rela *r = s ? object_relocations(o, (uint32_t)(s - o->sections), &n) : NULL;
    const char *names = (const char *)o->p + o->sections[o->symtab->sh_link].sh_offset;
    for (size_t i = 0; i < n; i++) {
        if (r[i].r_offset < BEFORE || r[i].r_offset > s->sh_size) continue;
        uint8_t *at = o->p + s->sh_offset + r[i].r_offset - BEFORE;
        uint32_t mark = (at[4] & 0x7fu) | (uint32_t)at[5] << 7;
        const char *symbol = names + o->symbols[ELF64_R_SYM(r[i].r_info)].st_name;
        if (at[6] != LENGTH || at[7] != OP_ADDR || !(at[4] & 0x80) || mark <= DESCRIPTOR_MARK ||
            mark >= 2 * DESCRIPTOR_MARK || strncmp(symbol, "type:", 5))
            continue;
        mark -= DESCRIPTOR_MARK;
        uint32_t words[] = {mark & ((1u << DESCRIPTOR_SIZE_BITS) - 1),
                            mark >> DESCRIPTOR_SIZE_BITS};
        memcpy(at, words, sizeof words);
    }
}

// For gdb of old, which knows how to find things by itself now; the linker drops them.
static void drop_name_lists(const ObjectFile *o) {
    static const char *const lists[] = {".debug_pubnames", ".debug_pubtypes",
                                        ".rela.debug_pubnames", ".rela.debug_pubtypes"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        Elf64_Shdr *s = object_section(o, lists[i]);
        if (s) s->sh_flags |= SHF_EXCLUDE;
    }
}

// Delve reads heads of unwind information (CIE) of version 3, as gc writes them. LLVM's of version 4 say
// in two bytes more how long addresses and segments are: nops at their end stand for those.
static void age_frames(const ObjectFile *o) {
    enum { CIE = 0xffffffff, HEAD = 9 };
    const Elf64_Shdr *s = object_section(o, ".debug_frame");
    if (!s) return;
    uint8_t *p = o->p + s->sh_offset, *end = p + s->sh_size;
    for (uint32_t word[2]; end - p > HEAD; p += 4 + word[0]) {
        memcpy(word, p, sizeof word); // length, kind
        if (word[0] < HEAD || word[0] > (size_t)(end - p) - 4) break;
        if (word[1] != CIE || p[8] != 4 || p[9] != 0) continue; // no augmentation
        uint8_t *sizes = p + HEAD + 1, *after = p + 4 + word[0];
        p[8] = 3;
        memmove(sizes, sizes + 2, (size_t)(after - sizes) - 2);
        after[-1] = after[-2] = 0;
    }
}

void tables_unload(const ObjectFile *o) {
    shrink_stack_maps(o);
    locate_fault_maps(o);
    name_kinds(o);
    describe_basics(o);
    Str sections[DWARF_SECTIONS] = {0};
    for (int k = 0; k < DWARF_SECTIONS; k++) {
        const Elf64_Shdr *s = object_section(o, dwarf_section_names[k]);
        if (s) sections[k] = str_make((const char *)o->p + s->sh_offset, s->sh_size);
    }
    dwarf_name_elements(sections);
    drop_name_lists(o);
    age_frames(o);
    static const char *const tables[] = {".llvm_faultmaps", ".llvm_stackmaps"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        Elf64_Shdr *s = object_section(o, tables[i]);
        if (s) s->sh_flags &= ~(Elf64_Xword)SHF_ALLOC;
    }
}

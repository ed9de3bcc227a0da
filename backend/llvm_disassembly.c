// llvm_disassembly: what -gcflags=-S prints of an object file as LLVM has made it, in the form of gc's
// listings:
//
//     main.g STEXT size=10 align=0x10 locals=0x8
//     	0x0000 00000 (/x/shapes.go:17)	pushq	%rbp
//     	…
//     	0x0000 55 48 89 e5 48 8d 04 7f 5d c3                    UH..H...].
//
// Functions first, then data, in the object's order. The instructions are read back from the object,
// so that they are those of the program; by LLVM's callback relocations name what operands refer to.
// Where they come from the object's line table says: what was inlined has the line that it stands on,
// not that of the call, as with gc. What gc says of arguments, and its pseudo-instructions, have no
// counterpart.
#include "backend/llvm.h"
#include <elf.h>
#include <llvm-c/Disassembler.h>
#include <llvm-c/Target.h>
#include <stdlib.h>

// From that address on code comes from there.
typedef struct Row {
    uint32_t section, order;
    uint64_t at;
    const char *file; // NULL: the code ends
    uint32_t line;    // 0: the compiler's own
    bool body;        // the prologue is over
} Row;

typedef struct Relocations {
    const Elf64_Rela *data;
    size_t len;
} Relocations;

typedef struct Symbol {
    const char *name;
    uint32_t section;
    uint64_t at, size;
    unsigned type, binding;
} Symbol;

typedef struct ElfFile {
    const uint8_t *p;
    bool arm64;
    const Elf64_Shdr *sections;
    uint32_t nsections;
    const char *section_names;
    Symbol *symbols;
    uint32_t nsymbols;
    Relocations *relocations; // by section, each in the order of places
    Vec(Row) rows;            // in the order of sections and addresses
    const Symbol *function;   // that is printed
    LLVMDisasmContextRef disassembler;
    Buf out;
} ElfFile;

// ---- The object ----

static const uint8_t *bytes_of(const ElfFile *o, uint32_t section) {
    return o->p + o->sections[section].sh_offset;
}
static const char *section_name(const ElfFile *o, uint32_t section) {
    return o->section_names + o->sections[section].sh_name;
}
static uint32_t find_section(const ElfFile *o, const char *name) {
    for (uint32_t i = 1; i < o->nsections; i++)
        if (!strcmp(section_name(o, i), name)) return i;
    return 0;
}

static int by_place(const void *a, const void *b) {
    const Elf64_Rela *x = a, *y = b;
    return x->r_offset < y->r_offset ? -1 : x->r_offset > y->r_offset;
}

static Relocations read_relocations(const ElfFile *o, const Elf64_Shdr *s) {
    size_t n = s->sh_size / sizeof(Elf64_Rela);
    Elf64_Rela *r = NEW_ARRAY(Elf64_Rela, n + 1);
    memcpy(r, o->p + s->sh_offset, n * sizeof *r);
    qsort(r, n, sizeof *r, by_place);
    return (Relocations){r, n};
}

// An object of very many sections has a table for those of its symbols.
static void read_symbols(ElfFile *o, uint32_t table) {
    const Elf64_Shdr *s = &o->sections[table];
    const Elf64_Sym *from = (const Elf64_Sym *)bytes_of(o, table);
    const char *names = (const char *)bytes_of(o, s->sh_link);
    const Elf64_Word *indexes = NULL;
    for (uint32_t i = 1; i < o->nsections; i++)
        if (o->sections[i].sh_type == SHT_SYMTAB_SHNDX)
            indexes = (const Elf64_Word *)bytes_of(o, i);
    o->nsymbols = (uint32_t)(s->sh_size / sizeof *from);
    o->symbols = NEW_ARRAY(Symbol, o->nsymbols);
    for (uint32_t i = 0; i < o->nsymbols; i++) {
        const Elf64_Sym *e = &from[i];
        uint32_t in = e->st_shndx == SHN_XINDEX && indexes ? indexes[i]
                      : e->st_shndx >= SHN_LORESERVE       ? 0
                                                           : e->st_shndx;
        unsigned type = ELF64_ST_TYPE(e->st_info);
        o->symbols[i] = (Symbol){type == STT_SECTION ? section_name(o, in) : names + e->st_name,
                                 in,
                                 e->st_value,
                                 e->st_size,
                                 type,
                                 ELF64_ST_BIND(e->st_info)};
    }
}

static void read_object(ElfFile *o) {
    const Elf64_Ehdr *h = (const Elf64_Ehdr *)o->p;
    o->arm64 = h->e_machine == EM_AARCH64;
    o->sections = (const Elf64_Shdr *)(o->p + h->e_shoff);
    o->nsections = h->e_shnum ? h->e_shnum : (uint32_t)o->sections->sh_size;
    o->section_names = (const char *)bytes_of(o, h->e_shstrndx == SHN_XINDEX ? o->sections->sh_link
                                                                             : h->e_shstrndx);
    o->relocations = NEW_ARRAY(Relocations, o->nsections);
    for (uint32_t i = 0; i < o->nsections; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        if (s->sh_type == SHT_SYMTAB) read_symbols(o, i);
        if (s->sh_type == SHT_RELA) o->relocations[s->sh_info] = read_relocations(o, s);
    }
}

// The first relocation at that place of a section or behind it.
static const Elf64_Rela *relocation_from(const ElfFile *o, uint32_t section, uint64_t at) {
    const Relocations *r = &o->relocations[section];
    size_t low = 0, high = r->len;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (r->data[mid].r_offset < at)
            low = mid + 1;
        else
            high = mid;
    }
    return r->data + low;
}
static const Elf64_Rela *relocation_end(const ElfFile *o, uint32_t section) {
    return o->relocations[section].data + o->relocations[section].len;
}
static const Elf64_Rela *relocation_at(const ElfFile *o, uint32_t section, uint64_t at) {
    const Elf64_Rela *r = relocation_from(o, section, at);
    return r < relocation_end(o, section) && r->r_offset == at ? r : NULL;
}

// ---- The line table ----

// DWARF, version 4, as LLVM writes it.
enum { LNS_EXTENDED, LNS_COPY, LNS_ADVANCE_PC, LNS_ADVANCE_LINE, LNS_SET_FILE };
enum { LNS_CONST_ADD_PC = 8, LNS_FIXED_ADVANCE_PC, LNS_SET_PROLOGUE_END };
enum { LNE_END_SEQUENCE = 1, LNE_SET_ADDRESS };

typedef Vec(const char *) NameVec;
typedef struct Lines {
    ElfFile *o;
    uint32_t section; // .debug_line
    const uint8_t *begin, *p;
    uint8_t min_length, line_range, opcode_base;
    int8_t line_base;
    const uint8_t *operands; // how many each standard opcode has
    NameVec files;
    Row row; // of the program that is run
    uint64_t file;
} Lines;

static uint64_t fixed(Lines *l, int n) {
    uint64_t v = 0;
    memcpy(&v, l->p, (size_t)n); // both architectures are little-endian
    l->p += n;
    return v;
}

static uint64_t leb(Lines *l, bool is_signed) {
    uint64_t v = 0;
    unsigned shift = 0;
    uint8_t b;
    do {
        b = *l->p++;
        if (shift < 64) v |= (uint64_t)(b & 0x7f) << shift;
        shift += 7;
    } while (b & 0x80);
    if (is_signed && b & 0x40 && shift < 64) v |= ~(uint64_t)0 << shift;
    return v;
}

static const char *text(Lines *l) {
    const char *s = (const char *)l->p;
    l->p += strlen(s) + 1;
    return s;
}

// Folders, then files, each up to an empty name. Both are numbered from 1: folder 0 is where the
// compiler ran. A file's folder goes before its name.
static void read_names(Lines *l) {
    NameVec folders = {0};
    vec_push(&folders, "");
    for (const char *s; *(s = text(l));) vec_push(&folders, s);
    l->files = (NameVec){0};
    vec_push(&l->files, "?");
    for (const char *name; *(name = text(l));) {
        uint64_t k = leb(l, false);
        const char *folder = k < folders.len ? folders.data[k] : "";
        leb(l, false); // when it was written
        leb(l, false); // its length
        vec_push(&l->files, *folder && *name != '/' ? xsprintf("%s/%s", folder, name) : name);
    }
}

static void put_row(Lines *l, bool end) {
    Row r = l->row;
    r.order = l->o->rows.len;
    r.file = end ? NULL : l->file < l->files.len ? l->files.data[l->file] : "?";
    vec_push(&l->o->rows, r);
    l->row.body = false;
}

static void extended(Lines *l) {
    uint64_t n = leb(l, false);
    const uint8_t *next = l->p + n;
    switch (*l->p++) {
    case LNE_END_SEQUENCE:
        put_row(l, true);
        l->row = (Row){.line = 1};
        l->file = 1;
        break;
    case LNE_SET_ADDRESS: {
        const Elf64_Rela *r = relocation_at(l->o, l->section, (uint64_t)(l->p - l->begin));
        if (!r) ice("a line table without the address of its code");
        const Symbol *s = &l->o->symbols[ELF64_R_SYM(r->r_info)];
        l->row.section = s->section;
        l->row.at = s->at + (uint64_t)r->r_addend;
        break;
    }
    default: break;
    }
    l->p = next;
}

static void advance(Lines *l, unsigned opcode) { // by a special opcode, but for its line
    l->row.at += (uint64_t)((opcode - l->opcode_base) / l->line_range) * l->min_length;
}

static void run_lines(Lines *l, const uint8_t *end) {
    l->row = (Row){.line = 1};
    l->file = 1;
    while (l->p < end) {
        unsigned op = *l->p++;
        if (op >= l->opcode_base) {
            advance(l, op);
            l->row.line += (uint32_t)(l->line_base + (int)(op - l->opcode_base) % l->line_range);
            put_row(l, false);
            continue;
        }
        switch (op) {
        case LNS_EXTENDED: extended(l); break;
        case LNS_COPY: put_row(l, false); break;
        case LNS_ADVANCE_PC: l->row.at += leb(l, false) * l->min_length; break;
        case LNS_ADVANCE_LINE: l->row.line += (uint32_t)leb(l, true); break;
        case LNS_SET_FILE: l->file = leb(l, false); break;
        case LNS_CONST_ADD_PC: advance(l, 255); break;
        case LNS_FIXED_ADVANCE_PC: l->row.at += fixed(l, 2); break;
        case LNS_SET_PROLOGUE_END: l->row.body = true; break;
        default:
            for (unsigned n = l->operands[op - 1]; n; n--) leb(l, false);
        }
    }
}

static int by_address(const void *a, const void *b) {
    const Row *x = a, *y = b;
    if (x->section != y->section) return x->section < y->section ? -1 : 1;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void read_lines(ElfFile *o) {
    Lines l = {.o = o, .section = find_section(o, ".debug_line")};
    if (!l.section) return;
    l.begin = l.p = bytes_of(o, l.section);
    for (const uint8_t *end = l.begin + o->sections[l.section].sh_size; l.p < end;) {
        uint64_t n = fixed(&l, 4);
        const uint8_t *next = l.p + n;
        uint64_t version = fixed(&l, 2);
        if (version != 4) ice("a line table of version %d", (int)version);
        uint64_t header = fixed(&l, 4);
        const uint8_t *program = l.p + header;
        l.min_length = *l.p++;
        l.p += 2; // operations of an instruction, statements by default
        l.line_base = (int8_t)*l.p++;
        l.line_range = *l.p++;
        l.opcode_base = *l.p++;
        l.operands = l.p;
        l.p += l.opcode_base - 1;
        read_names(&l);
        l.p = program;
        run_lines(&l, next);
        l.p = next;
    }
    qsort(o->rows.data, o->rows.len, sizeof *o->rows.data, by_address);
}

// The last row at that address of the section or before it, or NULL.
static const Row *row_of(const ElfFile *o, uint32_t section, uint64_t at) {
    size_t low = 0, high = o->rows.len;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const Row *r = &o->rows.data[mid];
        if (r->section < section || (r->section == section && r->at <= at))
            low = mid + 1;
        else
            high = mid;
    }
    const Row *r = low ? &o->rows.data[low - 1] : NULL;
    return r && r->section == section && r->file ? r : NULL;
}

// ---- Relocations in words ----

// Their names, and how assembly writes the operand.
// clang-format off
#define RELOCATIONS_AMD64(X)                                                                       \
    X(R_X86_64_64, "") X(R_X86_64_PC32, "") X(R_X86_64_PLT32, "") X(R_X86_64_GOTPCREL, "")         \
    X(R_X86_64_32, "") X(R_X86_64_32S, "") X(R_X86_64_TLSGD, "") X(R_X86_64_GOTTPOFF, "")          \
    X(R_X86_64_TPOFF32, "") X(R_X86_64_PC64, "") X(R_X86_64_GOTPCRELX, "")                         \
    X(R_X86_64_REX_GOTPCRELX, "")
#define RELOCATIONS_ARM64(X)                                                                       \
    X(R_AARCH64_ABS64, "") X(R_AARCH64_ABS32, "") X(R_AARCH64_PREL64, "") X(R_AARCH64_PREL32, "")  \
    X(R_AARCH64_ADR_PREL_PG_HI21, "") X(R_AARCH64_ADD_ABS_LO12_NC, ":lo12:")                       \
    X(R_AARCH64_LDST8_ABS_LO12_NC, ":lo12:") X(R_AARCH64_LDST16_ABS_LO12_NC, ":lo12:")             \
    X(R_AARCH64_LDST32_ABS_LO12_NC, ":lo12:") X(R_AARCH64_LDST64_ABS_LO12_NC, ":lo12:")            \
    X(R_AARCH64_LDST128_ABS_LO12_NC, ":lo12:") X(R_AARCH64_JUMP26, "") X(R_AARCH64_CALL26, "")     \
    X(R_AARCH64_ADR_GOT_PAGE, ":got:") X(R_AARCH64_LD64_GOT_LO12_NC, ":got_lo12:")                 \
    X(R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21, ":gottprel:")                                           \
    X(R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC, ":gottprel_lo12:")                                    \
    X(R_AARCH64_TLSLE_ADD_TPREL_HI12, ":tprel_hi12:")                                              \
    X(R_AARCH64_TLSLE_ADD_TPREL_LO12_NC, ":tprel_lo12_nc:")
// clang-format on

static const char *relocation_name(bool arm64, unsigned type, const char **prefix) {
#define X(name, text)                                                                              \
    case name: *prefix = text; return #name;
    if (arm64) switch (type) {
            RELOCATIONS_ARM64(X)
        }
    else
        switch (type) { RELOCATIONS_AMD64(X) }
#undef X
    *prefix = "";
    return xsprintf("RelocType(%u)", type);
}

static unsigned relocation_size(bool arm64, unsigned type) {
    bool wide = arm64 ? type == R_AARCH64_ABS64 || type == R_AARCH64_PREL64
                      : type == R_X86_64_64 || type == R_X86_64_PC64;
    return wide ? 8 : 4;
}

// LLVM asks what an operand refers to: its bytes are at `offset` in the instruction at pc. A
// displacement counts from the instruction's end, which its relocation's addend has in it.
static int operand(void *of, uint64_t pc, uint64_t offset, uint64_t size, uint64_t insn_size,
                   int tag, void *buf) {
    (void)size;
    const ElfFile *o = of;
    const Symbol *f = o->function;
    const Elf64_Rela *r =
        tag == 1 ? relocation_at(o, f->section, f->at + pc + (o->arm64 ? 0 : offset)) : NULL;
    struct LLVMOpInfo1 *info = buf;
    if (!r) return 0;
    unsigned type = ELF64_R_TYPE(r->r_info);
    bool relative = !o->arm64 && type != R_X86_64_64 && type != R_X86_64_32 &&
                    type != R_X86_64_32S && type != R_X86_64_TPOFF32;
    const Symbol *s = &o->symbols[ELF64_R_SYM(r->r_info)];
    *info =
        (struct LLVMOpInfo1){.AddSymbol = {1, s->name, 0},
                             .Value = (uint64_t)r->r_addend + (relative ? insn_size - offset : 0)};
    return 1;
}

// Other numbers are no names; with this, targets of jumps are the addresses that lines begin with.
static const char *no_name(void *of, uint64_t value, uint64_t *type, uint64_t pc,
                           const char **name) {
    (void)of, (void)value, (void)pc;
    *type = LLVMDisassembler_ReferenceType_InOut_None;
    *name = NULL;
    return NULL;
}

// ---- What is printed ----

static void put_bytes(ElfFile *o, const uint8_t *p, uint64_t n) {
    for (uint64_t i = 0; i < n; i += 16) {
        buf_printf(&o->out, "\t0x%04llx", (unsigned long long)i);
        for (uint64_t j = i; j < i + 16; j++)
            if (j < n)
                buf_printf(&o->out, " %02x", p[j]);
            else
                buf_puts(&o->out, "   ");
        buf_puts(&o->out, "  ");
        for (uint64_t j = i; j < i + 16 && j < n; j++)
            buf_putc(&o->out, p[j] >= ' ' && p[j] <= '~' ? (char)p[j] : '.');
        buf_putc(&o->out, '\n');
    }
}

static void put_relocations(ElfFile *o, const Symbol *s) {
    const Elf64_Rela *r = relocation_from(o, s->section, s->at),
                     *end = relocation_end(o, s->section);
    for (; r < end && r->r_offset < s->at + s->size; r++) {
        unsigned type = ELF64_R_TYPE(r->r_info);
        const char *prefix;
        buf_printf(&o->out, "\trel %llu+%u t=%s %s+%llx\n",
                   (unsigned long long)(r->r_offset - s->at), relocation_size(o->arm64, type),
                   relocation_name(o->arm64, type, &prefix),
                   o->symbols[ELF64_R_SYM(r->r_info)].name, (unsigned long long)r->r_addend);
    }
}

// The largest power of two that its address and that of its section are multiples of.
static uint64_t align_of(const ElfFile *o, const Symbol *s) {
    uint64_t bits = s->at | o->sections[s->section].sh_addralign;
    return bits & -bits;
}

static void put_heading(ElfFile *o, const Symbol *s, const char *kind) {
    buf_printf(&o->out, "%s %s%s%s size=%llu align=0x%llx", s->name, kind,
               s->binding == STB_LOCAL ? " static" : "", s->binding == STB_WEAK ? " dupok" : "",
               (unsigned long long)s->size, (unsigned long long)align_of(o, s));
}

// How far an instruction of the prologue moves the stack pointer down; -1: in a way not known here.
static int64_t frame_step(const char *text) {
    static const char *const moves[] = {"subq\t$", "sub\tsp, sp, #"}; // then a number
    const char *at = strstr(text, "[sp, #-"), *sp = strstr(text, "sp");
    if (starts_with(text, "pushq\t")) return 8;
    for (int i = 0; i < 2; i++) {
        if (!starts_with(text, moves[i])) continue;
        char *end;
        int64_t n = (int64_t)strtoull(text + strlen(moves[i]), &end, 0);
        if (i == 0) return strcmp(end, ", %rsp") ? 0 : n;
        return *end ? n << 12 : n; // lsl #12
    }
    if (at && ends_with(text, "]!")) return (int64_t)strtoull(at + strlen("[sp, #-"), NULL, 0);
    // A large frame is made page by page, in a loop down to where its end will be.
    return sp && (starts_with(text, "leaq\t-") || starts_with(text, "sub\t")) ? -1 : 0;
}

// LLVM prints the name alone for the parts of an address that arm64's instructions have.
static const char *with_prefix(const ElfFile *o, uint64_t at, const char *text) {
    const Elf64_Rela *r =
        o->arm64 ? relocation_at(o, o->function->section, o->function->at + at) : NULL;
    if (!r) return text;
    const char *prefix, *name = o->symbols[ELF64_R_SYM(r->r_info)].name, *found = NULL;
    relocation_name(true, ELF64_R_TYPE(r->r_info), &prefix);
    for (const char *p = text; *prefix && (p = strstr(p, name)); p++) found = p;
    if (!found) return text;
    found -= found[-1] == '"';
    return xsprintf("%.*s%s%s", (int)(found - text), text, prefix, found);
}

static void put_function(ElfFile *o, const Symbol *s) {
    enum { LONGEST = 512 };
    Buf code = {0};
    int64_t frame = 0;
    bool prologue = true;
    uint8_t *p = (uint8_t *)bytes_of(o, s->section) + s->at;
    o->function = s;
    for (uint64_t at = 0; at < s->size;) {
        char text[LONGEST];
        const Row *r = row_of(o, s->section, s->at + at);
        size_t n = LLVMDisasmInstruction(o->disassembler, p + at, s->size - at, at, text, LONGEST);
        if (!n) {
            n = o->arm64 ? 4 : 1;
            snprintf(text, LONGEST, o->arm64 ? ".word\t%#x" : ".byte\t%#x",
                     (unsigned)(o->arm64 ? *(uint32_t *)(p + at) : p[at]));
        }
        const char *insn = text + strspn(text, "\t ");
        if (r && r->body) prologue = false;
        int64_t step = prologue && frame >= 0 ? frame_step(insn) : 0;
        frame = step < 0 ? -1 : frame + step;
        buf_printf(&code, "\t0x%04llx %05llu (", (unsigned long long)at, (unsigned long long)at);
        if (r && r->line)
            buf_printf(&code, "%s:%u", r->file, r->line);
        else
            buf_puts(&code, "<unknown line number>");
        buf_printf(&code, ")\t%s\n", with_prefix(o, at, insn));
        at += n;
    }
    put_heading(o, s, "STEXT");
    if (!prologue && frame >= 0) buf_printf(&o->out, " locals=0x%llx", (unsigned long long)frame);
    buf_putc(&o->out, '\n');
    buf_write(&o->out, code.p, code.len);
    put_bytes(o, p, s->size);
    put_relocations(o, s);
}

static void put_data(ElfFile *o, const Symbol *s) {
    const Elf64_Shdr *in = &o->sections[s->section];
    bool zero = in->sh_type == SHT_NOBITS,
         pointers = strcmp(section_name(o, s->section), "vole_noptrdata") != 0;
    put_heading(o, s,
                !(in->sh_flags & SHF_WRITE) ? "SRODATA"
                : in->sh_flags & SHF_TLS    ? "STLSBSS"
                : zero                      ? "SBSS"
                : pointers                  ? "SDATA"
                                            : "SNOPTRDATA");
    buf_putc(&o->out, '\n');
    if (!zero) put_bytes(o, bytes_of(o, s->section) + s->at, s->size);
    put_relocations(o, s);
}

static int by_section(const void *a, const void *b) {
    const Symbol *x = a, *y = b;
    if (x->section != y->section) return x->section < y->section ? -1 : 1;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return strcmp(x->name, y->name);
}

void print_listing(const void *object, FILE *out) {
    ElfFile own = {.p = object}, *o = &own;
    read_object(o);
    read_lines(o);
    if (o->arm64)
        LLVMInitializeAArch64Disassembler();
    else
        LLVMInitializeX86Disassembler();
    const char *triple = o->arm64 ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
    o->disassembler =
        LLVMCreateDisasmCPUFeatures(triple, "", o->arm64 ? "+all" : "", o, 1, operand, no_name);
    if (!o->disassembler) ice("no disassembler for %s", triple);
    LLVMSetDisasmOptions(o->disassembler, LLVMDisassembler_Option_PrintImmHex);
    // Relocations go by the order that symbols have in the object.
    Symbol *list = NEW_ARRAY(Symbol, o->nsymbols + 1);
    memcpy(list, o->symbols, o->nsymbols * sizeof *list);
    qsort(list, o->nsymbols, sizeof *list, by_section);
    for (uint32_t i = 0; i < o->nsymbols; i++)
        if (list[i].section && list[i].type == STT_FUNC) put_function(o, &list[i]);
    for (uint32_t i = 0; i < o->nsymbols; i++)
        if (list[i].section && (list[i].type == STT_OBJECT || list[i].type == STT_TLS))
            put_data(o, &list[i]);
    fwrite(o->out.p, 1, o->out.len, out);
    LLVMDisasmDispose(o->disassembler);
}

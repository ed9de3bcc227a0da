// goobj_text: what a Go object file defines, as directives of LLVM's assembler, which goes into the
// package's own object as its module's inline assembly: that way LLVM writes the object, and encodes
// relocations and unwind information. Instructions stay the bytes that cmd/asm made:
//
//     .section vole_asm,"ax",@progbits,unique,1      a section each, so that the linker can drop it
//     .globl "main.f#abi0#"
//     "main.f#abi0#":
//     .cfi_startproc
//     .byte 85
//     .cfi_def_cfa_offset 16                         from the table of stack depths
//     .byte 72,137,229,232
//     .reloc ., R_X86_64_PC32, "main.g#abi0#"-4
//     .byte 0,0,0,0
//
// Lines are a compile unit of DWARF 4 in sections of the usual names, but apart from those that LLVM
// fills.
#include "backend/goobj.h"

typedef struct Writer {
    const GoObject *object;
    bool arm64;
    GoNamer *name;
    void *arg;
    Buf *out;
    const char *err;
} Writer;

// Sections are told apart by numbers: so many for each file.
enum { SECTIONS = 1 << 16, DEBUG_ABBREV = SECTIONS - 4, DEBUG_INFO, DEBUG_LINE, DEBUG_RANGES };

static const char *name_of(const Writer *w, const GoSymbol *s) {
    return w->name(w->arg, w->object, s);
}

static void put_bytes(Writer *w, const GoSymbol *s, uint32_t from, uint32_t to) {
    uint32_t known = (uint32_t)s->data.len < to ? (uint32_t)s->data.len : to;
    for (uint32_t i = from; i < known; i++)
        buf_printf(w->out, i > from && i % 64 ? ",%u" : "\n.byte %u", (uint8_t)s->data.p[i]);
    if (known < from) known = from;
    if (to > known) buf_printf(w->out, "\n.zero %u", to - known);
    buf_putc(w->out, '\n');
}

static uint32_t instruction(const GoSymbol *s, uint32_t at) {
    uint32_t v = 0;
    if (at + 4 <= s->data.len) memcpy(&v, s->data.p + at, 4);
    return v;
}

static void put_reloc(Writer *w, const char *kind, uint32_t ahead, const char *symbol,
                      int64_t addend) {
    buf_printf(w->out, ".reloc .+%u, %s, \"%s\"%+lld\n", ahead, kind, symbol, (long long)addend);
}

// A pair of instructions: the page of an address, then what is in it.
static void put_pair(Writer *w, const char *second, const GoReloc *r) {
    const char *symbol = name_of(w, r->symbol);
    put_reloc(w, "R_AARCH64_ADR_PREL_PG_HI21", 0, symbol, r->addend);
    put_reloc(w, second, 4, symbol, r->addend);
}

static const char *const arm64_pairs[] = {
    // by GoRelocKind from GO_ARM64_PCREL on
    "R_AARCH64_ADD_ABS_LO12_NC",    "R_AARCH64_LDST8_ABS_LO12_NC",  "R_AARCH64_LDST16_ABS_LO12_NC",
    "R_AARCH64_LDST32_ABS_LO12_NC", "R_AARCH64_LDST64_ABS_LO12_NC",
};

// Go's relocations of addresses stand for a pair of instructions, ELF's for one each.
static bool arm64_reloc(Writer *w, const GoSymbol *s, const GoReloc *r) {
    if (r->kind == GO_CALLARM64) {
        bool link = instruction(s, r->offset) >> 31;
        put_reloc(w, link ? "R_AARCH64_CALL26" : "R_AARCH64_JUMP26", 0, name_of(w, r->symbol),
                  r->addend);
    } else if (r->kind == GO_ADDRARM64) {
        put_pair(w, arm64_pairs[0], r);
    } else if (r->kind >= GO_ARM64_PCREL && r->kind <= GO_ARM64_PCREL_LDST64) {
        put_pair(w, arm64_pairs[r->kind - GO_ARM64_PCREL], r);
    } else if (r->kind == GO_ADDR && r->size == 8) {
        put_reloc(w, "R_AARCH64_ABS64", 0, name_of(w, r->symbol), r->addend);
    } else {
        return false;
    }
    return true;
}

// Displacements are counted from the end of their field, which the addend does not say yet.
static bool amd64_reloc(Writer *w, const GoReloc *r) {
    if (r->kind == GO_TLS_LE && r->size == 4)
        put_reloc(w, "R_X86_64_TPOFF32", 0, "vole_tls_g", r->addend);
    else if (r->kind == GO_TLS_IE && r->size == 4)
        put_reloc(w, "R_X86_64_GOTTPOFF", 0, "vole_tls_g", r->addend - 4);
    else if (r->kind == GO_CALL && r->size == 4)
        put_reloc(w, "R_X86_64_PLT32", 0, name_of(w, r->symbol), r->addend - 4);
    else if (r->kind == GO_PCREL && r->size == 4)
        put_reloc(w, "R_X86_64_PC32", 0, name_of(w, r->symbol), r->addend - 4);
    else if (r->kind == GO_ADDR && r->size == 8)
        put_reloc(w, "R_X86_64_64", 0, name_of(w, r->symbol), r->addend);
    else if (r->kind == GO_ADDR && r->size == 4)
        put_reloc(w, "R_X86_64_32", 0, name_of(w, r->symbol), r->addend);
    else
        return false;
    return true;
}

static void relocate(Writer *w, const GoSymbol *s, const GoReloc *r) {
    if (r->kind == GO_CALLIND) return;
    bool tls = r->kind == GO_TLS_LE || r->kind == GO_TLS_IE;
    if ((r->symbol || tls) && (w->arm64 ? arm64_reloc(w, s, r) : amd64_reloc(w, r))) return;
    if (!w->err)
        w->err = xsprintf("%s: relocation of type %u and size %u is not supported", s->name,
                          r->kind, r->size);
}

// Go's functions keep the frame pointer below the return address: on amd64 by a push at their
// beginning, on arm64 below the link register.
static void put_unwind(Writer *w, const GoSymbol *s, uint32_t pc, int32_t depth, int32_t before) {
    Buf *b = w->out;
    buf_printf(b, ".cfi_def_cfa_offset %d\n", depth + (w->arm64 ? 0 : 8));
    if (w->arm64) {
        if (depth)
            buf_printf(b, ".cfi_offset x30, %d\n.cfi_offset x29, %d\n", -depth, -depth - 8);
        else
            buf_puts(b, ".cfi_same_value x30\n.cfi_same_value x29\n");
    } else if (depth == 8 && !before && pc && (uint8_t)s->data.p[pc - 1] == 0x55) {
        buf_puts(b, ".cfi_offset %rbp, -16\n");
    } else if (!depth) {
        buf_puts(b, ".cfi_same_value %rbp\n");
    }
}

static void put_label(Writer *w, const GoSymbol *s, bool text) {
    const char *name = name_of(w, s);
    if (s->abi != GO_ABI_STATIC)
        buf_printf(w->out, "%s \"%s\"\n", s->dupok ? ".weak" : ".globl", name);
    buf_printf(w->out, ".type \"%s\", @%s\n\"%s\":\n", name, text ? "function" : "object", name);
}

static void put_size(Writer *w, const GoSymbol *s) {
    buf_printf(w->out, ".size \"%s\", %u\n", name_of(w, s), s->size);
}

// What the linker of Go aligns to, unless the source asks for more.
static uint32_t alignment(const Writer *w, const GoSymbol *s) {
    uint32_t most = go_symbol_is_text(s) && w->arm64 ? 16 : 32, n = most;
    while (!go_symbol_is_text(s) && n > s->size && n > 1) n /= 2;
    return s->align > n ? s->align : n;
}

// The bytes between what changes: relocations, and the depth of the stack.
static void put_text(Writer *w, const GoSymbol *s, uint32_t section) {
    buf_printf(w->out, ".section vole_asm,\"ax\",@progbits,unique,%u\n.balign %u\n", section,
               alignment(w, s));
    put_label(w, s, true);
    buf_puts(w->out, ".cfi_startproc\n");
    GoTable t = {.rest = s->pcsp};
    uint32_t quantum = w->arm64 ? 4 : 1, at = 0, r = 0;
    int32_t depth = 0;
    bool more = goobj_step(&t, quantum);
    while (at < s->size) {
        while (more && t.pc <= at) {
            if (t.value != depth) put_unwind(w, s, at, t.value, depth);
            depth = t.value;
            more = goobj_step(&t, quantum);
        }
        while (r < s->relocs.len && s->relocs.data[r].offset <= at)
            relocate(w, s, &s->relocs.data[r++]);
        uint32_t to = s->size;
        if (more && t.pc < to) to = t.pc;
        if (r < s->relocs.len && s->relocs.data[r].offset < to) to = s->relocs.data[r].offset;
        put_bytes(w, s, at, to);
        at = to;
    }
    buf_puts(w->out, ".cfi_endproc\n");
    put_size(w, s);
}

// Variables without pointers lie where the collector need not look (backend.h).
static void put_data(Writer *w, const GoSymbol *s, uint32_t section) {
    const char *name = s->kind == GO_RODATA || s->kind == GO_RODATA_FIPS ? ".rodata.asm"
                       : s->kind == GO_DATA || s->kind == GO_DATA_FIPS   ? ".data.asm"
                       : s->kind == GO_BSS || s->kind == GO_NOPTRBSS     ? ".bss.asm"
                                                                         : "vole_noptrdata";
    bool read_only = *name == '.' && name[1] == 'r', zero = *name == '.' && name[1] == 'b';
    buf_printf(w->out, ".section %s,\"%s\",@%s,unique,%u\n.balign %u\n", name,
               read_only ? "a" : "aw", zero ? "nobits" : "progbits", section, alignment(w, s));
    put_label(w, s, false);
    uint32_t at = 0;
    for (vec_each(GoReloc, r, &s->relocs)) {
        put_bytes(w, s, at, r->offset);
        relocate(w, s, r);
        at = r->offset;
    }
    put_bytes(w, s, at, s->size);
    put_size(w, s);
}

// ---- lines --------------------------------------------------------------------------------------

static void debug_section(Writer *w, const char *name, uint32_t section) {
    buf_printf(w->out, ".section %s,\"\",@progbits,unique,%u\n", name,
               w->object->index * SECTIONS + section);
}

// A run of rows for one function: where file or line change.
static void put_rows(Writer *w, const GoSymbol *s) {
    uint32_t quantum = w->arm64 ? 4 : 1, file = 1, pc = 0;
    int32_t line = 1;
    GoTable lines = {.rest = s->pcline}, files = {.rest = s->pcfile};
    buf_printf(w->out, ".byte 0\n.uleb128 9\n.byte 2\n.quad \"%s\"\n", name_of(w, s));
    goobj_step(&files, quantum);
    while (goobj_step(&lines, quantum)) {
        while (files.end <= lines.pc && goobj_step(&files, quantum)) {}
        if (lines.pc > pc) buf_printf(w->out, ".byte 2\n.uleb128 %u\n", (lines.pc - pc) / quantum);
        if (files.value >= 0 && (uint32_t)files.value + 1 != file)
            buf_printf(w->out, ".byte 4\n.uleb128 %u\n", file = (uint32_t)files.value + 1);
        buf_printf(w->out, ".byte 3\n.sleb128 %d\n.byte 1\n", lines.value - line);
        line = lines.value;
        pc = lines.pc;
    }
    buf_printf(w->out, ".byte 2\n.uleb128 %u\n.byte 0,1,1\n", (s->size - pc) / quantum);
}

static void put_string(Writer *w, const char *s) {
    buf_puts(w->out, ".byte ");
    for (; *s; s++) buf_printf(w->out, "%u,", (uint8_t)*s);
    buf_puts(w->out, "0\n");
}

// Tracebacks read lines from DWARF alone, so assembly needs a table like a compiled unit.
static void put_line_table(Writer *w, const char *label) {
    Buf *b = w->out;
    debug_section(w, ".debug_line", DEBUG_LINE);
    buf_printf(b, "%s_line:\n.long %s_e-%s_b\n%s_b:\n.short 4\n.long %s_p-%s_h\n%s_h:\n", label,
               label, label, label, label, label, label);
    // Shortest instruction, one operation each, all begin statements; special opcodes (unused);
    // operands of the standard ones.
    buf_printf(b, ".byte %d,1,1,-5,14,13,0,1,1,1,1,0,0,0,1,0,0,1,0\n", w->arm64 ? 4 : 1);
    for (vec_each(const char *, f, &w->object->files)) {
        put_string(w, *f);
        buf_puts(b, ".byte 0,0,0\n");
    }
    buf_printf(b, ".byte 0\n%s_p:\n", label);
    for (vec_each(GoSymbol *, s, &w->object->symbols))
        if (go_symbol_is_text(*s) && (*s)->size) put_rows(w, *s);
    buf_printf(b, "%s_e:\n", label);
}

// A unit with ranges is the least that leads from an address to the line table.
static void put_debug(Writer *w) {
    Buf *b = w->out;
    const char *label = xsprintf(".Lvole_asm%u", w->object->index);
    put_line_table(w, label);
    debug_section(w, ".debug_abbrev", DEBUG_ABBREV); // name, line table, ranges, base, language
    buf_printf(b, "%s_a:\n.byte 1,0x11,0,3,8,0x10,0x17,0x55,0x17,0x11,1,0x13,5,0,0,0\n", label);
    debug_section(w, ".debug_info", DEBUG_INFO);
    buf_printf(b, ".long %s_ie-%s_ib\n%s_ib:\n.short 4\n.long %s_a\n.byte 8,1\n", label, label,
               label, label);
    put_string(w, w->object->files.len ? w->object->files.data[0] : "");
    buf_printf(b, ".long %s_line\n.long %s_r\n.quad 0\n.short 0x8001\n%s_ie:\n", label, label,
               label);
    debug_section(w, ".debug_ranges", DEBUG_RANGES);
    buf_printf(b, "%s_r:\n", label);
    for (vec_each(GoSymbol *, s, &w->object->symbols)) {
        if (!go_symbol_is_text(*s) || !(*s)->size) continue;
        const char *name = name_of(w, *s);
        buf_printf(b, ".quad \"%s\",\"%s\"+%u\n", name, name, (*s)->size);
    }
    buf_puts(b, ".quad 0,0\n");
}

bool goobj_text(const GoObject *o, bool arm64, GoNamer *name, void *arg, Buf *out,
                const char **err) {
    Writer w = {o, arm64, name, arg, out, NULL};
    uint32_t section = o->index * SECTIONS;
    bool text = false;
    for (vec_each(GoSymbol *, s, &o->symbols)) {
        section++;
        text |= go_symbol_is_text(*s);
        if (go_symbol_is_text(*s))
            put_text(&w, *s, section);
        else if ((*s)->kind >= GO_RODATA && (*s)->kind <= GO_NOPTRBSS && *(*s)->name)
            put_data(&w, *s, section);
    }
    if (text) put_debug(&w);
    *err = w.err;
    return !w.err;
}

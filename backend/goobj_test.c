// Go object files, made here piece by piece: what is read of them, what becomes of it, and that
// damaged ones are refused.
#define _GNU_SOURCE 1
#include "backend/goobj.h"
#include <criterion/criterion.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 20, BLOCKS = 19, HEADER = FIRST_BLOCK + BLOCKS * 4 };
enum { SELF = 0x7fffffff - 4, NONE = 0x7fffffff, BUILTIN = 0x7fffffff - 3 };

static void put(Buf *b, uint64_t v, int bytes) { buf_write(b, &v, (size_t)bytes); }

// name: 1 is "f", 2 is "v", which follow the header; 0 is none.
static void put_symbol(Buf *b, uint32_t name, uint16_t abi, uint8_t kind, uint8_t flags,
                       uint32_t size) {
    put(b, name ? 1 : 0, 4);
    put(b, HEADER + (name ? name - 1 : 0), 4);
    put(b, abi, 2);
    put(b, kind, 1);
    put(b, flags, 1);
    put(b, 0, 1);
    put(b, size, 4);
    put(b, 0, 4);
}

// f: a call of morestack, a load of v; its table of depths: 0, from 5 on 8.
static Str make_object(void) {
    static const uint8_t code[] = {0xe8, 0, 0, 0, 0, 0x55, 0x8b, 5, 0, 0, 0, 0};
    static const uint8_t depths[] = {2, 5, 16, 7, 0};
    Buf block[BLOCKS] = {0}, *defs = &block[6], *refs = &block[7];
    put_symbol(&block[3], 0, 0, 0, 0, sizeof depths); // the table: the file's first symbol
    put_symbol(defs, 1, GO_ABI0, GO_TEXT, 16, sizeof code);
    put_symbol(refs, 2, GO_ABI0, 0, 0, 0);
    static const uint32_t relocs[] = {0, 0, 2}, aux[] = {0, 0, 1};
    const uint32_t data[] = {0, sizeof depths, sizeof depths + sizeof code};
    buf_write(&block[11], relocs, sizeof relocs);
    buf_write(&block[12], aux, sizeof aux);
    buf_write(&block[13], data, sizeof data);
    put(&block[14], 1, 4), put(&block[14], 4, 1), put(&block[14], GO_CALL, 2);
    put(&block[14], 0, 8), put(&block[14], BUILTIN, 4), put(&block[14], 246, 4);
    put(&block[14], 8, 4), put(&block[14], 4, 1), put(&block[14], GO_PCREL, 2);
    put(&block[14], 3, 8), put(&block[14], NONE, 4), put(&block[14], 1, 4);
    put(&block[15], 7, 1), put(&block[15], SELF, 4), put(&block[15], 0, 4);
    buf_write(&block[16], depths, sizeof depths);
    buf_write(&block[16], code, sizeof code);
    Buf b = {0};
    static const char head[] = "go object linux amd64 go1.27\n\n!\n";
    buf_write(&b, head, sizeof head - 1);
    buf_write(&b, "\0go120ld\0\0\0\0\0\0\0\0\0\0\0\0", FIRST_BLOCK);
    uint32_t at = HEADER + 2;
    for (int i = 0; i < BLOCKS; i++) {
        put(&b, at, 4);
        at += (uint32_t)block[i].len;
    }
    buf_puts(&b, "fv");
    for (int i = 0; i < BLOCKS; i++) buf_write(&b, block[i].p, block[i].len);
    return str_make(b.p, b.len);
}

Test(goobj, symbols_relocations_and_tables) {
    GoObject o;
    const char *err;
    cr_assert(goobj_read(make_object(), &o, &err), "%s", err);
    cr_assert_eq(o.symbols.len, 3);
    const GoSymbol *f = o.symbols.data[1], *v = o.symbols.data[2];
    cr_assert_str_eq(f->name, "f");
    cr_assert(go_symbol_is_text(f) && f->nosplit && !f->leaf && f->size == 12);
    cr_assert_str_eq(v->name, "v");
    cr_assert_eq(v->kind, GO_REFERENCE);
    cr_assert_eq(f->relocs.len, 2);
    cr_assert_str_eq(f->relocs.data[0].symbol->name, "runtime.morestack_noctxt");
    cr_assert(f->relocs.data[1].symbol == v && f->relocs.data[1].addend == 3);
    GoTable t = {.rest = f->pcsp};
    cr_assert(goobj_step(&t, 1) && t.value == 0 && t.pc == 0 && t.end == 5);
    cr_assert(goobj_step(&t, 1) && t.value == 8 && t.pc == 5 && t.end == 12);
    cr_assert(!goobj_step(&t, 1));
}

static const char *as_is(void *arg, const GoObject *o, const GoSymbol *s) {
    (void)arg, (void)o;
    return s->name;
}

Test(goobj, text_has_relocations_and_unwind_information) {
    GoObject o;
    const char *err;
    Buf text = {0};
    cr_assert(goobj_read(make_object(), &o, &err));
    cr_assert(goobj_text(&o, false, as_is, NULL, &text, &err), "%s", err);
    static const char *const wanted[] = {
        "\"f\":\n.cfi_startproc\n",
        ".byte 232\n.reloc .+0, R_X86_64_PLT32, \"runtime.morestack_noctxt\"-4\n",
        ".cfi_def_cfa_offset 16\n\n.byte 85,139,5\n.reloc .+0, R_X86_64_PC32, \"v\"-1\n",
        ".cfi_endproc\n.size \"f\", 12\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        cr_assert(strstr(buf_str(&text), wanted[i]), "%s\n%s", wanted[i], buf_str(&text));
    o.symbols.data[1]->relocs.data[1].kind = 99;
    cr_assert(!goobj_text(&o, false, as_is, NULL, &text, &err));
    cr_assert_str_eq(err, "f: relocation of type 99 and size 4 is not supported");
}

Test(goobj, damaged_files_are_refused_or_read) {
    Str good = make_object();
    GoObject o;
    const char *err;
    cr_assert(!goobj_read(str_make("text", 4), &o, &err));
    cr_assert_str_eq(err, "not a Go object file");
    for (size_t n = 0; n + 1 < good.len; n++) { // what is cut off is none of the caller's memory
        char *p = malloc(n + 1);
        memcpy(p, good.p, n);
        cr_assert(!goobj_read(str_make(p, n), &o, &err), "%zu", n);
        free(p);
    }
    for (size_t n = 40; n < good.len; n++)
        for (int bit = 0; bit < 8; bit++) {
            char *p = malloc(good.len);
            memcpy(p, good.p, good.len);
            p[n] = (char)(p[n] ^ 1 << bit);
            goobj_read(str_make(p, good.len), &o, &err);
            free(p);
        }
}

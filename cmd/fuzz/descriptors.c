// descriptors: the list of key types for descriptors.go: bytes of every number from 0 to 300, and
// for every size the structs whose members are bytes and one mix of members with padding before
// them or behind them, strings, interfaces, floats and blank fields. The layout of each is worked
// out here, by Go's rules, so that the program can tell which bytes are the value's.
#include "cmd/fuzz/run.h"
#include <errno.h>
#include <stdlib.h>

enum { MAX_KEY = 300 };

typedef struct Layout {
    Buf fields, bytes;
    int align, members;
} Layout;

typedef struct Member {
    const char *type;
    int size, align;
    char letter; // the first byte's; 'p' is every byte's
} Member;

static const Member word = {"uint64", 8, 8, 'p'}, half = {"uint16", 2, 2, 'p'},
                    text = {"string", 16, 8, 's'}, face = {"any", 16, 8, 'i'},
                    wide = {"float64", 8, 8, 'f'}, narrow = {"float32", 4, 4, 'g'},
                    blank = {"_ uint32", 4, 4, '_'};

// Up to three members, one before the bytes in the middle, the others behind.
static const struct Mix {
    const char *name;
    const Member *members[4];
} mixes[] = {
    {"padded", {&word, &half}},  {"blank", {&blank, &half}},
    {"string", {&text}},         {"interface", {&face}},
    {"float", {&wide, &narrow}}, {"all", {&narrow, &text, &face, &word}},
};

static void add_bytes(Layout *l, int n) {
    if (n <= 0) return;
    buf_printf(&l->fields, "m%d [%d]uint8; ", l->members++, n);
    while (n--) buf_putc(&l->bytes, 'p');
}

static void pad(Layout *l, int align) {
    while (l->bytes.len % (size_t)align) buf_putc(&l->bytes, '_');
}

static void add(Layout *l, const Member *m) {
    pad(l, m->align);
    if (*m->type == '_')
        buf_printf(&l->fields, "%s; ", m->type);
    else
        buf_printf(&l->fields, "m%d %s; ", l->members++, m->type);
    for (int i = 0; i < m->size; i++)
        buf_putc(&l->bytes, i == 0 || m->letter == 'p' || m->letter == '_' ? m->letter : '.');
    if (m->align > l->align) l->align = m->align;
}

// A struct of about n bytes; false where the members alone are larger.
static bool mixed(const struct Mix *mix, int n, Layout *l) {
    *l = (Layout){.align = 1};
    add_bytes(l, n % 7);
    for (int i = 0; i < 4 && mix->members[i]; i++) {
        add(l, mix->members[i]);
        if (i == 0) add_bytes(l, n % 3);
    }
    int rest = n - (int)l->bytes.len;
    if (rest < 0) return false;
    add_bytes(l, rest);
    pad(l, l->align);
    return true;
}

// Writes the program's two files.
bool descriptors_write(const char *dir) {
    Buf b = {0};
    buf_puts(&b, "package main\n\nvar samples = []sample{\n");
    for (int n = 0; n <= MAX_KEY; n++) {
        Layout l = {.align = 1};
        add_bytes(&l, n);
        buf_printf(&b, "\tof[[%d]uint8](\"bytes\", \"%s\"),\n", n, buf_str(&l.bytes));
        for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++)
            if (mixed(&mixes[i], n, &l))
                buf_printf(&b, "\tof[struct{ %s}](\"%s\", \"%s\"),\n", buf_str(&l.fields),
                           mixes[i].name, buf_str(&l.bytes));
    }
    buf_puts(&b, "}\n");
    Str program;
    if (!read_file(VOLE_SOURCE_DIR "/cmd/fuzz/descriptors.go", &program)) return false;
    make_dirs(dir, 0777);
    return write_text(xsprintf("%s/samples.go", dir), buf_str(&b)) &&
           write_text(xsprintf("%s/descriptors.go", dir), program.p) &&
           write_text(xsprintf("%s/go.mod", dir), "module fuzz\n\ngo 1.27\n");
}

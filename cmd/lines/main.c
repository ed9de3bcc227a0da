// lines: gives object files the table that says where their code comes from (backend/lines.h), in
// place. Their language is Go afterwards, in DWARF: functions of C are to Delve the program's own, not
// its runtime's, at which it looks for where a goroutine waits.
//   lines FILE.o…
#include "backend/lines.h"
#include "backend/object.h"

// A unit's language follows its producer, a string.
static void call_it_go(const ObjectFile *o) {
    enum {
        HEAD = 12,
        HEAD4 = 11,
        UNIT = 0x11,
        PRODUCER = 0x25,
        LANGUAGE = 0x13,
        DATA2 = 5,
        GO = 0x16
    };
    const Elf64_Shdr *info = object_section(o, ".debug_info"),
                     *abbrev = object_section(o, ".debug_abbrev");
    if (!info || !abbrev || info->sh_size < 32 || abbrev->sh_size < 7) return;
    uint8_t *p = o->p + info->sh_offset;
    const uint8_t *a = o->p + abbrev->sh_offset;
    p += p[4] == 5 ? HEAD : HEAD4;
    // The first abbreviation is the unit's: number, tag, whether it has children.
    if (a[0] != 1 || *p++ != 1 || a[1] != UNIT || a[3] != PRODUCER || a[5] != LANGUAGE ||
        a[6] != DATA2)
        return;
    switch (a[4]) {
    case 0x25: p += 1; break; // strx1, strx2, strp
    case 0x26: p += 2; break;
    case 0x0e: p += 4; break;
    default: return;
    }
    memcpy(p, (uint8_t[]){GO, 0}, 2);
}

static int add(const char *path) {
    Str s;
    if (!read_file(path, &s)) {
        perror(path);
        return 1;
    }
    ObjectFile o;
    Buf rest = {0};
    if (!object_open(&o, (void *)(uintptr_t)s.p, s.len)) {
        fprintf(stderr, "%s: no object file\n", path);
        return 1;
    }
    call_it_go(&o);
    size_t kept = lines_add(&o, &rest);
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(s.p, 1, kept, f) == kept && fwrite(rest.p, 1, rest.len, f) == rest.len;
    if (f && fclose(f)) ok = false;
    if (!ok) perror(path);
    return !ok;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (add(argv[i])) return 1;
    return 0;
}

// lines: gives object files the table that says where their code comes from (backend/lines.h), in
// place.
//   lines FILE.o…
#include "backend/lines.h"
#include "backend/object.h"

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

// load_tags: the build tags that a package has beside the build's own. Packages are built as gc
// builds them, with their assembly; GOROOT's, whose assembly is bound to gc's runtime, as where
// there is none (tag purego), but for those whose assembly functions the runtime has in C
// (runtime/overlay/assembly).
#include "frontend/load_impl.h"

bool tags_assembled(const char *dir, const char *name) {
    Str text;
    const char *error;
    vec_push(&load_config.tags, "gc");
    bool yes = constraint_file_name(name) && read_file(xsprintf("%s/%s", dir, name), &text) &&
               constraint_text(text, &error);
    load_config.tags.len--;
    return yes;
}

// Has the runtime what the assembly files of GOROOT's package in dir define?
static bool runtime_has_assembly(const char *dir) {
    static Str list;
    if (!list.p &&
        (!load_config.overlay || !read_file(xsprintf("%s/assembly", load_config.overlay), &list)))
        list.p = "";
    size_t src = strlen(load_config.goroot) + strlen("/src/");
    return strlen(dir) > src &&
           strstr(list.p, xsprintf("\n%s %s\n", load_config.goarch, dir + src));
}

uint32_t tags_add(const char *dir, bool goroot) {
    uint32_t before = load_config.tags.len;
    vec_push(&load_config.tags, "gc");
    if (goroot && !runtime_has_assembly(dir)) vec_push(&load_config.tags, "purego");
    return before;
}

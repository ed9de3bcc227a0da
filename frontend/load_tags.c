// load_tags: the build tags that a package has beside the build's own. Packages are built as gc
// builds them, with their assembly; GOROOT's, whose assembly is mostly bound to gc's runtime, as where
// there is none (tag purego), but for those that runtime/overlay/assembly lists: there either the
// runtime has the assembly functions in C, or the assembly is GOROOT's.
#include "frontend/load_impl.h"

bool tags_assembled(const char *dir, const char *name) {
    Str text;
    const char *error;
    vec_push(&load_config.tags, "gc");
    bool yes = constraint_file_name(name) && fsys_read(xsprintf("%s/%s", dir, name), &text) &&
               constraint_text(text, &error);
    load_config.tags.len--;
    return yes;
}

// What the overlay's list says of GOROOT's package in dir: is there a line "word arch path"?
static bool listed(const char *word, const char *dir) {
    static Str list;
    if (!list.p &&
        (!load_config.overlay || !read_file(xsprintf("%s/assembly", load_config.overlay), &list)))
        list.p = "";
    size_t src = strlen(load_config.goroot) + strlen("/src/");
    return strlen(dir) > src &&
           strstr(list.p, xsprintf("\n%s %s %s\n", word, load_config.goarch, dir + src));
}

bool tags_goroot_assembly(const char *dir) {
    return !load_config.no_assembler && listed("assembly", dir);
}

// Has the package the tag cgo?
static bool uses_cgo(const char *dir, bool goroot) {
    if (!load_config.cgo || load_config.cgo_resolvers || !goroot) return load_config.cgo != NULL;
    const char *src = xsprintf("%s/src", load_config.goroot); // dir may be the overlay's
    return strcmp(dir, path_join(src, "net")) != 0 && strcmp(dir, path_join(src, "os/user")) != 0;
}

uint32_t tags_add(const char *dir, bool goroot) {
    uint32_t before = load_config.tags.len;
    vec_push(&load_config.tags, "gc");
    if (uses_cgo(dir, goroot)) vec_push(&load_config.tags, "cgo");
    if (goroot && !listed("C", dir) && !tags_goroot_assembly(dir))
        vec_push(&load_config.tags, "purego");
    return before;
}

// load_modinfo: which modules a program's packages come from, as go records it in binaries: version,
// replacement and checksum of each.
#include "frontend/load_impl.h"

#include <stdlib.h>

static const char *checksum(const Module *main, const char *path, const char *version) {
    const char *sum = gosum_find(main, path, version);
    return sum ? sum : "";
}

// For build information: the main module is (devel), others are as go.mod and its replacements say.
bool load_module_of(const Package *p, LoadModule *out) {
    const Module *main = gopath_mode() ? NULL : work_main();
    if (!main || p->in_goroot || !strcmp(p->path, "command-line-arguments")) return false;
    const Module *own = gomod_find(p->dir);
    if (own && own->path[0] && has_path_prefix(p->path, own->path) &&
        (own == main || work_uses(own->dir)) && !strstr(p->dir, "/vendor/")) {
        *out = (LoadModule){.path = own->path, .version = "(devel)", .main = true, .dir = own->dir};
        return true;
    }
    const struct Require *best = NULL;
    for (uint32_t i = 0; i < main->nrequires; i++) {
        const struct Require *r = &main->requires[i];
        if (has_path_prefix(p->path, r->path) && (!best || strlen(r->path) > strlen(best->path)))
            best = r;
    }
    if (!best) return false;
    *out = (LoadModule){.path = best->path, .version = best->version};
    const struct Replace *to = gomod_replaced(main, best->path, best->version);
    if (to) {
        out->replace = to->to;
        out->replace_version = *to->to_version ? to->to_version : "(devel)";
    }
    if (!main->vendor && !to) out->sum = checksum(main, best->path, best->version);
    if (!main->vendor && to && *to->to_version)
        out->replace_sum = checksum(main, to->to, to->to_version);
    return true;
}

const char *load_module_path(const char *dir) {
    const Module *m = gomod_read(dir);
    return m ? m->path : NULL;
}

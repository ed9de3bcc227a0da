// target: what of the architecture programs may take for granted: $GOAMD64 and $GOARM64, in go's
// words. As there both must be right, whatever is built for; which one counts is the target's.
#include "cmd/vole/vole.h"
#include <stdlib.h>

static const char *given(const char *name, const char *otherwise) {
    const char *v = getenv(name);
    return v && *v ? v : otherwise;
}
static const char *amd64_setting(void) { return given("GOAMD64", "v1"); }
static const char *arm64_setting(void) { return given("GOARM64", "v8.0"); }

const char *target_setting(const char *name) {
    if (strcmp(name, target_variable())) return given(name, "");
    return !strcmp(name, "GOARM64") ? arm64_setting() : amd64_setting();
}

const char *target_variable(void) {
    return !strcmp(options.goarch, "arm64") ? "GOARM64" : "GOAMD64";
}

static bool read_amd64(const char *v, TargetLevel *level) {
    if (v[0] != 'v' || v[1] < '1' || v[1] > '4' || v[2]) return false;
    level->amd64 = v[1] - '0';
    return true;
}

// Suffixes in any order. From v8.1 on LSE is part of the version.
static bool read_arm64(const char *v, TargetLevel *level) {
    size_t n = strcspn(v, ",");
    if (n != 4 || v[0] != 'v' || v[2] != '.') return false;
    int major = v[1] - '0', minor = v[3] - '0';
    if (!(major == 8 && minor >= 0 && minor <= 9) && !(major == 9 && minor >= 0 && minor <= 5))
        return false;
    level->arm64_major = major;
    level->arm64_minor = minor;
    level->lse = major > 8 || minor > 0;
    for (v += n; *v; v += n) {
        n = 1 + strcspn(v + 1, ",");
        bool lse = n == 4 && !memcmp(v, ",lse", n), crypto = n == 7 && !memcmp(v, ",crypto", n);
        if (!lse && !crypto) return false;
        level->lse |= lse;
        level->crypto |= crypto;
    }
    return true;
}

bool target_check(void) {
    if (!read_amd64(amd64_setting(), &options.level))
        fprintf(stderr, "vole: invalid GOAMD64: must be v1, v2, v3, v4\n");
    else if (!read_arm64(arm64_setting(), &options.level))
        fprintf(stderr, "vole: invalid GOARM64: must start with v8.{0-9} or v9.{0-5} and may "
                        "optionally end in \",lse\" and/or \",crypto\"\n");
    else
        return true;
    return false;
}

// As go/build's tool tags: each level up to the one that is built for. v9.x has v8.(x+5).
void target_tags(void) {
    const TargetLevel *l = &options.level;
    bool arm64 = !strcmp(options.goarch, "arm64");
    for (int i = 1; !arm64 && i <= l->amd64; i++)
        vec_push(&load_config.tags, xsprintf("amd64.v%d", i));
    for (int i = 0; arm64 && i <= l->arm64_minor; i++)
        vec_push(&load_config.tags, xsprintf("arm64.v%d.%d", l->arm64_major, i));
    for (int i = 0; arm64 && l->arm64_major == 9 && i <= l->arm64_minor + 5 && i <= 9; i++)
        vec_push(&load_config.tags, xsprintf("arm64.v8.%d", i));
}

// godebug: what the program was built with, and settings of $GODEBUG.
#include "runtime/godebug.h"
#include "runtime/heap.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include <stdlib.h>

extern const char vole_buildinfo[] __attribute__((weak)); // of an object that the driver writes
// ReadBuildInfo takes 16 bytes off either end, where gc's linker puts a mark.
GO_WEAK(AbiString, debug_modinfo, (void), "runtime/debug.modinfo") {
    if (!vole_buildinfo) return (AbiString){NULL, 0};
    size_t n = strlen(vole_buildinfo);
    char *s = rt_alloc_raw(n + 32, false);
    memset(s, ' ', n + 32);
    for (size_t i = 0; i < n; i++) s[16 + i] = vole_buildinfo[i];
    return (AbiString){s, (intptr_t)n + 32};
}
// The rest of its line there: what $GODEBUG is by default.
GO_WEAK(AbiString, godebug_default, (void), "runtime.godebugDefault") {
    static const char key[] = "\nbuild\tDefaultGODEBUG=";
    const char *s = vole_buildinfo ? strstr(vole_buildinfo, key) : NULL;
    if (!s) return (AbiString){NULL, 0};
    s += sizeof key - 1;
    return (AbiString){s, (intptr_t)strcspn(s, "\n")};
}

Godebug godebug;

// Sets what text, as in a=1,b=2, says; of two values the last holds.
static void apply(const char *text, size_t n, bool start) {
    static const struct {
        const char *name;
        int32_t *value;
        bool changes;
    } settings[] = {
#define S(name, initial, changes) {#name, &godebug.name, changes},
        GODEBUG_SETTINGS(S)
#undef S
    };
    for (const char *end = text + n, *next; text < end; text = next + 1) {
        next = memchr(text, ',', (size_t)(end - text));
        if (!next) next = end;
        const char *equals = memchr(text, '=', (size_t)(next - text));
        for (size_t i = 0; equals && i < sizeof settings / sizeof *settings; i++) {
            size_t len = strlen(settings[i].name);
            char *after;
            long value = strtol(equals + 1, &after, 10);
            if (after == equals + 1 || after != next) continue; // it is no number
            if ((start || settings[i].changes) && (size_t)(equals - text) == len &&
                !memcmp(text, settings[i].name, len))
                *settings[i].value = (int32_t)value;
        }
    }
}

void godebug_read(bool start) {
#define S(name, initial, changes) \
    if (start || (changes)) godebug.name = initial;
    GODEBUG_SETTINGS(S)
#undef S
    AbiString text = godebug_default();
    apply(text.ptr, (size_t)text.len, start);
    const char *v = getenv("GODEBUG");
    if (v) apply(v, strlen(v), start);
}
GO_FUNC(void, godebug_reread, (void), "runtime.rereadDebug") { godebug_read(false); }
GO_FUNC(uint8_t, godebug_nil_panics, (void), "runtime.nilPanics") { return godebug.panicnil == 1; }

GO_WEAK(AbiString, icpu_godebug, (void), "internal/cpu.godebug") {
    return c_string(getenv("GODEBUG"));
}

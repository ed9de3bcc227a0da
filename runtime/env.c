// env: the process's arguments, environment and end, for Go. The C library's copy of the
// environment is what the runtime's own getenv sees.
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/string.h"
#include <stdlib.h>

GO_WEAK(AbiString, rt_default_goroot, (void), "runtime.defaultGOROOT") {
    return c_string(vole_goroot);
}

GO_WEAK(void, rt_setenv, (const char *k, intptr_t kn, const char *v, intptr_t vn),
        "runtime.setenv") {
    char *kc = strndup(k, (size_t)kn), *vc = strndup(v, (size_t)vn);
    setenv(kc, vc, 1);
    free(kc);
    free(vc);
}
GO_WEAK(void, rt_unsetenv, (const char *k, intptr_t kn), "runtime.unsetenv") {
    char *kc = strndup(k, (size_t)kn);
    unsetenv(kc);
    free(kc);
}
GO_WEAK(void, rt_clearenv, (void), "runtime.clearenv") { clearenv(); }

static AbiSlice string_list(char **list) {
    intptr_t n = 0;
    while (list[n]) n++;
    AbiString *s = rt_alloc_array((size_t)n * sizeof *s, true);
    for (intptr_t i = 0; i < n; i++) s[i] = c_string(list[i]);
    return (AbiSlice){s, n, n};
}
GO_WEAK(AbiSlice, rt_envs, (void), "syscall.runtime_envs") { return string_list(rt_environ); }
GO_WEAK(AbiSlice, rt_args, (void), "os.runtime_args") { return string_list(rt_argv); }
GO_WEAK(AbiString, rt_getenv, (const char *k, intptr_t kn), "runtime.gogetenv") {
    char b[256];
    if ((size_t)kn >= sizeof b) return (AbiString){0};
    memcpy(b, k, (size_t)kn);
    b[kn] = 0;
    return c_string(getenv(b));
}
GO_WEAK(void, rt_go_exit, (int32_t code), "runtime.exit") { rt_exit(code); }
GO_WEAK(AbiSlice, rt_auxv, (void), "runtime.getAuxv") {
    uintptr_t *p = (uintptr_t *)rt_environ;
    while (*p) p++;
    p++;
    intptr_t n = 0;
    while (p[n]) n += 2;
    return (AbiSlice){p, n, n};
}

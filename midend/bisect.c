// bisect: which run of a pass over which function breaks a program?
//
// VOLE_BISECT=PKG:N[:FILE] lets the first N runs of passes over functions of package PKG happen and
// no later ones, and says which was the N-th, to FILE or standard error. Every pass that asks here
// may be left out: the program means the same. Runs come in the same order each time, so that the
// smallest N that breaks a program names the culprit: `./dev bisect` looks for it.
#include "midend/options.h"
#include <stdlib.h>

// The count is of this process, which compiles one package: so the same N means the same run every
// time.
bool bisect_runs(const char *pass, const Func *f) {
    static const char *spec, *file;
    static long limit, runs;
    if (!spec) {
        spec = bisect_spec(current_package);
        limit = strtol(spec, (char **)&file, 10);
    }
    if (!*spec) return true;
    if (++runs == limit) {
        FILE *out = *file == ':' ? fopen(file + 1, "w") : stderr;
        if (out) fprintf(out, "bisect: run %ld is %s in %s\n", runs, pass, f->symbol);
        if (out && out != stderr) fclose(out);
    }
    return runs <= limit;
}

const char *bisect_spec(const Package *p) {
    const char *env = getenv("VOLE_BISECT");
    size_t n = strlen(p->path);
    return env && strncmp(env, p->path, n) == 0 && env[n] == ':' ? env + n + 1 : "";
}

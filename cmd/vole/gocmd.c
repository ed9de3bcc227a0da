// gocmd: the commands that are GOROOT's own go command's (mod, list, vet …), which vole compiles on
// first use. It finds a tool chain of its own kind: GOTOOLDIR is a folder of vole's installation in
// which each tool is one of GOROOT's, compiled by vole on first use as well, but for the compiler,
// which writes export data for vet and list -export (tool_export.c). `go` is vole to what it runs.
#include "cmd/vole/vole.h"
#include <stdlib.h>

static void set_where_empty(const char *name, const char *value) {
    const char *now = getenv(name);
    if (!now || !*now) setenv(name, value, 1);
}

// What GOROOT/go.env would say, which a GOROOT of sources alone may lack; and that no other tool
// chain is downloaded to stand in for vole.
static void set_defaults(const char *goroot) {
    set_where_empty("GOTOOLCHAIN", "local");
    Str text;
    if (read_file(xsprintf("%s/go.env", goroot), &text)) return;
    set_where_empty("GOPROXY", "https://proxy.golang.org,direct");
    set_where_empty("GOSUMDB", "sum.golang.org");
}

// It must find vole as go and as its tools, so PATH, GOROOT and GOTOOLDIR lead to vole.
int gocmd_run(int argc, char **argv) {
    const char *err = NULL, *goroot = install_goroot(&err);
    const char *path = getenv("PATH");
    if (!goroot) {
        fprintf(stderr, "vole: %s\n", err);
        return 2;
    }
    const char *tool = goroot_tool_path("go");
    if (!tool) return 2;
    env_restore();
    set_defaults(goroot);
    setenv("GOROOT", goroot, 1);
    setenv("GOTOOLDIR", install_tools(), 1);
    setenv("PATH", xsprintf("%s/bin:%s", install_tools(), path ? path : "/usr/bin:/bin"), 1);
    return goroot_tool_exec(tool, "go", argc, argv);
}

int gocmd_run_with(const char *first, int argc, char **argv) {
    char **words = NEW_ARRAY(char *, argc + 1);
    words[0] = xstrdup(first);
    for (int i = 0; i < argc; i++) words[i + 1] = argv[i];
    return gocmd_run(argc + 1, words);
}

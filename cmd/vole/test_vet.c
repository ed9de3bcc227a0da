// test_vet: vet before tests, as go test has it: GOROOT's vet, which vole compiles on first use,
// looks at the package with its tests and at the external test package while both are compiled.
//
// vet is told of one package in a file: its sources, the export data of what it imports, and what
// vet noted of those imports before (facts: which functions are like Printf). vole has all of the
// program checked, so export data is written from memory. Facts are asked for only of packages that
// can have some. Each answer is kept under the key of the package that it is about.
#define _GNU_SOURCE 1
#include "cmd/vole/test.h"
#include "frontend/fsys.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- What is asked ----

static const char *const defaults[] = {"-atomic",   "-bools",       "-buildtag",      "-directive",
                                       "-errorsas", "-ifaceassert", "-nilfunc",       "-printf",
                                       "-slog",     "-stdversion",  "-stringintconv", "-tests"};

// ---- The tool ----

static char *tool_path; // known to all packages' processes once one has found it

void test_vet_begin(void) {
    if (!options.test.vet.explicit)
        for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
            vec_push(&options.test.vet.flags, defaults[i]);
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) ice("mmap: %s", strerror(errno));
    tool_path = p;
}

static const char *find_tool(void) {
    if (!*tool_path) {
        const char *path = goroot_tool_path("vet");
        if (!path || strlen(path) >= 4096) return NULL;
        strcpy(tool_path, path);
    }
    return tool_path;
}

// ---- A package ----

static const char *folder; // of this process's files
static PtrMap exports;     // Package * -> its file
static PtrMap facts;       // Package * -> its file, "" where there are none

static bool write_file(const char *path, Str text) {
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(text.p, 1, text.len, f) == text.len;
    return f && fclose(f) == 0 && ok;
}

static const char *export_file(Package *p) {
    const char *path = ptrmap_get(&exports, p);
    if (path) return path;
    path = xsprintf("%s/%u.a", folder, exports.len);
    ptrmap_put(&exports, p, (void *)path);
    return write_file(path, export_data(p, NULL)) ? path : "";
}

static void put_pair(Buf *b, const char *before, const char *name, const char *value) {
    buf_puts(b, before);
    json_string(b, name);
    buf_putc(b, ':');
    json_string(b, value);
}

// Files of the folder that are no part of the package or its tests.
static void ignored_files(const Package *p, const Package *with, StrVec *names) {
    struct dirent **list = NULL;
    int n = scandir(p->dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *path = xsprintf("%s/%s", p->dir, list[i]->d_name);
        bool part = !ends_with(path, ".go");
        for (vec_each(File *, f, &p->files)) part |= !strcmp((*f)->src->path, path);
        for (uint32_t k = 0; with && k < with->files.len; k++)
            part |= !strcmp(with->files.data[k]->src->path, path);
        if (!part) vec_push(names, path);
        free(list[i]);
    }
    free(list);
}

static void put_paths(Buf *b, const char *key, const StrVec *paths) {
    buf_printf(b, ",\n\"%s\":[", key);
    for (uint32_t i = 0; i < paths->len; i++) {
        if (i) buf_putc(b, ',');
        json_string(b, paths->data[i]);
    }
    buf_putc(b, ']');
}

// What is imported by which name; where its export data is, and vet's facts of it.
static void put_imports(Buf *b, const Package *p) {
    PtrMap seen = {0};
    const char *sep = "\n";
    buf_puts(b, ",\n\"ImportMap\":{");
    for (vec_each(File *, f, &p->files))
        for (vec_each(Decl *, d, &(*f)->decls)) {
            const Object *o = (*d)->kind == D_IMPORT ? (*d)->import.obj : NULL;
            if (!o || !o->imported) continue;
            Str raw = unquote_string((*d)->import.path->lit.text);
            Name name = intern(raw.p, raw.len);
            if (ptrmap_has(&seen, name)) continue;
            ptrmap_put(&seen, name, p->files.data);
            put_pair(b, sep, name, o->imported->path);
            sep = ",\n";
        }
    buf_puts(b, "},\n\"PackageFile\":{");
    sep = "\n";
    for (vec_each(Package *, i, &p->imports)) {
        if (*i == package_unsafe) continue;
        put_pair(b, sep, (*i)->path, export_file(*i));
        sep = ",\n";
    }
    buf_puts(b, "},\n\"PackageVetx\":{");
    sep = "\n";
    for (vec_each(Package *, i, &p->imports)) {
        const char *file = ptrmap_get(&facts, *i);
        if (!file || !*file) continue;
        put_pair(b, sep, (*i)->path, file);
        sep = ",\n";
    }
    buf_puts(b, "}");
}

// The file that tells vet of p; only facts are wanted of what tests import.
static const char *write_config(const Package *p, const StrVec *ignored, const char *vetx,
                                bool only) {
    Buf b = {0};
    StrVec go = {0}, other = {0};
    const char *version = p->go_version && *p->go_version ? p->go_version : "go1.27";
    for (uint32_t i = p->counters != NULL; i < p->files.len; i++) // without -cover's variables
        vec_push(&go, fsys_actual(p->files.data[i]->src->path));
    for (vec_each(const char *, a, &p->assembly)) vec_push(&other, fsys_actual(*a));
    put_pair(&b, "{", "ID", program_heading(p));
    put_pair(&b, ",\n", "Compiler", "gc");
    put_pair(&b, ",\n", "Dir", p->dir);
    put_pair(&b, ",\n", "ImportPath", p->path);
    put_pair(&b, ",\n", "GoVersion", version);
    put_paths(&b, "GoFiles", &go);
    put_paths(&b, "NonGoFiles", &other);
    put_paths(&b, "IgnoredFiles", ignored);
    put_imports(&b, p);
    put_pair(&b, ",\n", "VetxOutput", vetx);
    buf_printf(&b, ",\n\"VetxOnly\":%s}\n", only ? "true" : "false");
    const char *path = xsprintf("%s/vet.cfg", folder);
    return write_file(path, str_make(b.p, b.len)) ? path : NULL;
}

// Runs vet over one configuration; its exit status, and what it said.
static int run_vet(const Package *of, const char *config, Str *said) {
    const char *tool = find_tool();
    *said = (Str){0};
    if (!tool || !config) return 2;
    Process p = {.original_env = true, .tool_of = program_heading(of)};
    Buf text = {0};
    vec_push(&p.words, tool);
    for (vec_each(const char *, f, &options.test.vet.flags)) vec_push(&p.words, *f);
    vec_push(&p.words, config);
    vec_push(&p.env, xsprintf("GOARCH=%s", options.goarch));
    int status = process_read(&p, PROCESS_OUT | PROCESS_ERR, &text);
    *said = str_make(buf_str(&text), text.len);
    return status;
}

// What all answers about p depend on: vet, its flags, and all that p is made of.
static const char *key_of(const char *what, const Package *p, const StrVec *ignored) {
    Buf b = {0};
    enum { CONFIG = 2 }; // counts up where write_config tells vet something else
    buf_printf(&b, "%s %d %s %s %s %s %s", what, CONFIG, compiler_identity, load_config.goroot,
               load_go_version(), cache_key(p), p->dir);
    for (vec_each(const char *, f, &options.test.vet.flags)) buf_printf(&b, " %s", *f);
    for (uint32_t i = 0; ignored && i < ignored->len; i++) {
        Str text = {0};
        read_file(ignored->data[i], &text);
        buf_printf(&b, "\n%s %s", ignored->data[i], cache_hash(text.p ? text.p : "", text.len));
    }
    return buf_str(&b);
}

// ---- Facts ----

static bool is_any(Type *t) {
    return under(t)->kind == T_INTERFACE && interface_is_empty(under(t));
}

// vet's default analyzers note one thing: functions that hand their last parameter, …any, on to a
// print function. Those of these packages it knows by name.
static bool may_print(const Package *p) {
    static const char known[] = "fmt log testing runtime/trace";
    if (options.test.vet.explicit) return true;
    if (p->in_goroot && flags_holds(known, p->path)) return false;
    for (vec_each(Decl *, d, &p->funcs)) {
        Object *o = (*d)->func.obj;
        if (!o) continue;
        if (!o->type) types_resolve_object(o);
        Type *t = o->type;
        if (!t || t->kind != T_FUNC || !t->func.variadic) continue;
        Type *last = under(vec_last(&t->func.params)->type);
        if (last->kind == T_SLICE && is_any(last->slice.elem)) return true;
    }
    return false;
}

// Asks for p's facts after those of what it imports. They are those of its imports as well, so
// there are some where one of them has some.
static void find_facts(Package *p) {
    if (ptrmap_has(&facts, p) || p == package_unsafe) return;
    ptrmap_put(&facts, p, "");
    bool any = may_print(p);
    for (vec_each(Package *, i, &p->imports)) {
        find_facts(*i);
        any |= *(const char *)ptrmap_get(&facts, *i) != 0;
    }
    if (!any) return;
    const char *key = key_of("facts", p, NULL), *path = xsprintf("%s/%u.vetx", folder, facts.len);
    StrVec none = {0};
    Str text, said;
    if (cache_result(key, &text)) {
        if (!write_file(path, text)) return;
    } else {
        run_vet(p, write_config(p, &none, path, true), &said); // what is wrong there is not asked
        if (!read_file(path, &text)) return;
        cache_keep_result(key, text);
    }
    ptrmap_put(&facts, p, (void *)path);
}

// ---- The answer ----

// vet's lines, with files named as diagnostics name them.
static void put_lines(Buf *b, const Package *p, Str said) {
    for (const char *line = said.p, *stop = line + said.len, *end; line < stop; line = end + 1) {
        end = memchr(line, '\n', (size_t)(stop - line));
        if (!end) end = stop;
        const char *colon = memchr(line, ':', (size_t)(end - line));
        if (colon && starts_with(line, p->dir) && line[strlen(p->dir)] == '/') {
            buf_puts(b, load_display_path(xstrndup(line, (size_t)(colon - line))));
            line = colon;
        }
        buf_write(b, line, (size_t)(end - line));
        buf_putc(b, '\n');
    }
}

// What vet has against p, under its heading; empty where it is content.
static void check(Package *p, const Package *with, Buf *b) {
    StrVec ignored = {0};
    Str said = {0};
    ignored_files(p, with, &ignored);
    const char *key = key_of("vet", p, &ignored);
    if (!cache_result(key, &said)) {
        for (vec_each(Package *, i, &p->imports)) find_facts(*i);
        int status =
            run_vet(p, write_config(p, &ignored, xsprintf("%s/self.vetx", folder), false), &said);
        if (status == 1 || (!status && !said.len)) cache_keep_result(key, said);
        if (!status) return;
        if (!said.len) said = str_c(xsprintf("vet: exit status %d\n", status));
    }
    if (!said.len) return;
    buf_printf(b, "# %s\n", p->path);
    if (strcmp(program_heading(p), p->path)) buf_printf(b, "# [%s]\n", p->path);
    put_lines(b, p, said);
}

// In a process beside the compilation, whose answer comes through a pipe: it is read when that is
// over.
int test_vet_start(Package *p, Package *external) {
    int ends[2];
    if (options.test.vet.off || (p->in_goroot && !options.test.vet.explicit) || options.dry_run)
        return -1;
    fflush(NULL);
    if (pipe2(ends, O_CLOEXEC)) ice("pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0) ice("fork: %s", strerror(errno));
    if (pid) {
        close(ends[1]);
        return ends[0];
    }
    close(ends[0]);
    temp_forget();
    options.keep_work = options.print_commands = false;
    folder = temp_dir();
    Buf b = {0};
    if (p->files.len) check(p, external, &b);
    if (external) check(external, p, &b);
    for (size_t at = 0; at < b.len;) {
        ssize_t n = write(ends[1], b.p + at, b.len - at);
        if (n < 0 && errno != EINTR) break;
        at += n > 0 ? (size_t)n : 0;
    }
    temp_cleanup();
    _exit(0);
}

bool test_vet_end(int from, const Package *p) {
    Buf b = {0};
    if (from < 0) return true;
    read_all(from, &b);
    close(from);
    if (!b.len) return true;
    program_say(program_heading(p), b.p, b.len);
    program_failed(program_heading(p));
    return false;
}

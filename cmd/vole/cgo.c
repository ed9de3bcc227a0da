// cgo: a package's files that import "C", through GOROOT's cmd/cgo (which vole compiles on first
// use) and the C compiler: Go files for the frontend, objects for the linker.
//
// What they make is kept in the cache in a folder of its own, under a key of what they are given: the
// files, the flags, the compilers. Headers that are included from elsewhere are known only
// afterwards: the folder's list has them with their checksums, and if one is another now, all is made
// again.
//
//     …/ab/<key>.cgo/_cgo_gotypes.go, x.cgo1.go, _x000.o …, list
#include "cmd/vole/cgo.h"
#include "frontend/fsys.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// ---- Running commands ---------------------------------------------------------------------------

// tool_of: for cmd/cgo, see Process.
static Process command(const StrVec *words, const char *dir, const char *said,
                       const char *tool_of) {
    Process p = {.words = *words, .dir = dir, .said = said, .tool_of = tool_of};
    vec_push(&p.env, xsprintf("GOARCH=%s", options.goarch));
    vec_push(&p.env, "GOOS=linux");
    vec_push(&p.env, "CGO_LDFLAGS"); // cmd/cgo gets them as a flag
    return p;
}

int cgo_run(const StrVec *words, const char *dir, const char *said, const char *tool_of) {
    if (options.print_commands) {
        for (vec_each(const char *, w, words)) fprintf(stderr, "%s ", *w);
        fputc('\n', stderr);
    }
    Process p = command(words, dir, said, tool_of);
    return process_run(&p);
}

// What was said, with names of the package's folder and the work's as go shows them.
static void tell(const Package *p, const char *work, const char *said) {
    Str text;
    if (!read_file(said, &text) || !text.len) return;
    const struct {
        const char *prefix, *shown;
    } folders[] = {{xsprintf("%s/", work), ""},
                   {xsprintf("%s/", p->dir), xsprintf("%s/", load_display_path(p->dir))}};
    Buf b = {0};
    buf_printf(&b, "# %s\n", program_heading(p));
    for (const char *s = text.p; *s;) {
        bool found = false;
        for (int i = 0; i < 2 && !found; i++)
            if (starts_with(s, folders[i].prefix)) {
                const char *shown = folders[i].shown;
                buf_puts(&b, !strcmp(p->dir, load_config.work_dir) && *shown ? "./" : shown);
                s += strlen(folders[i].prefix);
                found = true;
            }
        if (!found) buf_putc(&b, *s++);
    }
    program_say(program_heading(p), buf_str(&b), strlen(buf_str(&b)));
}

static bool in_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

char *cgo_words(const Package *p, const char *text, size_t *n) {
    static const char *const made[] = {"_Ctype_",  "_Cfunc_",  "_Cvar_",  "_Cmacro_",
                                       "_C2type_", "_C2func_", "_C2var_", "_C2macro_"};
    const char *dir = xsprintf("%s/", p->dir);
    Buf b = {0};
    for (const char *s = text; *s;) {
        size_t skip = 0;
        bool begins = s == text || !in_word(s[-1]);
        for (size_t i = 0; begins && !skip && i < sizeof made / sizeof *made; i++)
            if (starts_with(s, made[i]) && in_word(s[strlen(made[i])])) skip = strlen(made[i]);
        if (skip) buf_puts(&b, "C.");
        if (!skip && starts_with(s, dir)) { // as cmd/cgo names files, in line directives
            skip = strlen(dir);
            const char *name = s + skip;
            buf_puts(&b,
                     load_display_path(xsprintf("%s%.*s", dir, (int)strcspn(name, ": \n"), name)));
            skip += strcspn(name, ": \n");
        }
        if (!skip) buf_putc(&b, *s++);
        s += skip;
    }
    *n = b.len;
    return xstrndup(b.p ? b.p : "", b.len);
}

// ---- The C compiler -----------------------------------------------------------------------------

typedef struct Compile {
    const char *dir, *object, *said;
    StrVec words;
    pid_t pid;
} Compile;
typedef Vec(Compile) CompileVec;

// What go gives each compiler; clang's own flags to clang alone. made: for a file that cmd/cgo has
// written.
static StrVec compiler(const char *variable, const char *otherwise, const Package *p,
                       const char *work, bool made) {
    StrVec w = cgo_tool_words(variable, otherwise);
    const char *name = strrchr(w.data[0], '/');
    bool clang = strstr(name ? name : w.data[0], "clang") != NULL;
    const char *common[] = {"-I",
                            p->dir,
                            "-fPIC",
                            "-pthread",
                            "-fmessage-length=0",
                            xsprintf("-ffile-prefix-map=%s=/tmp/go-build", work),
                            "-gno-record-gcc-switches"};
    if (!strcmp(options.goarch, "amd64")) vec_push(&w, "-m64");
    // A call and its declaration become a variable and its (runtime/cgo.c): two calls less for each
    // result.
    if (made) vec_push(&w, "-D_cgo_topofstack(void)=vole_cgo_no_top");
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) vec_push(&w, common[i]);
    if (clang) {
        vec_push(&w, "-fno-caret-diagnostics");
        vec_push(&w, "-Qunused-arguments");
    }
    return w;
}

static void add_words(StrVec *to, const PathVec *from) {
    for (vec_each(const char *, w, from)) vec_push(to, *w);
}

// A file is compiled where it lies, as go does: messages have short names.
static void add_compile(CompileVec *all, const Package *p, const CgoFlags *flags,
                        CgoLanguage language, const char *file, const char *work) {
    static const struct {
        const char *variable, *otherwise;
        CgoFlag flags;
    } of[CGO_LANGUAGES] = {[CGO_C] = {"CC", "gcc", CGO_CFLAGS},
                           [CGO_ASSEMBLY] = {"CC", "gcc", CGO_CFLAGS},
                           [CGO_CXX] = {"CXX", "g++", CGO_CXXFLAGS},
                           [CGO_FORTRAN] = {"FC", "gfortran", CGO_FFLAGS}};
    Compile c = {.object = xsprintf("%s/_x%03u.o", work, all->len)};
    c.said = xsprintf("%s.said", c.object);
    c.words = compiler(of[language].variable, of[language].otherwise, p, work,
                       language == CGO_C && starts_with(file, work));
    add_words(&c.words, &flags->words[CGO_CPPFLAGS]);
    vec_push(&c.words, "-I");
    vec_push(&c.words, work);
    add_words(&c.words, &flags->words[of[language].flags]);
    if (language != CGO_FORTRAN) { // which headers it takes
        vec_push(&c.words, "-MMD");
        vec_push(&c.words, "-MF");
        vec_push(&c.words, xsprintf("%s.d", c.object));
    }
    vec_push(&c.words, "-o");
    vec_push(&c.words, c.object);
    const char *slash = strrchr(file, '/');
    vec_push(&c.words, "-c");
    vec_push(&c.words, slash + 1);
    c.dir = xstrndup(file, (size_t)(slash - file));
    vec_push(all, c);
}

// As many at a time as -p allows; the first that fails is told of.
static bool compile_all(const Package *p, CompileVec *all, const char *work) {
    uint32_t next = 0;
    bool ok = true;
    for (uint32_t i = 0; i < all->len; i++) {
        while (ok && next < all->len && next < i + (uint32_t)options.jobs) {
            Compile *c = &all->data[next++];
            if (options.print_commands) {
                for (vec_each(const char *, w, &c->words)) fprintf(stderr, "%s ", *w);
                fputc('\n', stderr);
            }
            Process command_of = command(&c->words, c->dir, c->said, NULL);
            c->pid = process_start(&command_of);
        }
        Compile *c = &all->data[i];
        if (i >= next) break;
        int status = process_end(c->pid);
        if (status == 127) {
            const char *text =
                xsprintf("# %s\nC compiler \"%s\" not found: exec: \"%s\": executable "
                         "file not found in $PATH\n",
                         program_heading(p), c->words.data[0], c->words.data[0]);
            program_say(program_heading(p), text, strlen(text));
        } else if (ok)
            tell(p, work, c->said); // warnings, too
        ok &= !status;
    }
    return ok;
}

// ---- What is kept -------------------------------------------------------------------------------

static const char *stem(const char *path) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    return xstrndup(base, strlen(base) - strlen(".go"));
}

// Files that a compiler's list of dependencies names.
static void read_dependencies(const char *path, StrVec *out) {
    Str text;
    if (!read_file(path, &text)) return;
    const char *p = strchr(text.p, ':');
    for (p = p ? p + 1 : ""; *(p += strspn(p, " \t\n"));) {
        Buf b = {0};
        for (; *p && !strchr(" \t\n", *p); p++) {
            if (*p == '\\' && p[1] == '\n') break;
            if (*p == '\\' && p[1]) p++;
            buf_putc(&b, *p);
        }
        if (*p == '\\') p += 2;
        if (b.len) vec_push(out, buf_str(&b));
    }
}

static const char *checksum(const char *path) {
    Str text;
    if (!fsys_read(path, &text)) return "-";
    return cache_hash(text.p, text.len);
}

// Lines "o object", "h checksum path".
static bool write_list(const CompileVec *all, const char *work) {
    FILE *f = fopen(xsprintf("%s/list", work), "w");
    PtrMap seen = {0};
    if (!f) return false;
    for (vec_each(Compile, c, all)) {
        StrVec headers = {0};
        fprintf(f, "o %s\n", strrchr(c->object, '/') + 1);
        read_dependencies(xsprintf("%s.d", c->object), &headers);
        for (vec_each(const char *, h, &headers)) {
            const char *path = **h == '/' ? *h : xsprintf("%s/%s", c->dir, *h);
            if (starts_with(path, work) || ptrmap_has(&seen, intern_c(path))) continue;
            ptrmap_put(&seen, intern_c(path), (void *)path);
            fprintf(f, "h %s %s\n", checksum(path), path);
        }
        unlink(xsprintf("%s.d", c->object));
        unlink(c->said);
    }
    return !fclose(f);
}

// Is what lies in the folder still what would be made? Its objects.
static bool read_list(const char *dir, PathVec *objects) {
    Str text;
    const char *list = xsprintf("%s/list", dir);
    if (!read_file(list, &text)) return false;
    for (const char *line = text.p, *end; *line; line = *end ? end + 1 : end) {
        end = line + strcspn(line, "\n");
        const char *rest = xstrndup(line + 2, (size_t)(end - line - 2));
        if (*line == 'o')
            vec_push(objects, xsprintf("%s/%s", dir, rest));
        else {
            const char *space = strchr(rest, ' ');
            if (!space || strncmp(checksum(space + 1), rest, (size_t)(space - rest)) != 0)
                return false;
        }
    }
    cache_use_folder(dir);
    return true;
}

static void add_tool(Buf *key, const char *variable, const char *otherwise) {
    StrVec w = cgo_tool_words(variable, otherwise);
    for (vec_each(const char *, s, &w)) buf_printf(key, "%s %s\n", variable, *s);
    const char *path = getenv("PATH");
    struct stat st;
    for (const char *p = path ? path : ""; *p; p += strcspn(p, ":"), p += *p == ':')
        if (stat(strchr(w.data[0], '/') ? w.data[0]
                                        : xsprintf("%.*s/%s", (int)strcspn(p, ":"), p, w.data[0]),
                 &st) == 0) {
            buf_printf(key, "%lld %lld\n", (long long)st.st_size, (long long)st.st_mtime);
            return;
        }
}

static bool for_c(void) { return options.mode == MODE_C_ARCHIVE || options.mode == MODE_C_SHARED; }

// Of all that goes in.
static const char *key_of(const Package *p, const CgoFiles *files, const CgoFlags *flags) {
    Buf b = {0};
    buf_printf(&b, "%s\n%s\n%s\n%s\n%s\n%d\n", compiler_identity, p->path, p->dir, options.goarch,
               load_config.goroot, options.trimpath);
    if (for_c()) buf_puts(&b, "header\n");
    add_tool(&b, "CC", "gcc");
    if (files->other[CGO_CXX].len) add_tool(&b, "CXX", "g++");
    if (files->other[CGO_FORTRAN].len) add_tool(&b, "FC", "gfortran");
    for (int k = 0; k < CGO_FLAGS; k++)
        for (vec_each(const char *, w, &flags->words[k])) buf_printf(&b, "%d %s\n", k, *w);
    for (vec_each(File *, f, &files->go)) {
        buf_printf(&b, "%s\n", (*f)->src->path);
        buf_write(&b, (*f)->src->text.p, (*f)->src->text.len);
    }
    for (int l = 0; l < CGO_LANGUAGES; l++)
        for (vec_each(const char *, path, &files->other[l]))
            buf_printf(&b, "%s %s\n", *path, checksum(*path));
    return cache_hash(b.p, b.len);
}

// ---- The package --------------------------------------------------------------------------------

// Of -overlay's files cmd/cgo and the C compiler get copies that are called what they stand for.
static const char *copied(const char *path, const char *work) {
    const char *copy = xsprintf("%s/%s", work, strrchr(path, '/') + 1), *from = fsys_actual(path);
    if (from && output_copy(from, copy, O_CREAT | O_TRUNC)) return copy;
    fprintf(stderr, "vole: writing %s: %s\n", copy, strerror(errno));
    return path;
}

static bool is_replaced(const char *path) {
    const char *actual = fsys_actual(path);
    return actual && strcmp(actual, path) != 0;
}

// Where one is replaced all are copied: they include each other.
static void place_others(const CgoFiles *files, const char *work, CgoFiles *out) {
    bool any = false;
    *out = *files;
    for (int l = 0; l < CGO_LANGUAGES; l++)
        for (vec_each(const char *, path, &files->other[l])) any |= is_replaced(*path);
    for (int l = 0; any && l < CGO_LANGUAGES; l++) {
        out->other[l] = (PathVec){0};
        for (vec_each(const char *, path, &files->other[l]))
            vec_push(&out->other[l], copied(*path, work));
    }
}

// cmd/cgo's command, as go has it.
static bool run_cgo(const Package *p, const CgoFiles *files, const CgoFlags *flags,
                    const char *work) {
    const char *tool = goroot_tool_path("cgo");
    if (!tool) return false;
    StrVec w = {0};
    const char *first[] = {tool, "-objdir", xsprintf("%s/", work), "-importpath", p->path};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) vec_push(&w, first[i]);
    Buf ld = {0};
    for (vec_each(const char *, f, &flags->words[CGO_LDFLAGS])) {
        buf_puts(&ld, ld.len ? " " : "-ldflags=");
        json_string(&ld, *f);
    }
    if (ld.len) vec_push(&w, buf_str(&ld));
    if (for_c()) vec_push(&w, xsprintf("-exportheader=%s/_cgo_install.h", work));
    StrVec go = {0};
    Buf rewrite = {0}; // names of copies to those of what they stand for
    for (vec_each(File *, f, &files->go)) {
        const char *path = (*f)->src->path;
        vec_push(&go, is_replaced(path) ? copied(path, work) : path);
        if (vec_last(&go) != path)
            buf_printf(&rewrite, "%s%s=>%s", rewrite.len ? ";" : "-trimpath=", vec_last(&go), path);
    }
    if (rewrite.len) vec_push(&w, buf_str(&rewrite));
    vec_push(&w, "--");
    add_words(&w, &flags->words[CGO_CPPFLAGS]);
    vec_push(&w, "-I");
    vec_push(&w, work);
    add_words(&w, &flags->words[CGO_CFLAGS]);
    for (vec_each(const char *, path, &go)) vec_push(&w, *path);
    const char *said = xsprintf("%s/said", work);
    int status = cgo_run(&w, p->dir, said, program_heading(p));
    tell(p, work, said);
    unlink(said);
    return !status;
}

static bool make(const Package *p, const CgoFiles *files, const CgoFlags *flags, const char *work) {
    if (!run_cgo(p, files, flags, work)) return false;
    CompileVec all = {0};
    add_compile(&all, p, flags, CGO_C, xsprintf("%s/_cgo_export.c", work), work);
    for (vec_each(File *, f, &files->go))
        add_compile(&all, p, flags, CGO_C, xsprintf("%s/%s.cgo2.c", work, stem((*f)->src->path)),
                    work);
    CgoFiles placed;
    place_others(files, work, &placed);
    static const CgoLanguage order[] = {CGO_C, CGO_ASSEMBLY, CGO_CXX, CGO_FORTRAN};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (vec_each(const char *, path, &placed.other[order[i]]))
            add_compile(&all, p, flags, order[i], *path, work);
    if (!compile_all(p, &all, work)) return false;
    if (write_list(&all, work)) return true;
    fprintf(stderr, "vole: writing %s: %s\n", work, strerror(errno));
    return false;
}

// The loader's load_config.cgo.
bool cgo_package(Package *p, const CgoFiles *files, PathVec *go) {
    CgoFlags flags = {0};
    if (!cgo_flags(p, files, &flags)) return false;
    const char *dir = cache_folder(key_of(p, files, &flags));
    if (!dir) return false;
    PathVec objects = {0};
    if (options.rebuild || !read_list(dir, &objects)) {
        const char *work = cache_begin_folder(dir);
        bool ok = work && make(p, files, &flags, work);
        if (work && !cache_end_folder(work, dir, ok) && ok)
            fprintf(stderr, "vole: writing %s: %s\n", dir, strerror(errno));
        objects.len = 0;
        if (!ok || !read_list(dir, &objects)) {
            program_failed(program_heading(p));
            p->has_errors = true;
            return false;
        }
    }
    for (vec_each(const char *, o, &objects)) vec_push(&p->objects, *o);
    add_words((StrVec *)&p->ldflags, &flags.words[CGO_LDFLAGS]);
    if (files->other[CGO_CXX].len) vec_push(&p->ldflags, "-lstdc++");
    vec_push(go, xsprintf("%s/_cgo_gotypes.go", dir));
    for (vec_each(File *, f, &files->go))
        vec_push(go, xsprintf("%s/%s.cgo1.go", dir, stem((*f)->src->path)));
    return true;
}

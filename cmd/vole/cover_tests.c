// cover_tests: what `vole test` does with -cover: the program that runs tests has what package
// testing asks of covered packages, its profile is added to that of all packages, and with -coverpkg
// it counts also what other packages than its own need of those covered.
#define _GNU_SOURCE 1
#include "cmd/vole/cover.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *profile;  // absolute; NULL: none, or the test binary's affair
    const char *selected; // a file with the import paths that -coverpkg names, a line each
    const char *metas;    // a file that tells where what describes them is
    const char *sums;     // a file with hashes of that
} tests;

// ---- Before all ---------------------------------------------------------------------------------

// Relative to where all outputs go.
static bool make_profile(void) {
    const char *to = options.cover.profile, *dir = current_dir();
    if (!to || !*to || options.test.compile) return true;
    for (vec_each(const char *, a, &options.test.args))
        if (starts_with(*a, "-test.outputdir=")) dir = strchr(*a, '=') + 1;
    tests.profile = path_join(dir, to);
    FILE *f = fopen(tests.profile, "we");
    if (f && fprintf(f, "mode: %s\n", cover_mode()) > 0 && !fclose(f)) return true;
    fprintf(stderr, "open %s: %s\n", tests.profile, go_error(errno));
    return false;
}

static bool save(const char *path, Buf *b) {
    FILE *f = fopen(path, "we");
    bool ok = f && fwrite(buf_str(b), 1, b->len, f) == b->len;
    return f && !fclose(f) && ok;
}

// In a child: loads all packages with their tests, describes those of them that are covered.
static bool select_packages(const PathVec *paths, const char *dir) {
    Program prog = {0};
    PackageVec roots = {0};
    const char *err = NULL;
    for (vec_each(const char *, path, paths)) {
        Package *p = load_package(*path, &err), *external;
        if (!p || p->fake) continue; // said when it is tested
        vec_push(&prog.roots, p);
        vec_push(&roots, p);
        if ((external = load_external_tests(p))) vec_push(&roots, external);
    }
    load_dependency_order(roots.data, roots.len, &prog.all);
    StrVec unmatched = {0};
    PackageVec covered = cover_select(&prog, &unmatched);
    for (vec_each(const char *, pattern, &unmatched))
        fprintf(stderr, "warning: no packages being tested depend on matches for pattern %s\n",
                *pattern);
    Buf selected = {0}, names = {0}, files = {0}, json = {0}, sums = {0};
    PtrMap is_covered = {0};
    for (vec_each(Package *, p, &covered)) {
        buf_printf(&selected, "%s\n", (*p)->path);
        ptrmap_put(&is_covered, *p, *p);
    }
    for (vec_each(Package *, p, &prog.roots)) {
        if (!ptrmap_has(&is_covered, *p)) continue;
        const char *file = cover_describe(*p, dir);
        struct stat st;
        if (!file) return false;
        Str text;
        if (stat(file, &st) || !st.st_size || !read_file(file, &text)) continue; // no functions
        buf_printf(&sums, " %s", cache_hash(text.p, text.len));
        buf_puts(&names, names.len ? "," : "");
        buf_puts(&files, files.len ? "," : "");
        json_string(&names, (*p)->path);
        json_string(&files, file);
    }
    buf_printf(&json, "{\"ImportPaths\":[%s],\"MetaFileFragments\":[%s]}\n",
               names.len ? buf_str(&names) : "", files.len ? buf_str(&files) : "");
    return save(tests.selected, &selected) && save(tests.metas, &json) && save(tests.sums, &sums);
}

bool cover_tests_begin(const PathVec *paths) {
    if (!options.cover.on) return true;
    if (!make_profile()) return false;
    if (!options.cover.packages.len) return true;
    const char *dir = temp_dir();
    tests.selected = xsprintf("%s/selected", dir);
    tests.metas = xsprintf("%s/metafiles.txt", dir);
    tests.sums = xsprintf("%s/sums", dir);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        temp_forget();
        bool ok = select_packages(paths, dir);
        fflush(NULL);
        temp_cleanup();
        _exit(!ok);
    }
    int status = 1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return !status;
}

// ---- The program that runs tests ----------------------------------------------------------------

// As go test writes it: " in" and the patterns of -coverpkg; the packages that they name.
void cover_tests_main(Buf *b, bool imports) {
    if (!options.cover.on) return;
    if (imports) {
        buf_puts(b, "\t\"internal/coverage/cfile\"\n");
        return;
    }
    Str selected = {0};
    buf_printf(b, "\ttestdeps.CoverMode = \"%s\"\n\ttestdeps.Covered = \"", cover_mode());
    for (uint32_t i = 0; i < options.cover.packages.len; i++)
        buf_printf(b, "%s%s", i ? ", " : " in ", options.cover.packages.data[i]);
    buf_puts(b, "\"\n\ttestdeps.CoverSelectedPackages = []string{");
    if (!options.cover.packages.len) buf_printf(b, "\"%s\"", options.for_test);
    if (options.cover.packages.len && read_file(tests.selected, &selected))
        for (const char *p = selected.p; *p; p += strcspn(p, "\n") + 1)
            buf_printf(b, "\"%.*s\", ", (int)strcspn(p, "\n"), p);
    buf_puts(b, "}\n\ttestdeps.CoverSnapshotFunc = cfile.Snapshot\n"
                "\ttestdeps.CoverProcessTestDirFunc = cfile.ProcessCoverTestDir\n"
                "\ttestdeps.CoverMarkProfileEmittedFunc = cfile.MarkProfileEmitted\n"
                "\tcfile.InitHook(true)\n");
}

// ---- Running ------------------------------------------------------------------------------------

static const char *own_profile(void) { return xsprintf("%s/cover.out", temp_dir()); }

StrVec cover_tests_arguments(const StrVec *args) {
    StrVec out = {0};
    if (options.cover.on) {
        const char *dir = xsprintf("%s/gocoverdir", temp_dir());
        Str text;
        Buf metas = {0};
        if (!make_dirs(dir, 0777)) ice("mkdir %s: %s", dir, strerror(errno));
        if (tests.metas && read_file(tests.metas, &text)) {
            buf_write(&metas, text.p, text.len);
            save(xsprintf("%s/metafiles.txt", dir), &metas);
        }
        vec_push(&out, xsprintf("-test.gocoverdir=%s", dir));
        setenv("GOCOVERDIR", dir, 1); // for programs that tests build and run
    }
    for (vec_each(const char *, a, args)) {
        bool profile = tests.profile && starts_with(*a, "-test.coverprofile=");
        vec_push(&out, profile ? xsprintf("-test.coverprofile=%s", own_profile()) : *a);
    }
    return out;
}

void cover_tests_merge(void) {
    Str text;
    if (!tests.profile || !read_file(own_profile(), &text) || !text.len) return;
    const char *head = xsprintf("mode: %s\n", cover_mode());
    FILE *f = starts_with(text.p, head) ? fopen(tests.profile, "ae") : NULL;
    size_t n = strlen(head), rest = text.len - n;
    if (!f || fwrite(text.p + n, 1, rest, f) != rest || fclose(f))
        fprintf(stderr, "saving coverage profile: %s\n", strerror(errno));
}

void cover_tests_key(Buf *b) {
    Str text;
    for (uint32_t i = 0; i < options.cover.packages.len; i++)
        buf_printf(b, " %s", options.cover.packages.data[i]);
    if (tests.sums && read_file(tests.sums, &text)) buf_write(b, text.p, text.len);
}

bool cover_tests_profile(Str *text) {
    if (!tests.profile) return false;
    if (!read_file(own_profile(), text)) *text = str_make("", 0);
    return true;
}

void cover_tests_set_profile(Str text) {
    Buf b = {0};
    buf_write(&b, text.p, text.len);
    if (!save(own_profile(), &b)) return;
    cover_tests_merge();
}

const char *cover_tests_percentage(const Buf *out) {
    static const char words[] = "coverage: ";
    const char *at =
        options.cover.on && out->len ? memmem(out->p, out->len, words, strlen(words)) : NULL;
    const char *end = at ? memchr(at, '\n', out->len - (size_t)(at - out->p)) : NULL;
    return end ? xsprintf("\t%.*s", (int)(end - at), at) : "";
}

// It was not run: what describes it alone says that nothing of it was.
const char *cover_tests_none(void) {
    const char *dir = options.cover.on ? cover_untested_dir() : NULL;
    const char *percent[] = {"covdata", "percent", "-i", dir},
               *profile[] = {"covdata", "textfmt", "-i", dir, "-o", own_profile()};
    StrVec words = {0};
    Buf out = {0};
    struct stat st;
    DIR *d = dir ? opendir(dir) : NULL;
    bool any = false;
    for (struct dirent *e; d && (e = readdir(d));) // it is empty where there are no functions
        any |= e->d_name[0] != '.' && !stat(xsprintf("%s/%s", dir, e->d_name), &st) && st.st_size;
    if (d) closedir(d);
    if (!any) return NULL;
    for (size_t i = 0; i < sizeof percent / sizeof *percent; i++) vec_push(&words, percent[i]);
    bool ok = cover_run_tool(&words, &out, NULL);
    words.len = 0;
    for (size_t i = 0; i < sizeof profile / sizeof *profile; i++) vec_push(&words, profile[i]);
    if (ok && tests.profile && cover_run_tool(&words, &out, NULL)) cover_tests_merge();
    return ok ? buf_str(&out) : NULL;
}

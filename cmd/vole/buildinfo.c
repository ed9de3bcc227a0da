// buildinfo: what a program says of how it was built, in the form and at the place of gc's linker
// (section .go.buildinfo), so that `go version -m` reads it: version of Go, packages' modules,
// settings, and the state of the git repository; and its build IDs, Go's and that of GNU's linkers. It
// is an object file of its own, written when a program is linked: a commit compiles nothing again.
// Git is asked while the program is loaded.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include "frontend/sha256.h"
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// ---- The repository ----

static FILE *git; // what it says, in four parts
static bool git_asked;
static const char *repository;

// The folder at or above dir that has a repository, or NULL.
static const char *find_repository(const char *dir) {
    for (char *d = xstrdup(dir);; *strrchr(d, '/') = 0) {
        if (!access(xsprintf("%s/.git", d), F_OK)) return *d ? d : "/";
        if (!strrchr(d, '/')) return NULL;
    }
}

static const char *quoted(const char *s) {
    Buf b = {0};
    buf_putc(&b, '\'');
    for (; *s; s++) *s == '\'' ? buf_puts(&b, "'\\''") : buf_putc(&b, *s);
    buf_putc(&b, '\'');
    return buf_str(&b);
}

void buildinfo_begin(void) {
    static bool begun;
    if (begun) return;
    begun = true;
    const char *which = options.buildvcs;
    if (!which || !strcmp(which, "false") || options.dry_run) return;
    repository = find_repository(current_dir());
    if (!repository) return;
    git = popen(xsprintf("cd %s && git status --porcelain && echo // && "
                         "{ git -c log.showsignature=false log -1 --format=%%H:%%ct; echo //; "
                         "git tag --points-at HEAD; echo //; git tag --merged HEAD; } 2>/dev/null",
                         quoted(repository)),
                "re");
    git_asked = git != NULL;
}

// All of it, when git is done; "" without a repository.
const char *buildinfo_repository(void) {
    static const char *said = "";
    if (!git) return said;
    Buf b = {0};
    char part[4096];
    for (size_t n; (n = fread(part, 1, sizeof part, git)) > 0;) buf_write(&b, part, n);
    pclose(git);
    git = NULL;
    return said = buf_str(&b);
}

typedef struct Revision {
    bool known, modified, failed;
    const char *hash;
    time_t when;
    StrVec here, before; // tags
} Revision;

// git prints four parts, one behind the other: changes, the commit, tags of it and before it.
static Revision read_revision(void) {
    Revision r = {.known = git_asked};
    int part = 0;
    for (const char *p = buildinfo_repository(), *end; *p; p = end + (*end == '\n')) {
        end = p + strcspn(p, "\n");
        const char *line = xstrndup(p, (size_t)(end - p)), *colon = strchr(line, ':');
        if (!strcmp(line, "//"))
            part++;
        else if (part == 0)
            r.modified = true;
        else if (part == 1 && colon) {
            r.hash = xstrndup(line, (size_t)(colon - line));
            r.when = (time_t)strtoll(colon + 1, NULL, 10);
        } else if (part > 1)
            vec_push(part == 2 ? &r.here : &r.before, line);
    }
    r.failed = r.known && part < 3;
    return r;
}

// ---- The main module's version ----

typedef struct Version {
    long part[3];
    const char *pre; // behind -, or ""
} Version;

// "v1.2.3" or "v1.2.3-pre", whose first number fits the module's path; others are no versions.
static bool read_version(const char *tag, long major, Version *out) {
    int n = 0;
    if (sscanf(tag, "v%ld.%ld.%ld%n", &out->part[0], &out->part[1], &out->part[2], &n) != 3 || !n)
        return false;
    out->pre = tag[n] == '-' ? tag + n + 1 : "";
    return (!tag[n] || *out->pre) && (major < 2 ? out->part[0] < 2 : out->part[0] == major);
}

static int compare(const Version *a, const Version *b) {
    for (int i = 0; i < 3; i++)
        if (a->part[i] != b->part[i]) return a->part[i] < b->part[i] ? -1 : 1;
    if (!*a->pre || !*b->pre) return !*a->pre - !*b->pre;
    return strverscmp(a->pre, b->pre);
}

// The highest of the tags that begin with prefix.
static bool highest(const StrVec *tags, const char *prefix, long major, Version *out) {
    bool any = false;
    for (vec_each(const char *, t, tags)) {
        Version v;
        if (!starts_with(*t, prefix) || !read_version(*t + strlen(prefix), major, &v)) continue;
        if (!any || compare(out, &v) < 0) *out = v;
        any = true;
    }
    return any;
}

static long major_of(const char *path) {
    const char *slash = strrchr(path, '/');
    bool has = slash && slash[1] == 'v' && slash[2] && !slash[2 + strspn(slash + 2, "0123456789")];
    return has ? strtol(slash + 2, NULL, 10) : 0;
}

// A tag of the commit, or what Go makes of the one before it, time and hash.
static const char *version_of(const Revision *r, const char *module) {
    const char *root = load_module_path(repository);
    if (!root || !r->hash) return NULL;
    long root_major = major_of(root), major = major_of(module);
    const char *code = root_major ? xstrndup(root, (size_t)(strrchr(root, '/') - root)) : root;
    const char *own = major ? xstrndup(module, (size_t)(strrchr(module, '/') - module)) : module;
    if (!has_path_prefix(own, code)) return NULL;
    const char *prefix = strcmp(own, code) ? xsprintf("%s/", own + strlen(code) + 1) : "";
    const char *dirty = r->modified ? "+dirty" : "";
    Version v = {0};
    if (highest(&r->here, prefix, major, &v))
        return xsprintf("v%ld.%ld.%ld%s%s%s", v.part[0], v.part[1], v.part[2], *v.pre ? "-" : "",
                        v.pre, dirty);
    char when[32];
    struct tm tm;
    strftime(when, sizeof when, "%Y%m%d%H%M%S", gmtime_r(&r->when, &tm));
    if (!highest(&r->before, prefix, major, &v))
        return xsprintf("v%ld.0.0-%s-%.12s%s", major, when, r->hash, dirty);
    return *v.pre ? xsprintf("v%ld.%ld.%ld-%s.0.%s-%.12s%s", v.part[0], v.part[1], v.part[2], v.pre,
                             when, r->hash, dirty)
                  : xsprintf("v%ld.%ld.%ld-0.%s-%.12s%s", v.part[0], v.part[1], v.part[2] + 1, when,
                             r->hash, dirty);
}

// ---- The text ----

static int by_path(const void *a, const void *b) {
    const LoadModule *x = a, *y = b;
    int c = strcmp(x->path, y->path);
    return c ? c : strcmp(x->version, y->version);
}

static void add_module(Buf *b, const char *kind, const LoadModule *m) {
    buf_printf(b, "%s\t%s\t%s", kind, m->path, m->version);
    if (m->replace)
        buf_printf(b, "\n=>\t%s\t%s\t%s\n\n", m->replace, m->replace_version,
                   m->replace_sum ? m->replace_sum : "");
    else
        buf_printf(b, "\t%s\n", m->sum ? m->sum : "");
}

// Modules that packages of the program are from, as go sorts them; not those merely required.
// of: whose module is the program's.
static void add_dependencies(Buf *b, const Program *prog, const Package *main, const Package *of) {
    Vec(LoadModule) modules = {0};
    PackageVec all = program_packages(prog, main);
    LoadModule m, own = {0};
    load_module_of(of, &own);
    for (vec_each(Package *, p, &all)) {
        bool known = !load_module_of(*p, &m) || (own.path && !strcmp(m.path, own.path));
        for (vec_each(LoadModule, k, &modules)) known |= !known && !strcmp(k->path, m.path);
        if (!known) vec_push(&modules, m);
    }
    if (modules.len) qsort(modules.data, modules.len, sizeof *modules.data, by_path);
    for (vec_each(LoadModule, k, &modules)) add_module(b, "dep", k);
}

// A value with blanks or quotes is quoted, as debug.BuildInfo has it.
static void setting(Buf *b, const char *key, const char *value) {
    bool quote = value[strcspn(value, " \t\r\n\"`")];
    buf_printf(b, "build\t%s=", key);
    if (quote)
        json_string(b, value);
    else
        buf_puts(b, value);
    buf_putc(b, '\n');
}

// go's names and order; what is as it always is gets no line.
static void add_settings(Buf *b, const char *godebug) {
    const char *experiments = getenv("GOEXPERIMENT");
    Buf tags = {0};
    for (vec_each(const char *, t, &options.tags))
        buf_printf(&tags, "%s%s", tags.len ? "," : "", *t);
    bool exe = options.mode == MODE_DEFAULT;
    setting(b, "-buildmode", exe ? "exe" : options.buildmode);
    setting(b, "-compiler", "gc");
    if (options.asmflags_text && *options.asmflags_text)
        setting(b, "-asmflags", options.asmflags_text);
    if (options.gcflags_text && *options.gcflags_text) setting(b, "-gcflags", options.gcflags_text);
    if (options.ldflags_text && *options.ldflags_text && !options.trimpath)
        setting(b, "-ldflags", options.ldflags_text);
    if (options.cover.on) setting(b, "-cover", "true");
    const char *profile = options.profile ? strrchr(options.profile, '/') + 1 : NULL;
    if (profile) setting(b, "-pgo", options.trimpath ? profile : options.profile);
    if (options.race) setting(b, "-race", "true");
    if (tags.len) setting(b, "-tags", buf_str(&tags));
    if (options.trimpath) setting(b, "-trimpath", "true");
    if (*godebug) setting(b, "DefaultGODEBUG", godebug);
    setting(b, "CGO_ENABLED", cgo_enabled() ? "1" : "0");
    static const char *const flags[] = {"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS",
                                        "CGO_LDFLAGS"};
    for (int i = 0; i < 4 && cgo_enabled() && !options.trimpath; i++)
        setting(b, flags[i], getenv(flags[i]) ? getenv(flags[i]) : "");
    setting(b, "GOARCH", options.goarch);
    if (experiments && *experiments) setting(b, "GOEXPERIMENT", experiments);
    setting(b, "GOOS", "linux");
    setting(b, target_variable(), target_setting(target_variable()));
}

static void add_revision(Buf *b, const Revision *r) {
    char when[32];
    struct tm tm;
    setting(b, "vcs", "git");
    if (r->hash) setting(b, "vcs.revision", r->hash);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&r->when, &tm));
    if (r->hash) setting(b, "vcs.time", when);
    setting(b, "vcs.modified", r->modified ? "true" : "false");
}

static int by_key(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// go adds the profile late, and sorts them all then.
static void put_settings(Buf *b, const char *lines) {
    StrVec list = {0};
    for (const char *end; *lines; lines = end) {
        end = lines + strcspn(lines, "\n") + 1;
        vec_push(&list, xstrndup(lines, (size_t)(end - lines)));
    }
    if (options.profile) qsort(list.data, list.len, sizeof *list.data, by_key);
    for (vec_each(const char *, l, &list)) buf_puts(b, *l);
}

// Is the program of the working directory's repository? In the main module, both in it.
static bool in_repository(const Package *main) {
    LoadModule m;
    const char *repo = repository;
    if (!repo || !load_module_of(main, &m) || !m.main) return false;
    const char *of_module = find_repository(m.dir), *of_package = find_repository(main->dir);
    return of_module && of_package && !strcmp(of_module, repo) && !strcmp(of_package, repo);
}

// Whose module counts: of a program that runs tests, the package's that it tests.
static const Package *subject(const Program *prog, const Package *main) {
    for (vec_each(Package *, p, &prog->roots))
        if (options.for_test && starts_with((*p)->path, options.for_test)) return *p;
    return main;
}

// NULL after a message.
static const char *describe(const Program *prog, const Package *main) {
    static Revision revision;
    static bool read;
    Buf b = {0};
    const Package *of = subject(prog, main);
    const char *path =
        options.for_test ? xsprintf("%s.test", options.for_test) : program_heading(main);
    bool stamped = git_asked && in_repository(of);
    if (stamped && !read) {
        revision = read_revision();
        read = true;
    }
    if (stamped && revision.failed) {
        const char *text = "error obtaining VCS status: exit status 128\n"
                           "\tUse -buildvcs=false to disable VCS stamping.\n";
        program_say(program_heading(main), text, strlen(text));
        return NULL;
    }
    LoadModule m;
    bool known = load_module_of(of, &m) && strcmp(path, "command-line-arguments");
    buf_printf(&b, "path\t%s\n", path);
    if (known && m.main) {
        const char *version = stamped ? version_of(&revision, m.path) : NULL;
        buf_printf(&b, "mod\t%s\t%s\t\n", m.path, version ? version : m.version);
    } else if (known) {
        add_module(&b, "mod", &m);
    }
    add_dependencies(&b, prog, main, of);
    Buf settings = {0};
    add_settings(&settings, program_godebug(prog, main));
    if (stamped) add_revision(&settings, &revision);
    put_settings(&b, buf_str(&settings));
    return buf_str(&b);
}

// ---- The object ----

// Where the reader of a binary finds it: magic, size of a pointer, "strings follow", two strings
// with their lengths; the second between marks. The text stands behind once more, ended by a NUL,
// for the runtime.
static Buf section(const char *text, size_t *symbol) {
    static const unsigned char begin[16] = {0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02,
                                            0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6};
    static const unsigned char end[16] = {0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72,
                                          0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2};
    const char *version = load_go_version();
    size_t n = strlen(text), lengths[2] = {strlen(version), n + 32};
    Buf b = {0};
    buf_write(&b, "\xff Go buildinf:\x08\x02", 16);
    while (b.len < 32) buf_putc(&b, 0);
    for (int i = 0; i < 2; i++) {
        size_t len = lengths[i];
        for (; len >= 0x80; len >>= 7) buf_putc(&b, (char)(len | 0x80));
        buf_putc(&b, (char)len);
        if (i) buf_write(&b, begin, 16);
        buf_puts(&b, i ? text : version);
        if (i) buf_write(&b, end, 16);
    }
    *symbol = b.len;
    buf_write(&b, text, n + 1);
    return b;
}

enum { INFO = 1, SYMBOLS, NAMES, STACK, NOTE, SECTIONS };

static void pad(Buf *b, size_t to) {
    while (b->len % to) buf_putc(b, 0);
}

// The note that `go tool buildid` reads.
static Buf build_id_note(const char *id) {
    size_t n = strlen(id);
    Elf64_Nhdr h = {.n_namesz = 4, .n_descsz = (Elf64_Word)n, .n_type = 4};
    Buf b = {0};
    buf_write(&b, &h, sizeof h);
    buf_write(&b, "Go\0", 4);
    buf_write(&b, id, n);
    pad(&b, 4);
    return b;
}

// A relocatable ELF file of the section and a symbol in it, and a note if there is an ID.
static Buf object(const Buf *info, size_t symbol, const char *id) {
    static const char names[] = "\0.go.buildinfo\0.symtab\0.strtab\0.note.GNU-stack\0"
                                "vole_buildinfo\0.note.go.buildid";
    static const Elf64_Word at[] = {0, 1, 15, 23, 31, 62, 47}; // the last: the symbol's
    int sections = *id ? SECTIONS : NOTE;
    Buf note = build_id_note(id);
    bool arm64 = !strcmp(options.goarch, "arm64");
    Elf64_Ehdr h = {
        .e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT, ELFOSABI_GNU},
        .e_type = ET_REL,
        .e_machine = arm64 ? EM_AARCH64 : EM_X86_64,
        .e_version = EV_CURRENT,
        .e_ehsize = sizeof h,
        .e_shentsize = sizeof(Elf64_Shdr),
        .e_shnum = (Elf64_Half)sections,
        .e_shstrndx = NAMES};
    Elf64_Sym syms[2] = {{0},
                         {.st_name = at[6],
                          .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT),
                          .st_shndx = INFO,
                          .st_value = symbol,
                          .st_size = info->len - symbol}};
    Elf64_Shdr s[SECTIONS] = {0};
    // Nothing may refer to it, and it stays all the same.
    s[INFO] = (Elf64_Shdr){.sh_type = SHT_PROGBITS,
                           .sh_flags = SHF_ALLOC | 1 << 21,
                           .sh_size = info->len,
                           .sh_addralign = 16};
    s[SYMBOLS] = (Elf64_Shdr){.sh_type = SHT_SYMTAB,
                              .sh_size = sizeof syms,
                              .sh_link = NAMES,
                              .sh_info = 1,
                              .sh_addralign = 8,
                              .sh_entsize = sizeof *syms};
    s[NAMES] = (Elf64_Shdr){.sh_type = SHT_STRTAB, .sh_size = sizeof names, .sh_addralign = 1};
    s[STACK] = (Elf64_Shdr){.sh_type = SHT_PROGBITS, .sh_addralign = 1};
    s[NOTE] = (Elf64_Shdr){
        .sh_type = SHT_NOTE, .sh_flags = SHF_ALLOC, .sh_size = note.len, .sh_addralign = 4};
    const void *parts[] = {NULL, info->p, syms, names, "", note.p};
    Buf b = {0};
    buf_write(&b, &h, sizeof h);
    for (int i = INFO; i < sections; i++) {
        pad(&b, 16);
        s[i].sh_name = at[i];
        s[i].sh_offset = b.len;
        buf_write(&b, parts[i], s[i].sh_size);
    }
    pad(&b, 8);
    h.e_shoff = b.len;
    buf_write(&b, s, (size_t)sections * sizeof *s);
    memcpy(b.p, &h, sizeof h);
    return b;
}

// ---- Build IDs ----

// Of all that is linked and how: as given, or what packages' keys and C's objects make.
static const char *build_id(const LinkOptions *o, const char *text) {
    if (o->kind == LINK_C_OBJECT) return ""; // whoever links it gives one
    if (options.link.build_id) return options.link.build_id;
    Buf b = {0};
    buf_printf(&b, "%s\n%d %d %d\n%s\n", text, o->kind, o->strip_debug, o->strip_symbols,
               o->rpath ? o->rpath : "");
    for (vec_each(const char *, w, &o->objects)) buf_printf(&b, "%s\n", strrchr(*w, '/') + 1);
    for (vec_each(const char *, w, &o->c_flags)) buf_printf(&b, "%s\n", *w);
    for (vec_each(const char *, w, &o->ext_flags)) buf_printf(&b, "%s\n", *w);
    for (vec_each(const char *, w, &o->c_objects)) {
        Str bytes = {0};
        read_file(*w, &bytes);
        buf_puts(&b, cache_hash(bytes.p, bytes.len));
    }
    return xsprintf("%s/%s", cache_hash(b.p, b.len), cache_hash(text, strlen(text)));
}

// As gc derives it from Go's: 20 bytes of a SHA-256 whose first byte is complemented.
static const char *host_build_id(const char *id) {
    const char *set = options.link.host_build_id;
    if (set && !strncmp(set, "0x", 2)) return set;
    if ((set && !strcmp(set, "none")) || !*id) return NULL;
    char *sum = xsprintf("0x%.40s", sha256_text(id, strlen(id)));
    static const char digits[] = "0123456789abcdef";
    for (int i = 2; i < 4; i++) sum[i] = digits[15 - (strchr(digits, sum[i]) - digits)];
    return sum;
}

// An object of its own: vcs stamps change with each commit, compiled packages must not.
const char *buildinfo_object(const Program *prog, const Package *main, LinkOptions *link) {
    const char *text = describe(prog, main), *path = xsprintf("%s/buildinfo.o", temp_dir());
    if (!text || options.dry_run) return text ? path : NULL;
    size_t symbol;
    const char *id = build_id(link, text);
    link->build_id = host_build_id(id);
    Buf info = section(text, &symbol), o = object(&info, symbol, id);
    FILE *f = fopen(path, "we");
    bool ok = f && fwrite(o.p, 1, o.len, f) == o.len;
    int e = errno;
    if (f && fclose(f) && ok) {
        ok = false;
        e = errno;
    }
    if (!ok) fprintf(stderr, "vole: link: writing %s: %s\n", path, strerror(e));
    return ok ? path : NULL;
}

// symtab: what function and source line a code address belongs to, from the tables that the compiler
// made of its debug information (AbiLines), inlined calls included. The executable's file is mapped at the
// first question; the last answers are kept. C's functions without a table have names by ELF's symbols,
// as long as the program has those.
#include "runtime/sched.h"
#include "runtime/symtab.h"
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMP_DIR "/vole" // CMakeLists.txt reads it here

typedef struct Section {
    const uint8_t *p;
    size_t n;
} Section;
enum { NO_LINES = UINT32_MAX };
// Small: a program has tens of thousands, and keeps them.
typedef struct Sym {
    uint32_t addr, end;
    uint32_t lines; // the AbiLines in the section of them; NO_LINES: only the name is known
    uint32_t func;  // its number there; or where in .strtab the name is
} Sym;

// A file that code comes from: the program's, or a plugin's. Addresses in it are bias less than those
// in memory.
typedef struct Image {
    struct Image *next;
    uintptr_t lo, hi, bias; // in memory
    const uint8_t *base;
    size_t size;
    const Elf64_Shdr *sh;
    uint32_t nsh;
    const char *shstr;
    Sym *syms; // by address
    size_t nsyms;
    Section lines, names, strtab;
} Image;
static struct {
    _Atomic bool ready;
    Mutex lock;
} tables;
static Image program;
#if VOLE_PIC
static Image *image = &program; // the one at hand: lock held
#define elf (*image)
static Image *image_of(uintptr_t pc) {
    Image *i = &program;
    while (i && !(pc >= i->lo && pc < i->hi)) i = i->next;
    return i ? i : &program;
}
#else
#define elf program
static Image *image_of(uintptr_t pc) { return (void)pc, &program; }
#endif

static void *big_alloc(size_t n) {
    void *p = mmap(NULL, n + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static Section section(const char *name) {
    for (uint32_t i = 0; i < elf.nsh; i++)
        if (!strcmp(elf.shstr + elf.sh[i].sh_name, name) && elf.sh[i].sh_type != SHT_NOBITS &&
            !(elf.sh[i].sh_flags & SHF_COMPRESSED))
            return (Section){elf.base + elf.sh[i].sh_offset, elf.sh[i].sh_size};
    return (Section){NULL, 0};
}

#if VOLE_PIC
typedef struct Search {
    uintptr_t in; // an address in it
    Image *found;
    const char *path;
} Search;
static int look(struct dl_phdr_info *info, size_t size, void *arg) {
    (void)size;
    Search *s = arg;
    uintptr_t lo = UINTPTR_MAX, hi = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        if (ph->p_type != PT_LOAD) continue;
        uintptr_t at = info->dlpi_addr + ph->p_vaddr;
        if (at < lo) lo = at;
        if (at + ph->p_memsz > hi) hi = at + ph->p_memsz;
    }
    if (s->in < lo || s->in >= hi) return 0;
    s->found->lo = lo;
    s->found->hi = hi;
    s->found->bias = info->dlpi_addr;
    if (*info->dlpi_name) s->path = info->dlpi_name;
    return 1;
}
static const char *find_image(uintptr_t in) {
    Search s = {in, image, "/proc/self/exe"};
    dl_iterate_phdr(look, &s);
    return s.path;
}
#else
static const char *find_image(uintptr_t in) { return (void)in, "/proc/self/exe"; }
#endif

// The program's own file is mapped at the first question; without it there are no names.
static void map_file(uintptr_t in) {
    if (elf.base) return;
    int fd = open(find_image(in), O_RDONLY | O_CLOEXEC);
    if (fd < 0) // where /proc is not mounted
        fd = open((const char *)getauxval(AT_EXECFN), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat st;
    const uint8_t *p = MAP_FAILED;
    if (fstat(fd, &st) == 0 && (size_t)st.st_size > sizeof(Elf64_Ehdr))
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED) return;
    const Elf64_Ehdr *h = (const Elf64_Ehdr *)p;
    elf.sh = (const Elf64_Shdr *)(p + h->e_shoff);
    elf.nsh = h->e_shnum;
    elf.shstr = (const char *)p + elf.sh[h->e_shstrndx].sh_offset;
    elf.size = (size_t)st.st_size;
    elf.base = p;
}

static const char *text_at(const Section *in, uint32_t at) {
    return at < in->n ? (const char *)in->p + at : "?";
}
static const char *string(const Image *im, const AbiLines *l, uint64_t i) {
    return i < l->strings ? text_at(&im->names, ((const uint32_t *)(l + 1))[i]) : "?";
}
static const AbiLineFunc *funcs_of(const AbiLines *l) {
    return (const AbiLineFunc *)ALIGN_UP((uintptr_t)((const uint32_t *)(l + 1) + l->strings), 8);
}

static const char *name_of(const Image *im, const Sym *s) {
    if (s->lines == NO_LINES) return text_at(&im->strtab, s->func);
    const AbiLines *l = (const AbiLines *)(im->lines.p + s->lines);
    return string(im, l, funcs_of(l)[s->func].name);
}

// Of one address what has a table comes first, then Go's names, with a dot.
static int by_addr(const void *a, const void *b) {
    const Sym *x = a, *y = b;
    if (x->addr != y->addr) return x->addr < y->addr ? -1 : 1;
    if ((x->lines == NO_LINES) != (y->lines == NO_LINES)) return x->lines == NO_LINES ? 1 : -1;
    bool dot = strchr(name_of(&elf, x), '.') != NULL, dot2 = strchr(name_of(&elf, y), '.') != NULL;
    return dot == dot2 ? 0 : dot ? -1 : 1;
}

// The tables' functions; the first pass counts.
static size_t read_tables(Sym *to) {
    size_t k = 0;
    for (size_t at = 0; at + sizeof(AbiLines) <= elf.lines.n;) {
        const AbiLines *l = (const AbiLines *)(elf.lines.p + at);
        const AbiLineFunc *f = funcs_of(l);
        for (uint32_t i = 0; i < l->funcs; i++) {
            if (!f[i].address) continue;
            uint32_t address = (uint32_t)f[i].address; // the code lies in 2 GB
            if (to) to[k] = (Sym){address, address + f[i].size, (uint32_t)at, i};
            k++;
        }
        at += l->size ? l->size : elf.lines.n;
    }
    return k;
}

static size_t read_symbols(Sym *to) {
    Section sym = section(".symtab");
    const Elf64_Sym *all = (const Elf64_Sym *)sym.p;
    size_t n = sym.n / sizeof *all, k = 0;
    for (const Elf64_Sym *s = all; s < all + n; s++) {
        if (ELF64_ST_TYPE(s->st_info) != STT_FUNC || s->st_shndx == SHN_UNDEF) continue;
        uint32_t address = (uint32_t)s->st_value;
        if (to) to[k] = (Sym){address, address + (uint32_t)s->st_size, NO_LINES, s->st_name};
        k++;
    }
    return k;
}

static void load_locked(uintptr_t in) {
    map_file(in);
    if (!elf.base) return;
    elf.lines = section(".vole_lines");
    elf.names = section(".vole_names");
    elf.strtab = section(".strtab");
    size_t n = read_tables(NULL);
    Sym *v = big_alloc((n + read_symbols(NULL)) * sizeof *v);
    if (!v) return;
    n = read_tables(v);
    n += read_symbols(v + n);
    qsort(v, n, sizeof *v, by_addr);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (!k || v[i].addr != v[k - 1].addr) v[k++] = v[i];
    for (size_t i = 0; i + 1 < k; i++) // of assembly without a size: up to the next one
        if (v[i].end == v[i].addr) v[i].end = v[i + 1].addr;
    elf.syms = v;
    elf.nsyms = k;
    Section f = section(".llvm_faultmaps");
    faultmap_load(f.p, f.n, elf.bias);
    // All of the file was read, and little of it is again: it would count as the program's memory.
    madvise((void *)elf.base, elf.size, MADV_DONTNEED);
}

static void load_once(void *arg) {
    (void)arg;
    lock(&tables.lock);
    if (!tables.ready) {
        load_locked((uintptr_t)&program);
        tables.ready = true;
    }
    unlock(&tables.lock);
}
static void load(void) {
    if (!tables.ready) on_system_stack(load_once, NULL);
}

const uint8_t *program_section(const char *name, size_t *n, uintptr_t *bias) {
    lock(&tables.lock);
#if VOLE_PIC
    image = &program;
#endif
    map_file((uintptr_t)&program);
    Section s = section(name);
    *bias = elf.bias;
    unlock(&tables.lock);
    *n = s.n;
    return s.p;
}

#if VOLE_PIC
static void load_plugin(void *p) {
    lock(&tables.lock);
    Image *new = calloc(1, sizeof *new);
    if (new) {
        image = new;
        load_locked((uintptr_t)p);
        image = &program;
        new->next = program.next;
        program.next = new;
    }
    unlock(&tables.lock);
}
void symtab_add_plugin(const void *data) {
    load();
    on_system_stack(load_plugin, (void *)data);
}
#endif

static const Sym *sym_at(const Image *im, uintptr_t pc) {
    size_t lo = 0, hi = im->nsyms;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (im->syms[mid].addr <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && pc < im->syms[lo - 1].end ? &im->syms[lo - 1] : NULL;
}

bool symbol_of(uintptr_t pc, const char **name, intptr_t *len, uintptr_t *entry, uintptr_t *end) {
    load();
    const Image *im = image_of(pc);
    const Sym *s = sym_at(im, pc - im->bias);
    if (!s) return false;
    *name = name_of(im, s);
    *len = (intptr_t)strlen(*name);
    *entry = s->addr + im->bias;
    *end = s->end + im->bias;
    return true;
}

uintptr_t symbol_address(const char *name, intptr_t len) {
    load();
    for (const Image *im = &program; im; im = im->next)
        for (size_t i = 0; i < im->nsyms; i++) {
            const char *its = name_of(im, &im->syms[i]);
            if (!strncmp(its, name, (size_t)len) && !its[len]) return im->syms[i].addr + im->bias;
        }
    return 0;
}

// answers -----------------------------------------------------------------------------------------

enum { MAX_DEPTH = 32, CACHE = 256 };
typedef struct Answer {
    uintptr_t pc;
    int n;
    SymLoc *locs;
} Answer;
static Answer cache[CACHE];

uint64_t symtab_number(const uint8_t **p) {
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t b = *(*p)++;
        if (shift < 64) v |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) return v;
    }
}

static uint64_t number(const uint8_t **p) { return symtab_number(p); }

// Where an address is: in which of a function's inlined calls, and where in the source of that.
typedef struct Row {
    uint64_t call, file;
    int64_t line;
} Row;
static Row row_at(const uint8_t *p, const uint8_t *end, uint64_t at) {
    Row now = {0}, row = {0};
    for (uint64_t pc = 0; p < end;) {
        uint64_t head = number(&p);
        pc += head >> 2;
        if (pc > at) break;
        if (head & 2) row.call = number(&p);
        if (head & 1) row.file = number(&p);
        uint64_t d = number(&p);
        row.line += d & 1 ? -(int64_t)(d / 2) - 1 : (int64_t)(d / 2);
        now = row;
    }
    return now;
}

typedef struct InlinedCall {
    uint64_t parent, name, start, file, line;
} InlinedCall;
static InlinedCall call_number(const uint8_t *p, uint64_t i) {
    InlinedCall c = {0};
    for (number(&p); i; i--) {
        c.parent = number(&p);
        c.name = number(&p);
        c.start = number(&p);
        c.file = number(&p);
        c.line = number(&p);
    }
    return c;
}

static const uint8_t *bytes_end(const AbiLines *l, const AbiLineFunc *f) {
    const AbiLineFunc *next = f + 1;
    return (const uint8_t *)l + (next < funcs_of(l) + l->funcs ? next->at : l->size);
}

// The path of a file. The runtime's own are in COMP_DIR: they stand for Go's in GOROOT, or in no
// folder where the program names none (-trimpath).
static const char *file_path(const char *file) {
    static const char own[] = COMP_DIR "/";
    if (strncmp(file, own, sizeof own - 1) != 0) return file;
    const char *rest = file + sizeof own - 1;
    if (!*vole_goroot) return rest;
    static struct Path {
        struct Path *next;
        const char *rest;
        char path[];
    } *paths;
    struct Path *p = paths;
    while (p && p->rest != rest) p = p->next;
    if (p) return p->path;
    size_t n = strlen(vole_goroot) + sizeof "/src/" + strlen(rest);
    p = malloc(sizeof *p + n);
    if (!p) return rest;
    stpcpy(stpcpy(stpcpy(p->path, vole_goroot), "/src/"), rest);
    p->rest = rest;
    p->next = paths;
    paths = p;
    return p->path;
}

// From inside out, the function last.
static int symbolize_locked(uintptr_t pc, SymLoc *out, int max) {
#if VOLE_PIC
    image = image_of(pc);
    pc -= elf.bias;
#endif
    const Sym *s = sym_at(&elf, pc);
    if (!s || !max) return 0;
    uintptr_t entry = s->addr + elf.bias;
    const char *name = name_of(&elf, s);
    if (s->lines == NO_LINES) {
        out[0] = (SymLoc){name, (intptr_t)strlen(name), "?", 0, entry};
        return 1;
    }
    const AbiLines *l = (const AbiLines *)(elf.lines.p + s->lines);
    const AbiLineFunc *f = funcs_of(l) + s->func;
    const uint8_t *p = (const uint8_t *)l + f->at, *args = NULL;
    if (f->line & 4) {
        args = p;
        for (uint64_t numbers = number(&p) + 1; numbers; numbers--) number(&p);
    }
    const uint8_t *rows = p;
    for (uint64_t numbers = 5 * number(&rows); numbers; numbers--) number(&rows);
    Row row = row_at(rows, bytes_end(l, f), pc - s->addr);
    int k = 0;
    for (uint64_t up; row.call && k < max - 1; row.call = up) {
        InlinedCall c = call_number(p, row.call);
        const char *inlined = string(&elf, l, c.name);
        out[k++] = (SymLoc){inlined,
                            (intptr_t)strlen(inlined),
                            file_path(string(&elf, l, row.file)),
                            (int32_t)row.line,
                            entry,
                            .start_line = (int32_t)(c.start >> 1),
                            .inlined = true,
                            .wrapper = c.start & 1};
        row.file = c.file;
        row.line = (int64_t)c.line;
        up = c.parent;
    }
    out[k++] = (SymLoc){name,
                        (intptr_t)strlen(name),
                        file_path(string(&elf, l, row.file)),
                        (int32_t)row.line,
                        entry,
                        .start_line = (int32_t)(f->line >> 3),
                        .wrapper = f->line & 2,
                        .no_params = f->line & 1,
                        .args = args};
    return k;
}

typedef struct Question {
    uintptr_t pc;
    SymLoc *out;
    int max, n;
} Question;
// On the thread's stack: its frame is too large for goroutines'.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wframe-larger-than"
// The last answer for each of a few places is kept, since profiles and logs ask for the same ones
// again and again.
static void answer(void *arg) {
    Question *q = arg;
    uintptr_t pc = faultmap_find(q->pc);
    lock(&tables.lock);
    Answer *a = &cache[(pc >> 2) % CACHE];
    if (a->pc != pc || !a->locs) {
        SymLoc locs[MAX_DEPTH];
        int n = symbolize_locked(pc, locs, MAX_DEPTH);
        if (a->locs) free(a->locs);
        a->locs = malloc(sizeof *locs * (size_t)(n + 1));
        memcpy(a->locs, locs, sizeof *locs * (size_t)n);
        a->n = n;
        a->pc = pc;
    }
    q->n = a->n < q->max ? a->n : q->max;
    memcpy(q->out, a->locs, sizeof *q->out * (size_t)q->n);
    unlock(&tables.lock);
}
#pragma clang diagnostic pop

int symbolize(uintptr_t pc, SymLoc *out, int max) {
    load();
    Question q = {pc, out, max, 0};
    on_system_stack(answer, &q);
    return q.n;
}

// symtab: what function and source line a code address belongs to, from the executable's own ELF
// symbols and DWARF (versions 4 and 5), inlined calls included. The file is mapped at the first
// question. Compile units are indexed by their address ranges, a unit's functions when first asked
// for, and line programs are run per question, with the last answers kept.
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
typedef struct Sym {
    uintptr_t addr, end;
    const char *name;
} Sym;

typedef struct Range {
    uintptr_t lo, hi;
    uint32_t index;
} Range;

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
    Sym *syms;
    size_t nsyms;
    Section info, abbrev, line, str, line_str, str_offsets, addr, ranges, rnglists;
    Range *unit_ranges;
    size_t n_unit_ranges;
    struct Unit **unit_by_index;
    uint32_t n_units;
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

static int by_addr(const void *a, const void *b) {
    const Sym *x = a, *y = b;
    return x->addr < y->addr ? -1 : x->addr > y->addr;
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

static void load_locked(uintptr_t in) {
    map_file(in);
    if (!elf.base) return;
    Section sym = section(".symtab"), str = section(".strtab");
    const Elf64_Sym *s = (const Elf64_Sym *)sym.p;
    size_t n = sym.n / sizeof *s, k = 0;
    elf.syms = big_alloc(n * sizeof *elf.syms);
    if (!elf.syms) return;
    for (size_t i = 0; i < n; i++) {
        if (ELF64_ST_TYPE(s[i].st_info) != STT_FUNC || s[i].st_shndx == SHN_UNDEF) continue;
        elf.syms[k++] =
            (Sym){s[i].st_value, s[i].st_value + s[i].st_size, (const char *)str.p + s[i].st_name};
    }
    elf.nsyms = k;
    qsort(elf.syms, k, sizeof *elf.syms, by_addr);
    for (size_t i = 0; i + 1 < k; i++) // of assembly without a size: up to the next one
        if (elf.syms[i].end == elf.syms[i].addr) elf.syms[i].end = elf.syms[i + 1].addr;
    elf.info = section(".debug_info");
    elf.abbrev = section(".debug_abbrev");
    elf.line = section(".debug_line");
    elf.str = section(".debug_str");
    elf.line_str = section(".debug_line_str");
    elf.str_offsets = section(".debug_str_offsets");
    elf.addr = section(".debug_addr");
    elf.ranges = section(".debug_ranges");
    elf.rnglists = section(".debug_rnglists");
    Section f = section(".llvm_faultmaps");
    faultmap_load(f.p, f.n, elf.bias);
}

static void index_units(void);
static void load_once(void *arg) {
    (void)arg;
    lock(&tables.lock);
    if (!tables.ready) {
        load_locked((uintptr_t)&program);
        if (elf.info.n) index_units();
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
        if (new->base && new->info.n) index_units();
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

// Copies of a literal in inlined functions have symbols of their own: the literal's name, then
// #hash#. So have bodies with large frames (llvm_stack.c): then $frame.
static size_t shown_length(const char *name) {
    static const char frame[] = "$frame";
    size_t n = strlen(name);
    if (n >= sizeof frame && !strcmp(name + n + 1 - sizeof frame, frame)) n -= sizeof frame - 1;
    const char *hash = n && name[n - 1] == '#' ? strchr(name, '#') : NULL; // f#abi0#, too
    return hash ? (size_t)(hash - name) : n;
}

// By the symbol table, sorted by address once.
bool symbol_of(uintptr_t pc, const char **name, intptr_t *len, uintptr_t *entry, uintptr_t *end) {
    load();
    const Image *im = image_of(pc);
    size_t lo = 0, hi = im->nsyms;
    pc -= im->bias;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (im->syms[mid].addr <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo) return false;
    Sym *s = &im->syms[lo - 1];
    // Of several names for one address a Go name (with a dot) is best.
    for (Sym *t = s; t >= im->syms && t->addr == s->addr; t--)
        if (strchr(t->name, '.')) {
            s = t;
            break;
        }
    if (pc >= s->end) return false;
    *name = s->name;
    *len = (intptr_t)shown_length(s->name);
    *entry = s->addr + im->bias;
    *end = s->end + im->bias;
    return true;
}

uintptr_t symbol_address(const char *name, intptr_t len) {
    load();
    for (const Image *im = &program; im; im = im->next)
        for (size_t i = 0; i < im->nsyms; i++)
            if (!strncmp(im->syms[i].name, name, (size_t)len) && !im->syms[i].name[len])
                return im->syms[i].addr + im->bias;
    return 0;
}

// DWARF: reading ----------------------------------------------------------------------------------

typedef struct Reader {
    const uint8_t *p, *end;
} Reader;
static uint64_t rd(Reader *r, int n) {
    uint64_t v = 0;
    if (r->end - r->p < n) {
        r->p = r->end;
        return 0;
    }
    memcpy(&v, r->p, (size_t)n);
    r->p += n;
    return v;
}
static uint64_t uleb(Reader *r) {
    uint64_t v = 0;
    int shift = 0;
    while (r->p < r->end) {
        uint8_t b = *r->p++;
        if (shift < 64) v |= (uint64_t)(b & 0x7F) << shift;
        shift += 7;
        if (!(b & 0x80)) break;
    }
    return v;
}
static int64_t sleb(Reader *r) {
    int64_t v = 0;
    int shift = 0;
    while (r->p < r->end) {
        uint8_t b = *r->p++;
        if (shift < 64) v |= (int64_t)((uint64_t)(b & 0x7F) << shift);
        shift += 7;
        if (!(b & 0x80)) {
            if (shift < 64 && (b & 0x40)) v |= -((int64_t)1 << shift);
            break;
        }
    }
    return v;
}
static const char *rd_cstr(Reader *r) {
    const char *s = (const char *)r->p;
    while (r->p < r->end && *r->p) r->p++;
    if (r->p < r->end) r->p++;
    return s;
}

enum {
    AT_artificial = 0x34,
    AT_decl_line = 0x3b,
    AT_external = 0x3f,
    AT_name = 3,
    AT_stmt_list = 0x10,
    AT_low_pc = 0x11,
    AT_high_pc = 0x12,
    AT_comp_dir = 0x1b,
    AT_abstract_origin = 0x31,
    AT_specification = 0x47,
    AT_ranges = 0x55,
    AT_call_file = 0x58,
    AT_call_line = 0x59,
    AT_linkage_name = 0x6e,
    AT_str_offsets_base = 0x72,
    AT_addr_base = 0x73,
    AT_rnglists_base = 0x74,
    TAG_lexical_block = 0x0b,
    TAG_compile_unit = 0x11,
    TAG_inlined = 0x1d,
    TAG_subprogram = 0x2e,
    TAG_formal_parameter = 5,
    FORM_addr = 1,
    FORM_block2 = 3,
    FORM_block4,
    FORM_data2,
    FORM_data4,
    FORM_data8,
    FORM_string,
    FORM_block,
    FORM_block1,
    FORM_data1,
    FORM_flag,
    FORM_sdata,
    FORM_strp,
    FORM_udata,
    FORM_ref_addr,
    FORM_ref1,
    FORM_ref2,
    FORM_ref4,
    FORM_ref8,
    FORM_ref_udata,
    FORM_indirect,
    FORM_sec_offset,
    FORM_exprloc,
    FORM_flag_present,
    FORM_strx,
    FORM_addrx,
    FORM_data16 = 0x1e,
    FORM_line_strp = 0x1f,
    FORM_ref_sig8 = 0x20,
    FORM_implicit_const = 0x21,
    FORM_loclistx = 0x22,
    FORM_rnglistx = 0x23,
    FORM_strx1 = 0x25,
    FORM_strx2,
    FORM_strx3,
    FORM_strx4,
    FORM_addrx1,
    FORM_addrx2,
    FORM_addrx3,
    FORM_addrx4,
};

// A line program's sequence of rows with rising addresses, one per section: where the program makes
// it.
typedef struct Sequence {
    uintptr_t lo, hi;
    const uint8_t *program;
} Sequence;
typedef struct FileEntry {
    const char *dir, *name;
    const char *path;
} FileEntry;
typedef struct Unit {
    const uint8_t *start, *die, *end; // header, first DIE, end
    uint32_t version;
    uint64_t abbrev_off, stmt_list, str_base, addr_base, rng_base;
    uintptr_t low_pc;
    const char *comp_dir;
    const uint8_t **abbrevs; // by code
    uint32_t nabbrevs;
    Range *funcs; // index: offset of the DIE from start
    uint32_t nfuncs;
    bool indexed, lines_read;
    FileEntry *files;
    uint32_t nfiles;
    const uint8_t *program, *program_end;
    Sequence *seqs;
    size_t nseqs;
    uint8_t min_inst, line_range, opcode_base, lengths[256];
    int8_t line_base;
    struct Unit *next;
} Unit;

typedef struct Attr {
    uint32_t at, form;
    uint64_t v;
    const char *s;
} Attr;

static uint64_t section_word(Section s, uint64_t off, int n) {
    uint64_t v = 0;
    if (off + (uint64_t)n <= s.n) memcpy(&v, s.p + off, (size_t)n);
    return v;
}
static const char *str_at(Section s, uint64_t off) {
    return off < s.n ? (const char *)s.p + off : "";
}
static const char *strx(Unit *u, uint64_t i) {
    return str_at(elf.str, section_word(elf.str_offsets, u->str_base + i * 4, 4));
}
static uint64_t addrx(Unit *u, uint64_t i) {
    return section_word(elf.addr, u->addr_base + i * 8, 8);
}

// Attributes that nobody asks for are read, too: their length is in their form.
static void read_form(Unit *u, Reader *r, Attr *a, int64_t implicit) {
    a->s = NULL;
    switch (a->form) {
    case FORM_addr:
    case FORM_data8:
    case FORM_ref8:
    case FORM_ref_sig8: a->v = rd(r, 8); break;
    case FORM_data2:
    case FORM_ref2: a->v = rd(r, 2); break;
    case FORM_data4:
    case FORM_ref4:
    case FORM_sec_offset:
    case FORM_ref_addr: a->v = rd(r, 4); break;
    case FORM_data1:
    case FORM_ref1:
    case FORM_flag: a->v = rd(r, 1); break;
    case FORM_data16:
        r->p += 16;
        a->v = 0;
        break;
    case FORM_sdata: a->v = (uint64_t)sleb(r); break;
    case FORM_udata:
    case FORM_ref_udata:
    case FORM_loclistx:
    case FORM_rnglistx: a->v = uleb(r); break;
    case FORM_strx:
        a->v = uleb(r);
        a->s = strx(u, a->v);
        break;
    case FORM_strx1:
    case FORM_strx2:
    case FORM_strx3:
    case FORM_strx4:
        a->v = rd(r, (int)a->form - FORM_strx1 + 1);
        a->s = strx(u, a->v);
        break;
    case FORM_addrx: a->v = addrx(u, uleb(r)); break;
    case FORM_addrx1:
    case FORM_addrx2:
    case FORM_addrx3:
    case FORM_addrx4: a->v = addrx(u, rd(r, (int)a->form - FORM_addrx1 + 1)); break;
    case FORM_string: a->s = rd_cstr(r); break;
    case FORM_strp: a->s = str_at(elf.str, rd(r, 4)); break;
    case FORM_line_strp: a->s = str_at(elf.line_str, rd(r, 4)); break;
    case FORM_block1:
        a->v = rd(r, 1);
        r->p += a->v;
        break;
    case FORM_block2:
        a->v = rd(r, 2);
        r->p += a->v;
        break;
    case FORM_block4:
        a->v = rd(r, 4);
        r->p += a->v;
        break;
    case FORM_block:
    case FORM_exprloc:
        a->v = uleb(r);
        r->p += a->v;
        break;
    case FORM_flag_present: a->v = 1; break;
    case FORM_implicit_const: a->v = (uint64_t)implicit; break;
    case FORM_indirect:
        a->form = (uint32_t)uleb(r);
        read_form(u, r, a, 0);
        break;
    default: r->p = r->end; a->v = 0;
    }
    if (r->p > r->end) r->p = r->end;
}

// They are numbered from 1 and dense: an array finds them.
static void read_abbrevs(Unit *u) {
    Reader r = {elf.abbrev.p + u->abbrev_off, elf.abbrev.p + elf.abbrev.n};
    uint32_t cap = 64;
    const uint8_t **t = calloc(cap, sizeof *t);
    while (r.p < r.end) {
        uint64_t code = uleb(&r);
        if (!code) break;
        if (code > 1 << 16) break;
        if (code >= cap) {
            uint32_t bigger = (uint32_t)code * 2;
            t = realloc(t, bigger * sizeof *t);
            memset(t + cap, 0, (bigger - cap) * sizeof *t);
            cap = bigger;
        }
        t[code] = r.p;
        uleb(&r);
        rd(&r, 1);
        for (;;) {
            uint64_t at = uleb(&r), form = uleb(&r);
            if (form == FORM_implicit_const) sleb(&r);
            if ((!at && !form) || r.p >= r.end) break;
        }
    }
    u->abbrevs = t;
    u->nabbrevs = cap;
}

typedef struct Die {
    uint32_t tag;
    bool children;
    const uint8_t *at;
    Attr name, linkage, low, high, ranges, origin, call_file, call_line, decl_line, artificial,
        external, stmt, dir, strb, addrb, rngb;
} Die;

// Reads one entry; false for the null entry that ends a list of children. Attributes that don't
// occur have form 0.
static bool read_die(Unit *u, Reader *r, Die *d) {
    const uint8_t *at = r->p;
    uint64_t code = uleb(r);
    if (!code || code >= u->nabbrevs || !u->abbrevs[code]) {
        if (code) r->p = r->end;
        return false;
    }
    *d = (Die){.at = at};
    Reader a = {u->abbrevs[code], elf.abbrev.p + elf.abbrev.n};
    d->tag = (uint32_t)uleb(&a);
    d->children = rd(&a, 1);
    for (;;) {
        Attr x = {.at = (uint32_t)uleb(&a), .form = (uint32_t)uleb(&a)};
        int64_t implicit = x.form == FORM_implicit_const ? sleb(&a) : 0;
        if (!x.at && !x.form) break;
        read_form(u, r, &x, implicit);
        switch (x.at) {
        case AT_name: d->name = x; break;
        case AT_linkage_name: d->linkage = x; break;
        case AT_low_pc: d->low = x; break;
        case AT_high_pc: d->high = x; break;
        case AT_ranges: d->ranges = x; break;
        case AT_abstract_origin:
        case AT_specification: d->origin = x; break;
        case AT_call_file: d->call_file = x; break;
        case AT_call_line: d->call_line = x; break;
        case AT_decl_line: d->decl_line = x; break;
        case AT_artificial: d->artificial = x; break;
        case AT_external: d->external = x; break;
        case AT_stmt_list: d->stmt = x; break;
        case AT_comp_dir: d->dir = x; break;
        case AT_str_offsets_base: d->strb = x; break;
        case AT_addr_base: d->addrb = x; break;
        case AT_rnglists_base: d->rngb = x; break;
        }
        if (r->p >= r->end) break;
    }
    return true;
}

typedef struct RangeVec {
    Range *p;
    size_t n, cap;
} RangeVec;
static void add_range(RangeVec *v, uintptr_t lo, uintptr_t hi, uint32_t index) {
    if (lo >= hi || !lo) return;
    if (v->n == v->cap) {
        v->cap = v->cap ? v->cap * 2 : 256;
        v->p = realloc(v->p, v->cap * sizeof *v->p);
    }
    v->p[v->n++] = (Range){lo, hi, index};
}

// A function that is split in hot and cold parts, or inlined in pieces, has a list of ranges.
static void die_ranges(Unit *u, const Die *d, RangeVec *v, uint32_t index) {
    if (d->low.form && d->high.form) {
        uintptr_t hi = d->high.form == FORM_addr ? d->high.v : d->low.v + d->high.v;
        add_range(v, d->low.v, hi, index);
        return;
    }
    if (!d->ranges.form) return;
    if (u->version < 5) {
        uintptr_t base = u->low_pc;
        for (uint64_t off = d->ranges.v;; off += 16) {
            uint64_t lo = section_word(elf.ranges, off, 8),
                     hi = section_word(elf.ranges, off + 8, 8);
            if ((!lo && !hi) || off + 16 > elf.ranges.n) break;
            if (lo == ~(uint64_t)0)
                base = hi;
            else
                add_range(v, base + lo, base + hi, index);
        }
        return;
    }
    uint64_t off = d->ranges.v;
    if (d->ranges.form == FORM_rnglistx)
        off = u->rng_base + section_word(elf.rnglists, u->rng_base + off * 4, 4);
    if (off >= elf.rnglists.n) return;
    Reader r = {elf.rnglists.p + off, elf.rnglists.p + elf.rnglists.n};
    uintptr_t base = u->low_pc;
    while (r.p < r.end) {
        uint64_t a, b;
        switch (rd(&r, 1)) {
        case 1: base = addrx(u, uleb(&r)); break;
        case 2:
            a = addrx(u, uleb(&r));
            b = addrx(u, uleb(&r));
            add_range(v, a, b, index);
            break;
        case 3:
            a = addrx(u, uleb(&r));
            b = uleb(&r);
            add_range(v, a, a + b, index);
            break;
        case 4:
            a = uleb(&r);
            b = uleb(&r);
            add_range(v, base + a, base + b, index);
            break;
        case 5: base = rd(&r, 8); break;
        case 6:
            a = rd(&r, 8);
            b = rd(&r, 8);
            add_range(v, a, b, index);
            break;
        case 7:
            a = rd(&r, 8);
            b = uleb(&r);
            add_range(v, a, a + b, index);
            break;
        default: return;
        }
    }
}

static int range_cmp(const void *a, const void *b) {
    const Range *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}
static const Range *range_find(const Range *v, size_t n, uintptr_t pc) {
    size_t lo = 0, hi = n;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (v[mid].lo <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo && pc < v[lo - 1].hi ? &v[lo - 1] : NULL;
}

// Each unit's head and ranges, once; what is in a unit is read when it is asked for.
static void index_units(void) {
    Reader r = {elf.info.p, elf.info.p + elf.info.n};
    RangeVec v = {0};
    uint32_t n = 0, cap = 0;
    while (r.end - r.p > 12) {
        const uint8_t *start = r.p;
        uint64_t len = rd(&r, 4);
        if (len >= 0xfffffff0u || len > (uint64_t)(r.end - r.p)) break;
        const uint8_t *end = r.p + len;
        Unit *u = calloc(1, sizeof *u);
        u->start = start;
        u->end = end;
        u->version = (uint32_t)rd(&r, 2);
        uint64_t kind = 1;
        if (u->version >= 5) {
            kind = rd(&r, 1);
            rd(&r, 1);
            u->abbrev_off = rd(&r, 4);
        } else {
            u->abbrev_off = rd(&r, 4);
            rd(&r, 1);
        }
        u->die = r.p;
        r.p = end;
        if (u->version < 2 || u->version > 5 || kind != 1 || u->abbrev_off >= elf.abbrev.n)
            continue;
        read_abbrevs(u);
        u->str_base = 8;
        u->addr_base = 8;
        u->rng_base = 12;
        Die d;
        Reader dr = {u->die, end};
        if (!read_die(u, &dr, &d)) continue; // bases first, then again with them
        if (d.strb.form) u->str_base = d.strb.v;
        if (d.addrb.form) u->addr_base = d.addrb.v;
        if (d.rngb.form) u->rng_base = d.rngb.v;
        dr.p = u->die;
        read_die(u, &dr, &d);
        u->low_pc = d.low.form ? d.low.v : 0;
        u->stmt_list = d.stmt.form ? d.stmt.v : ~(uint64_t)0;
        u->comp_dir = d.dir.s ? d.dir.s : "";
        if (n == cap) {
            cap = cap ? cap * 2 : 64;
            elf.unit_by_index = realloc(elf.unit_by_index, cap * sizeof *elf.unit_by_index);
        }
        elf.unit_by_index[n] = u;
        die_ranges(u, &d, &v, n++);
    }
    qsort(v.p, v.n, sizeof *v.p, range_cmp);
    elf.n_units = n;
    elf.unit_ranges = v.p;
    elf.n_unit_ranges = v.n;
}

// functions of a unit -----------------------------------------------------------------------------

// Skips the children of an entry that has some.
static void skip_children(Unit *u, Reader *r) {
    int depth = 1;
    Die d;
    while (depth && r->p < r->end) {
        if (!read_die(u, r, &d))
            depth--;
        else if (d.children)
            depth++;
    }
}

// Of one unit, when an address in it is first asked for: a program has thousands, a traceback needs
// a few.
static void index_funcs(Unit *u) {
    RangeVec v = {0};
    Reader r = {u->die, u->end};
    Die d;
    if (!read_die(u, &r, &d) || !d.children) return;
    int depth = 1;
    while (depth && r.p < r.end) {
        if (!read_die(u, &r, &d)) {
            depth--;
            continue;
        }
        if (d.tag == TAG_subprogram) {
            die_ranges(u, &d, &v, (uint32_t)(d.at - u->start));
            if (d.children) skip_children(u, &r);
        } else if (d.children) {
            depth++;
        }
    }
    if (v.n) qsort(v.p, v.n, sizeof *v.p, range_cmp);
    u->funcs = v.p;
    u->nfuncs = (uint32_t)v.n;
    u->indexed = true;
}

static Unit *unit_at(const uint8_t *p) {
    for (uint32_t i = 0; i < elf.n_units; i++)
        if (p >= elf.unit_by_index[i]->start && p < elf.unit_by_index[i]->end)
            return elf.unit_by_index[i];
    return NULL;
}

// What a concrete function says of itself, completed by the abstract one that it is an instance of.
typedef struct FuncDie {
    const char *name;
    int32_t line; // the declaration's
    bool artificial, external;
} FuncDie;
static FuncDie func_die(Unit *u, const Die *d, int depth) {
    FuncDie f = {d->linkage.s ? d->linkage.s : d->name.s, (int32_t)d->decl_line.v,
                 d->artificial.v != 0, d->external.v != 0};
    if (!d->origin.form || depth == 8) return f;
    const uint8_t *p =
        d->origin.form == FORM_ref_addr ? elf.info.p + d->origin.v : u->start + d->origin.v;
    Unit *v = p >= u->start && p < u->end ? u : unit_at(p);
    if (!v) return f;
    Reader r = {p, v->end};
    Die o;
    if (!read_die(v, &r, &o)) return f;
    FuncDie up = func_die(v, &o, depth + 1);
    return (FuncDie){f.name ? f.name : up.name, f.line ? f.line : up.line,
                     f.artificial || up.artificial, f.external || up.external};
}

// Whether the first child at r is a parameter.
static bool has_params(Unit *u, Reader r) {
    Die d;
    return read_die(u, &r, &d) && d.tag == TAG_formal_parameter;
}

// line tables -------------------------------------------------------------------------------------

static void entry_formats(Reader *r, uint32_t *n, uint32_t types[16], uint32_t forms[16]) {
    *n = (uint32_t)rd(r, 1);
    for (uint32_t i = 0; i < *n; i++) {
        uint32_t t = (uint32_t)uleb(r), f = (uint32_t)uleb(r);
        if (i < 16) {
            types[i] = t;
            forms[i] = f;
        }
    }
    if (*n > 16) *n = 16;
}

// Version 5's entries say which fields they have; before it, folders and files are lists that end
// with an empty string.
static void read_line_header(Unit *u) {
    u->lines_read = true;
    if (u->stmt_list >= elf.line.n) return;
    Reader r = {elf.line.p + u->stmt_list, elf.line.p + elf.line.n};
    uint64_t len = rd(&r, 4);
    if (len >= 0xfffffff0u) return;
    u->program_end = r.p + len;
    uint32_t version = (uint32_t)rd(&r, 2);
    if (version >= 5) rd(&r, 2);
    uint64_t header = rd(&r, 4);
    u->program = r.p + header;
    u->min_inst = (uint8_t)rd(&r, 1);
    if (version >= 4) rd(&r, 1);
    rd(&r, 1);
    u->line_base = (int8_t)rd(&r, 1);
    u->line_range = (uint8_t)rd(&r, 1);
    u->opcode_base = (uint8_t)rd(&r, 1);
    for (int i = 1; i < u->opcode_base; i++) u->lengths[i] = (uint8_t)rd(&r, 1);
    if (version >= 5) {
        uint32_t n, types[16], forms[16];
        entry_formats(&r, &n, types, forms);
        uint64_t ndirs = uleb(&r);
        const char **dirs = calloc(ndirs + 1, sizeof *dirs);
        for (uint64_t i = 0; i < ndirs; i++)
            for (uint32_t k = 0; k < n; k++) {
                Attr a = {.form = forms[k]};
                read_form(u, &r, &a, 0);
                if (types[k] == 1) dirs[i] = a.s;
            }
        entry_formats(&r, &n, types, forms);
        uint64_t nfiles = uleb(&r);
        u->files = calloc(nfiles + 1, sizeof *u->files);
        u->nfiles = (uint32_t)nfiles;
        for (uint64_t i = 0; i < nfiles; i++) {
            uint64_t dir = 0;
            for (uint32_t k = 0; k < n; k++) {
                Attr a = {.form = forms[k]};
                read_form(u, &r, &a, 0);
                if (types[k] == 1) u->files[i].name = a.s;
                if (types[k] == 2) dir = a.v;
            }
            u->files[i].dir = dir < ndirs ? dirs[dir] : NULL;
        }
        free(dirs);
        return;
    }
    const char *dirs[1024] = {u->comp_dir};
    uint32_t nd = 1;
    for (;;) {
        const char *s = rd_cstr(&r);
        if (!*s || r.p >= u->program) break;
        if (nd < 1024) dirs[nd++] = s;
    }
    u->files = calloc(4096, sizeof *u->files);
    u->nfiles = 1;
    for (;;) {
        const char *s = rd_cstr(&r);
        if (!*s || r.p >= u->program || u->nfiles >= 4096) break;
        uint64_t dir = uleb(&r);
        uleb(&r);
        uleb(&r);
        u->files[u->nfiles++] = (FileEntry){dir < nd ? dirs[dir] : NULL, s, NULL};
    }
}

// The name of a file: below its folder, which is below the unit's. The runtime's own unit is in
// COMP_DIR: its files stand for Go's in GOROOT, or in no folder where the program names none
// (-trimpath).
static const char *file_path(Unit *u, uint64_t i) {
    if (i >= u->nfiles || !u->files[i].name) return "??";
    FileEntry *f = &u->files[i];
    if (f->path) return f->path;
    const char *part[5] = {"", "", "", f->dir ? f->dir : "", f->name};
    if (f->name[0] == '/') part[3] = "";
    if (part[3][0] != '/' && f->name[0] != '/') part[0] = u->comp_dir;
    if (!strcmp(part[3], COMP_DIR)) {
        part[3] = "";
        part[0] = COMP_DIR;
    }
    if (!strcmp(part[0], COMP_DIR)) {
        part[0] = vole_goroot;
        part[1] = *vole_goroot ? "src" : "";
    }
    size_t n = 1;
    for (int k = 0; k < 5; k++) n += strlen(part[k]) + 1;
    char *s = malloc(n), *q = s;
    for (int k = 0; k < 5; k++) {
        if (q > s && q[-1] != '/' && *part[k]) *q++ = '/';
        q = stpcpy(q, part[k]);
    }
    return f->path = s;
}

typedef struct Row {
    uintptr_t addr;
    uint64_t file;
    int64_t line;
    bool end;
} Row;

// Runs the program to its next row; false at the program's end.
static bool next_row(const Unit *u, Reader *r, Row *row) {
    if (row->end) *row = (Row){.file = 1, .line = 1};
    while (r->p < r->end) {
        uint8_t op = (uint8_t)rd(r, 1);
        if (op >= u->opcode_base) {
            int adj = op - u->opcode_base;
            row->addr += (uintptr_t)(adj / u->line_range) * u->min_inst;
            row->line += u->line_base + adj % u->line_range;
            return true;
        }
        switch (op) {
        case 0: {
            uint64_t len = uleb(r);
            const uint8_t *next = r->p + len;
            uint64_t extended = rd(r, 1);
            if (extended == 1) row->end = true;
            if (extended == 2) row->addr = rd(r, 8);
            r->p = next;
            if (row->end) return true;
            break;
        }
        case 1: return true;
        case 2: row->addr += uleb(r) * u->min_inst; break;
        case 3: row->line += sleb(r); break;
        case 4: row->file = uleb(r); break;
        case 8:
            row->addr += (uintptr_t)((255 - u->opcode_base) / u->line_range) * u->min_inst;
            break;
        case 9: row->addr += rd(r, 2); break;
        default:
            for (int i = 0; i < u->lengths[op]; i++) uleb(r);
        }
    }
    return false;
}

static int sequence_cmp(const void *a, const void *b) {
    const Sequence *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

// A sequence is a run of rising addresses; which one has an address is found before it is read.
static void index_sequences(Unit *u) {
    Reader r = {u->program, u->program_end};
    Row row = {.end = true};
    Sequence *v = NULL;
    size_t n = 0, cap = 0;
    bool fresh = true;
    for (const uint8_t *at = r.p; next_row(u, &r, &row);) {
        if (fresh) {
            if (n == cap) v = realloc(v, (cap = cap ? cap * 2 : 64) * sizeof *v);
            v[n] = (Sequence){row.addr, row.addr, at};
        }
        fresh = row.end;
        if (row.end) {
            v[n++].hi = row.addr;
            at = r.p;
        }
    }
    if (n) qsort(v, n, sizeof *v, sequence_cmp);
    u->seqs = v;
    u->nseqs = n;
}

// The row before the first that lies beyond pc.
static bool find_line(Unit *u, uintptr_t pc, uint64_t *file, int32_t *line) {
    if (!u->lines_read) {
        read_line_header(u);
        if (u->program) index_sequences(u);
    }
    size_t lo = 0, hi = u->nseqs;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (u->seqs[mid].lo <= pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo || pc >= u->seqs[lo - 1].hi) return false;
    Reader r = {u->seqs[lo - 1].program, u->program_end};
    Row row = {.end = true}, last = row;
    while (next_row(u, &r, &row)) {
        if (pc < row.addr) {
            *file = last.file;
            *line = (int32_t)last.line;
            return true;
        }
        if (row.end) break;
        last = row;
    }
    return false;
}

// answers -----------------------------------------------------------------------------------------

enum { MAX_DEPTH = 32, CACHE = 256 };
typedef struct Answer {
    uintptr_t pc;
    int n;
    SymLoc *locs;
} Answer;
static Answer cache[CACHE];

typedef struct InlineSite {
    FuncDie func;
    uint64_t file;
    int32_t line;
} InlineSite;

// The inlined calls that contain pc, outermost first.
static int find_inlined(Unit *u, Reader *r, uintptr_t pc, InlineSite *out, int n) {
    Die d;
    while (r->p < r->end && read_die(u, r, &d)) {
        if (d.tag == TAG_inlined || d.tag == TAG_lexical_block) {
            RangeVec v = {0};
            die_ranges(u, &d, &v, 0);
            bool in = false;
            for (size_t i = 0; i < v.n; i++) in = in || (v.p[i].lo <= pc && pc < v.p[i].hi);
            free(v.p);
            if (in) {
                if (d.tag == TAG_inlined && n < MAX_DEPTH - 1) {
                    out[n++] =
                        (InlineSite){func_die(u, &d, 0), d.call_file.v, (int32_t)d.call_line.v};
                }
                return d.children ? find_inlined(u, r, pc, out, n) : n;
            }
        }
        if (d.children) skip_children(u, r);
    }
    return n;
}

// The calls inlined at pc are found from outside in, and come out from inside out, the function
// last.
static int symbolize_locked(uintptr_t pc, SymLoc *out, int max) {
    const char *name = "?";
    intptr_t len = 1;
    uintptr_t entry = 0, end;
    bool known = symbol_of(pc, &name, &len, &entry, &end);
#if VOLE_PIC
    image = image_of(pc);
    pc -= elf.bias;
#endif
    const Range *ur = range_find(elf.unit_ranges, elf.n_unit_ranges, pc);
    uint64_t file = 0;
    int32_t line = 0;
    if (!ur) {
        if (!known) return 0;
        out[0] = (SymLoc){name, len, "?", 0, entry};
        return 1;
    }
    Unit *u = elf.unit_by_index[ur->index];
    if (!u->indexed) index_funcs(u);
    bool has_line = find_line(u, pc, &file, &line);
    InlineSite sites[MAX_DEPTH];
    int n = 0;
    FuncDie func = {0};
    bool no_params = false;
    const Range *f = range_find(u->funcs, u->nfuncs, pc);
    if (f) {
        Reader r = {u->start + f->index, u->end};
        Die d;
        if (read_die(u, &r, &d)) {
            func = func_die(u, &d, 0);
            if (!known && func.name) {
                name = func.name;
                len = (intptr_t)strlen(name);
            }
            if (!known) entry = f->lo + elf.bias;
            // Line tables alone list none.
            no_params = func.external && (!d.children || !has_params(u, r));
            if (d.children) n = find_inlined(u, &r, pc, sites, 0);
        }
    }
    int k = 0;
    const char *at = has_line ? file_path(u, file) : "?";
    for (int i = n - 1; i >= 0 && k < max; i--) {
        const char *s = sites[i].func.name ? sites[i].func.name : "?";
        out[k++] = (SymLoc){s,
                            (intptr_t)strlen(s),
                            at,
                            line,
                            entry,
                            .start_line = sites[i].func.line,
                            .inlined = true,
                            .wrapper = sites[i].func.artificial};
        at = file_path(u, sites[i].file);
        line = sites[i].line;
    }
    if (k < max)
        out[k++] = (SymLoc){name,
                            len,
                            at,
                            line,
                            entry,
                            .start_line = func.line,
                            .wrapper = func.artificial,
                            .no_params = no_params};
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

#include "backend/dwarf.h"
#include <stdlib.h>

const char *const dwarf_section_names[DWARF_SECTIONS] = {
    ".debug_info",        ".debug_abbrev", ".debug_line",   ".debug_str",     ".debug_line_str",
    ".debug_str_offsets", ".debug_addr",   ".debug_ranges", ".debug_rnglists"};

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
    AT_location = 2,
    AT_byte_size = 0x0b,
    AT_prototyped = 0x27,
    AT_count = 0x37,
    AT_data_member_location = 0x38,
    AT_encoding = 0x3e,
    AT_frame_base = 0x40,
    AT_type = 0x49,
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
    AT_go_elem = 0x2902,
    AT_str_offsets_base = 0x72,
    AT_addr_base = 0x73,
    AT_rnglists_base = 0x74,
    TAG_lexical_block = 0x0b,
    TAG_compile_unit = 0x11,
    TAG_inlined = 0x1d,
    TAG_subprogram = 0x2e,
    TAG_formal_parameter = 5,
    TAG_array_type = 1,
    TAG_member = 0x0d,
    TAG_structure_type = 0x13,
    TAG_typedef = 0x16,
    TAG_subrange_type = 0x21,
    TAG_base_type = 0x24,
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

typedef struct FileEntry {
    const char *dir, *name;
    Name path;
} FileEntry;
typedef struct Unit {
    const Str *sections;
    const uint8_t *start, *die, *end; // header, first entry, end
    uint32_t version;
    uint64_t abbrev_off, stmt_list, str_base, addr_base, rng_base;
    uint64_t low_pc;
    const char *comp_dir;
    const uint8_t **abbrevs; // by code
    uint32_t nabbrevs;
    Vec(FileEntry) files;
    const uint8_t *program, *program_end;
    uint8_t min_inst, line_range, opcode_base, lengths[256];
    int8_t line_base;
} Unit;
typedef Vec(Unit *) UnitVec;

typedef struct Attr {
    uint32_t at, form;
    uint64_t v;
    const char *s;
    const uint8_t *bytes; // where it stands
} Attr;

static uint64_t section_word(const Unit *u, DwarfSection in, uint64_t off, int n) {
    Str s = u->sections[in];
    uint64_t v = 0;
    if (off + (uint64_t)n <= s.len) memcpy(&v, s.p + off, (size_t)n);
    return v;
}
static const char *str_at(const Unit *u, DwarfSection in, uint64_t off) {
    return off < u->sections[in].len ? u->sections[in].p + off : "";
}
static const char *strx(const Unit *u, uint64_t i) {
    uint64_t at = section_word(u, DWARF_STR_OFFSETS, u->str_base + i * 4, 4);
    return str_at(u, DWARF_STR, at);
}
static uint64_t addrx(const Unit *u, uint64_t i) {
    return section_word(u, DWARF_ADDR, u->addr_base + i * 8, 8);
}
// What is left of a section from an offset on.
static Reader reader(const Unit *u, DwarfSection in, uint64_t off) {
    const uint8_t *p = (const uint8_t *)u->sections[in].p, *end = p + u->sections[in].len;
    return (Reader){off < u->sections[in].len ? p + off : end, end};
}

// Attributes that nobody asks for are read, too: their length is in their form.
static void read_form(const Unit *u, Reader *r, Attr *a, int64_t implicit) {
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
    case FORM_strp: a->s = str_at(u, DWARF_STR, rd(r, 4)); break;
    case FORM_line_strp: a->s = str_at(u, DWARF_LINE_STR, rd(r, 4)); break;
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
        a->s = (const char *)r->p;
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
    Reader r = reader(u, DWARF_ABBREV, u->abbrev_off);
    Vec(const uint8_t *) t = {0};
    while (r.p < r.end) {
        uint64_t code = uleb(&r);
        if (!code) break;
        if (code > 1 << 16) break;
        while (t.len <= code) vec_push(&t, NULL);
        t.data[code] = r.p;
        uleb(&r);
        rd(&r, 1);
        for (;;) {
            uint64_t at = uleb(&r), form = uleb(&r);
            if (form == FORM_implicit_const) sleb(&r);
            if ((!at && !form) || r.p >= r.end) break;
        }
    }
    u->abbrevs = t.data;
    u->nabbrevs = t.len;
}

typedef struct Die {
    uint32_t tag;
    bool children;
    const uint8_t *at;
    Attr name, linkage, low, high, ranges, origin, call_file, call_line, decl_line, artificial,
        external, stmt, dir, strb, addrb, rngb, type, location, frame_base, size, count, encoding,
        offset, prototyped, elem;
} Die;

// Reads one entry; false for the null entry that ends a list of children. Attributes that don't
// occur have form 0.
static bool read_die(const Unit *u, Reader *r, Die *d) {
    const uint8_t *at = r->p;
    uint64_t code = uleb(r);
    if (!code || code >= u->nabbrevs || !u->abbrevs[code]) {
        if (code) r->p = r->end;
        return false;
    }
    *d = (Die){.at = at};
    Reader a = {u->abbrevs[code], reader(u, DWARF_ABBREV, 0).end};
    d->tag = (uint32_t)uleb(&a);
    d->children = rd(&a, 1);
    for (;;) {
        Attr x = {.at = (uint32_t)uleb(&a), .form = (uint32_t)uleb(&a)};
        int64_t implicit = x.form == FORM_implicit_const ? sleb(&a) : 0;
        if (!x.at && !x.form) break;
        x.bytes = r->p;
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
        case AT_type: d->type = x; break;
        case AT_location: d->location = x; break;
        case AT_frame_base: d->frame_base = x; break;
        case AT_byte_size: d->size = x; break;
        case AT_count: d->count = x; break;
        case AT_encoding: d->encoding = x; break;
        case AT_prototyped: d->prototyped = x; break;
        case AT_go_elem: d->elem = x; break;
        case AT_data_member_location: d->offset = x; break;
        }
        if (r->p >= r->end) break;
    }
    return true;
}

static void add_range(DwarfRanges *v, uint64_t lo, uint64_t hi) {
    if (lo < hi && lo) vec_push(v, ((DwarfRange){lo, hi}));
}

// Version 4's: pairs of addresses from the unit's begin on.
static void old_ranges(const Unit *u, uint64_t off, DwarfRanges *v) {
    uint64_t base = u->low_pc;
    for (; off + 16 <= u->sections[DWARF_RANGES].len; off += 16) {
        uint64_t lo = section_word(u, DWARF_RANGES, off, 8),
                 hi = section_word(u, DWARF_RANGES, off + 8, 8);
        if (!lo && !hi) break;
        if (lo == ~(uint64_t)0)
            base = hi;
        else
            add_range(v, base + lo, base + hi);
    }
}

// A function that is split in hot and cold parts, or inlined in pieces, has a list of ranges.
static void die_ranges(const Unit *u, const Die *d, DwarfRanges *v) {
    if (d->low.form && d->high.form) {
        uint64_t hi = d->high.form == FORM_addr ? d->high.v : d->low.v + d->high.v;
        add_range(v, d->low.v, hi);
        return;
    }
    if (!d->ranges.form) return;
    if (u->version < 5) {
        old_ranges(u, d->ranges.v, v);
        return;
    }
    uint64_t off = d->ranges.v;
    if (d->ranges.form == FORM_rnglistx)
        off = u->rng_base + section_word(u, DWARF_RNGLISTS, u->rng_base + off * 4, 4);
    Reader r = reader(u, DWARF_RNGLISTS, off);
    uint64_t base = u->low_pc;
    while (r.p < r.end) {
        uint64_t a, b;
        switch (rd(&r, 1)) {
        case 1: base = addrx(u, uleb(&r)); break;
        case 2:
            a = addrx(u, uleb(&r));
            b = addrx(u, uleb(&r));
            add_range(v, a, b);
            break;
        case 3:
            a = addrx(u, uleb(&r));
            b = uleb(&r);
            add_range(v, a, a + b);
            break;
        case 4:
            a = uleb(&r);
            b = uleb(&r);
            add_range(v, base + a, base + b);
            break;
        case 5: base = rd(&r, 8); break;
        case 6:
            a = rd(&r, 8);
            b = rd(&r, 8);
            add_range(v, a, b);
            break;
        case 7:
            a = rd(&r, 8);
            b = uleb(&r);
            add_range(v, a, a + b);
            break;
        default: return;
        }
    }
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

// A list of folders or files, whose entries say which fields they have.
static FileEntry *read_entries(const Unit *u, Reader *r, const FileEntry *dirs, uint64_t ndirs,
                               uint64_t *n) {
    uint32_t fields, types[16], forms[16];
    entry_formats(r, &fields, types, forms);
    *n = uleb(r);
    if (*n > (uint64_t)(r->end - r->p)) *n = 0;
    FileEntry *list = NEW_ARRAY(FileEntry, *n + 1);
    for (uint64_t i = 0; i < *n; i++)
        for (uint32_t k = 0; k < fields; k++) {
            Attr a = {.form = forms[k]};
            read_form(u, r, &a, 0);
            if (types[k] == 1) list[i].name = a.s;
            if (types[k] == 2 && a.v < ndirs) list[i].dir = dirs[a.v].name;
        }
    return list;
}

// Before version 5 they are lists that end with an empty string; the first of each is the unit's.
static void read_old_entries(Unit *u, Reader *r) {
    Vec(const char *) dirs = {0};
    vec_push(&dirs, u->comp_dir);
    for (const char *s; *(s = rd_cstr(r)) && r->p < u->program;) vec_push(&dirs, s);
    vec_push(&u->files, (FileEntry){0});
    for (const char *s; *(s = rd_cstr(r)) && r->p < u->program;) {
        uint64_t dir = uleb(r);
        uleb(r);
        uleb(r);
        vec_push(&u->files, ((FileEntry){dir < dirs.len ? dirs.data[dir] : NULL, s, NULL}));
    }
}

static void read_line_header(Unit *u) {
    Reader r = reader(u, DWARF_LINE, u->stmt_list);
    uint64_t len = rd(&r, 4);
    if (len >= 0xfffffff0u || len > (uint64_t)(r.end - r.p)) return;
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
    if (version < 5) {
        read_old_entries(u, &r);
        return;
    }
    uint64_t ndirs, nfiles;
    const FileEntry *dirs = read_entries(u, &r, NULL, 0, &ndirs);
    const FileEntry *files = read_entries(u, &r, dirs, ndirs, &nfiles);
    for (uint64_t i = 0; i < nfiles; i++) vec_push(&u->files, files[i]);
}

// The name of a file: below its folder, which is below the unit's.
static Name file_path(Unit *u, uint64_t i) {
    if (i >= u->files.len || !u->files.data[i].name) return intern_c("??");
    FileEntry *f = &u->files.data[i];
    if (f->path) return f->path;
    const char *part[] = {u->comp_dir, f->dir ? f->dir : "", f->name};
    Buf b = {0};
    for (int k = 0; k < 3; k++) {
        if (!*part[k]) continue;
        if (*part[k] == '/') b.len = 0;
        if (b.len && b.p[b.len - 1] != '/') buf_putc(&b, '/');
        buf_puts(&b, part[k]);
    }
    return f->path = intern(b.p, b.len);
}

typedef struct Row {
    uint64_t addr, file;
    int64_t line;
    bool end, prologue_end;
} Row;

// Runs the program to its next row; false at the program's end.
static bool next_row(const Unit *u, Reader *r, Row *row) {
    if (row->end) *row = (Row){.file = 1, .line = 1};
    row->prologue_end = false;
    while (r->p < r->end) {
        uint8_t op = (uint8_t)rd(r, 1);
        if (op >= u->opcode_base) {
            int adj = op - u->opcode_base;
            row->addr += (uint64_t)(adj / u->line_range) * u->min_inst;
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
            row->addr += (uint64_t)((255 - u->opcode_base) / u->line_range) * u->min_inst;
            break;
        case 9: row->addr += rd(r, 2); break;
        case 10: row->prologue_end = true; break;
        default:
            for (int i = 0; i < u->lengths[op]; i++) uleb(r);
        }
    }
    return false;
}

static int by_address(const void *a, const void *b) {
    const DwarfRow *x = a, *y = b;
    if (x->address != y->address) return x->address < y->address ? -1 : 1;
    if (x->end != y->end) return x->end ? -1 : 1; // of what lies before
    return x->number < y->number ? -1 : x->number > y->number;
}

static void read_rows(Unit *u, DwarfLines *l) {
    read_line_header(u);
    if (!u->program || !u->line_range) return;
    Reader r = {u->program, u->program_end};
    Row row = {.end = true};
    while (next_row(u, &r, &row))
        vec_push(&l->rows, ((DwarfRow){row.addr, row.end ? NULL : file_path(u, row.file),
                                       (int32_t)row.line, l->rows.len, row.end, row.prologue_end}));
}

// functions ---------------------------------------------------------------------------------------

// Skips the children of an entry that has some.
static void skip_children(const Unit *u, Reader *r) {
    int depth = 1;
    Die d;
    while (depth && r->p < r->end) {
        if (!read_die(u, r, &d))
            depth--;
        else if (d.children)
            depth++;
    }
}

// What a concrete function says of itself, completed by the abstract one that it is an instance of.
typedef struct FuncDie {
    const char *name;
    int32_t line; // the declaration's
    bool artificial, external;
} FuncDie;
static FuncDie func_die(const UnitVec *units, const Unit *u, const Die *d, int depth) {
    FuncDie f = {d->linkage.s ? d->linkage.s : d->name.s, (int32_t)d->decl_line.v,
                 d->artificial.v != 0, d->external.v != 0};
    if (!d->origin.form || depth == 8) return f;
    Reader r = d->origin.form == FORM_ref_addr ? reader(u, DWARF_INFO, d->origin.v)
                                               : (Reader){u->start + d->origin.v, u->end};
    for (vec_each(Unit *, v, units)) {
        if (r.p < (*v)->start || r.p >= (*v)->end) continue;
        r.end = (*v)->end;
        Die o;
        if (!read_die(*v, &r, &o)) return f;
        FuncDie up = func_die(units, *v, &o, depth + 1);
        return (FuncDie){f.name ? f.name : up.name, f.line ? f.line : up.line,
                         f.artificial || up.artificial, f.external || up.external};
    }
    return f;
}

// Whether the first child at r is a parameter.
static bool has_params(const Unit *u, Reader r) {
    Die d;
    return read_die(u, &r, &d) && d.tag == TAG_formal_parameter;
}

// arguments ---------------------------------------------------------------------------------------

typedef struct Args {
    const Unit *u;
    DwarfFunc *f;
    int n;      // components, as gc counts them
    bool known; // any of them
} Args;
enum { ARGS_MOST = 10, ARGS_DEEPEST = 5, WORD = 8 }; // gc's

static void put_arg(Args *a, int kind, int64_t offset, int64_t size) {
    vec_push(&a->f->args, ((DwarfArg){kind, (int32_t)offset, (int32_t)size}));
}

// In memory at offset, or nowhere. False: there is no room for more.
static bool visit_type(Args *a, const Attr *type, bool placed, int64_t offset, int depth) {
    Die d = {0}, kid;
    Reader r = {a->u->start + type->v, a->u->end};
    bool is = type->form == FORM_ref4 && read_die(a->u, &r, &d);
    if (is && d.tag == TAG_typedef) return visit_type(a, &d.type, placed, offset, depth);
    if (a->n >= ARGS_MOST) {
        put_arg(a, ARG_MORE, 0, 0);
        return false;
    }
    bool is_complex = is && d.tag == TAG_base_type && d.encoding.v == 3;
    if (!is || (d.tag != TAG_structure_type && d.tag != TAG_array_type && !is_complex)) {
        int64_t size = is && d.tag == TAG_base_type ? (int64_t)d.size.v : WORD;
        put_arg(a, placed ? ARG_WORD : ARG_UNKNOWN, offset, size);
        a->known |= placed;
        a->n++;
        return true;
    }
    put_arg(a, ARG_OPEN, 0, 0);
    int before = a->n;
    if (++depth >= ARGS_DEEPEST) {
        put_arg(a, ARG_MORE, 0, 0);
    } else if (is_complex) {
        for (int i = 0; i < 2; i++) {
            int64_t half = (int64_t)d.size.v / 2;
            if (a->n >= ARGS_MOST) {
                put_arg(a, ARG_MORE, 0, 0);
                break;
            }
            put_arg(a, placed ? ARG_WORD : ARG_UNKNOWN, offset + i * half, half);
            a->known |= placed;
            a->n++;
        }
    } else if (d.tag == TAG_array_type) {
        uint64_t n = d.children && read_die(a->u, &r, &kid) ? kid.count.v : 0;
        int64_t size = n ? (int64_t)(d.size.v / n) : 0;
        for (uint64_t i = 0; i < n; i++, offset += size)
            if (!visit_type(a, &d.type, placed, offset, depth)) break;
    } else {
        while (d.children && r.p < r.end && read_die(a->u, &r, &kid))
            if (kid.tag == TAG_member &&
                !visit_type(a, &kid.type, placed, offset + (int64_t)kid.offset.v, depth))
                break;
    }
    if (a->n == before) a->n++; // {} counts, too
    put_arg(a, ARG_CLOSE, 0, 0);
    return true;
}

// The parameters among the children at r, if the frame pointer is the base of places. C's functions
// may write over theirs.
static void read_args(const Unit *u, const Die *func, Reader r, DwarfFunc *f) {
    enum { OP_REG6 = 0x56, OP_REG29 = 0x6d, OP_FBREG = 0x91 };
    const uint8_t *base = (const uint8_t *)func->frame_base.s;
    bool framed = base && !func->prototyped.form && func->frame_base.v == 1 &&
                  (*base == OP_REG6 || *base == OP_REG29);
    Args a = {.u = u, .f = f};
    Die d;
    while (framed && read_die(u, &r, &d) && d.tag == TAG_formal_parameter) {
        Reader at = {(const uint8_t *)d.location.s,
                     (const uint8_t *)d.location.s + (d.location.s ? d.location.v : 0)};
        bool placed = d.location.form == FORM_exprloc && rd(&at, 1) == OP_FBREG;
        int64_t offset = placed ? sleb(&at) : 0;
        placed = placed && at.p == at.end;
        if (d.children) skip_children(u, &r);
        if (!visit_type(&a, &d.type, placed, offset, 0)) break;
    }
    if (!a.known) f->args.len = 0;
}

// The calls inlined among the children at r, those in blocks as well; parent holds them.
static void read_inlined(const UnitVec *units, Unit *u, Reader *r, DwarfFunc *f, uint32_t parent) {
    Die d;
    while (r->p < r->end && read_die(u, r, &d)) {
        if (d.tag == TAG_inlined) {
            FuncDie callee = func_die(units, u, &d, 0);
            DwarfInlined i = {.parent = parent,
                              .name = callee.name ? callee.name : "?",
                              .start_line = callee.line,
                              .wrapper = callee.artificial,
                              .call_file = file_path(u, d.call_file.v),
                              .call_line = (int32_t)d.call_line.v};
            die_ranges(u, &d, &i.ranges);
            vec_push(&f->inlined, i);
            if (d.children) read_inlined(units, u, r, f, f->inlined.len);
        } else if (d.tag == TAG_lexical_block) {
            if (d.children) read_inlined(units, u, r, f, parent);
        } else if (d.children) {
            skip_children(u, r);
        }
    }
}

static void read_funcs(const UnitVec *units, Unit *u, DwarfLines *l) {
    Reader r = {u->die, u->end};
    Die d;
    if (!read_die(u, &r, &d) || !d.children) return;
    for (int depth = 1; depth && r.p < r.end;) {
        if (!read_die(u, &r, &d)) {
            depth--;
            continue;
        }
        if (d.tag != TAG_subprogram) {
            depth += d.children;
            continue;
        }
        DwarfRanges ranges = {0};
        die_ranges(u, &d, &ranges);
        if (!ranges.len) { // declared, or inlined everywhere
            if (d.children) skip_children(u, &r);
            continue;
        }
        FuncDie self = func_die(units, u, &d, 0);
        DwarfFunc f = {.ranges = ranges,
                       .start_line = self.line,
                       .wrapper = self.artificial,
                       // line tables alone list none
                       .no_params = self.external && (!d.children || !has_params(u, r))};
        if (d.children) {
            read_args(u, &d, r, &f);
            read_inlined(units, u, &r, &f, 0);
        }
        vec_push(&l->funcs, f);
    }
}

// units -------------------------------------------------------------------------------------------

// A unit's head, with where its parts of other sections begin; false: nothing for us.
static bool read_unit(Unit *u) {
    Reader r = {u->start, u->end};
    rd(&r, 4);
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
    if (u->version < 2 || u->version > 5 || kind != 1) return false;
    read_abbrevs(u);
    u->str_base = 8;
    u->addr_base = 8;
    u->rng_base = 12;
    Die d;
    if (!read_die(u, &r, &d)) return false; // bases first, then again with them
    if (d.strb.form) u->str_base = d.strb.v;
    if (d.addrb.form) u->addr_base = d.addrb.v;
    if (d.rngb.form) u->rng_base = d.rngb.v;
    r.p = u->die;
    read_die(u, &r, &d);
    u->low_pc = d.low.form ? d.low.v : 0;
    u->stmt_list = d.stmt.form ? d.stmt.v : ~(uint64_t)0;
    u->comp_dir = d.dir.s ? d.dir.s : "";
    return true;
}

static UnitVec read_units(const Str sections[DWARF_SECTIONS]) {
    UnitVec units = {0};
    const uint8_t *p = (const uint8_t *)sections[DWARF_INFO].p, *end = p + sections[DWARF_INFO].len;
    while (end - p > 12) {
        Reader r = {p, end};
        uint64_t len = rd(&r, 4);
        if (len >= 0xfffffff0u || len > (uint64_t)(end - r.p)) break;
        Unit *u = NEW(Unit);
        *u = (Unit){.sections = sections, .start = p, .end = r.p + len};
        p = u->end;
        if (read_unit(u)) vec_push(&units, u);
    }
    return units;
}

// The entry that d's type is, or a child's of it, counted from 0.
static bool follow(const Unit *u, Die *d, int child) {
    Reader r = {u->start + d->type.v, u->end};
    if (d->type.form != FORM_ref4 || !read_die(u, &r, d)) return false;
    for (; child >= 0; child--)
        if (!read_die(u, &r, d) || d->children) return false;
    return true;
}

// A channel points to a struct whose third member points to elements.
void dwarf_name_elements(const Str sections[DWARF_SECTIONS]) {
    enum { BUF = 2 };
    UnitVec units = read_units(sections);
    for (vec_each(Unit *, up, &units)) {
        const Unit *u = *up;
        Reader r = {u->die, u->end};
        for (Die d; r.p < r.end;) {
            if (!read_die(u, &r, &d) || d.tag != TAG_typedef || d.elem.form != FORM_ref4) continue;
            Die to = d;
            bool found = follow(u, &to, -1) && follow(u, &to, BUF) && follow(u, &to, -1) &&
                         to.type.form == FORM_ref4;
            uint32_t elem = (uint32_t)(found ? to.type.v : d.type.v);
            memcpy((void *)(uintptr_t)d.elem.bytes, &elem, sizeof elem);
        }
    }
}

void dwarf_read(const Str sections[DWARF_SECTIONS], DwarfLines *l) {
    UnitVec units = read_units(sections);
    for (vec_each(Unit *, u, &units)) {
        read_rows(*u, l);
        read_funcs(&units, *u, l);
    }
    if (l->rows.len) qsort(l->rows.data, l->rows.len, sizeof *l->rows.data, by_address);
}

#include "backend/shrink.h"
#include "frontend/base.h"
#include "runtime/abi.h"
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Image {
    uint8_t *p;
    size_t n;
    Elf64_Shdr *sections; // a copy
    uint32_t nsections;
    const char *names; // a copy
} Image;

static Elf64_Shdr *section_of(const Image *m, const char *name) {
    for (uint32_t i = 1; i < m->nsections; i++)
        if (!strcmp(m->names + m->sections[i].sh_name, name)) return &m->sections[i];
    return NULL;
}

// Of each object's table, in place, what is of functions that are there.
static void drop_functions(const Image *m) {
    Elf64_Shdr *s = section_of(m, ".vole_lines");
    if (!s || s->sh_flags & SHF_COMPRESSED) return;
    uint8_t *to = m->p + s->sh_offset, *from = to, *end = from + s->sh_size;
    while (from + sizeof(AbiLines) <= end) {
        AbiLines head;
        memcpy(&head, from, sizeof head);
        if (head.size < sizeof head || head.size > (size_t)(end - from)) return;
        size_t funcs = (sizeof head + head.strings * sizeof(uint32_t) + 7) & ~(size_t)7;
        const AbiLineFunc *old = (const AbiLineFunc *)(from + funcs);
        Buf list = {0}, bytes = {0};
        uint32_t kept = 0;
        for (uint32_t i = 0; i < head.funcs; i++) kept += old[i].address != 0;
        for (uint32_t i = 0; i < head.funcs; i++) {
            if (!old[i].address) continue;
            AbiLineFunc f = old[i];
            uint32_t to_byte = i + 1 < head.funcs ? old[i + 1].at : head.size;
            f.at = (uint32_t)(funcs + kept * sizeof f + bytes.len);
            buf_write(&list, &f, sizeof f);
            buf_write(&bytes, from + old[i].at, to_byte - old[i].at);
        }
        while (bytes.len % 8) buf_putc(&bytes, 0);
        uint32_t size = head.size;
        head.funcs = kept;
        head.size = (uint32_t)(funcs + list.len + bytes.len);
        if (head.size > size) return;
        memmove(to, from, funcs);
        memcpy(to, &head, sizeof head);
        memcpy(to + funcs, list.p, list.len);
        memcpy(to + funcs + list.len, bytes.p, bytes.len);
        to += head.size;
        from += size;
    }
    s->sh_size = (size_t)(to - (m->p + s->sh_offset));
}

static bool is_wanted(const Image *m, const Elf64_Sym *s) {
    int type = ELF64_ST_TYPE(s->st_info);
    if (type == STT_FILE || type == STT_SECTION || s->st_shndx == SHN_UNDEF) return false;
    if (s->st_shndx >= SHN_LORESERVE) return true;
    const Elf64_Shdr *in = &m->sections[s->st_shndx];
    return in->sh_flags & SHF_ALLOC && in->sh_flags & (SHF_EXECINSTR | SHF_WRITE);
}

static void drop_symbols(const Image *m) {
    Elf64_Shdr *s = section_of(m, ".symtab"), *text = section_of(m, ".strtab");
    if (!s || !text || s->sh_link != text - m->sections || section_of(m, ".symtab_shndx")) return;
    Elf64_Sym *symbols = (Elf64_Sym *)(m->p + s->sh_offset);
    size_t n = s->sh_size / sizeof *symbols, kept = 1, locals = 1;
    char *names = (char *)m->p + text->sh_offset;
    Buf out = {0};
    buf_putc(&out, 0);
    for (size_t i = 1; i < n; i++) {
        Elf64_Sym y = symbols[i];
        if (!is_wanted(m, &y)) continue;
        const char *name = names + y.st_name;
        y.st_name = (Elf64_Word)out.len;
        buf_write(&out, name, strlen(name) + 1);
        if (ELF64_ST_BIND(y.st_info) == STB_LOCAL) locals = kept + 1;
        symbols[kept++] = y;
    }
    if (out.len > text->sh_size) return; // names that shared their ends
    memcpy(names, out.p, out.len);
    text->sh_size = out.len;
    s->sh_size = kept * sizeof *symbols;
    s->sh_info = (Elf64_Word)locals;
}

static const Elf64_Shdr *by_offset_of;
static int by_offset(const void *a, const void *b) {
    const Elf64_Shdr *x = &by_offset_of[*(const uint32_t *)a],
                     *y = &by_offset_of[*(const uint32_t *)b];
    return x->sh_offset < y->sh_offset ? -1 : x->sh_offset > y->sh_offset;
}

// What is not loaded follows what is, and moves up.
static size_t close_ranks(Image *m, size_t at) {
    uint32_t *order = NEW_ARRAY(uint32_t, m->nsections), n = 0;
    for (uint32_t i = 1; i < m->nsections; i++)
        if (!(m->sections[i].sh_flags & SHF_ALLOC) && m->sections[i].sh_type != SHT_NOBITS)
            order[n++] = i;
    by_offset_of = m->sections;
    qsort(order, n, sizeof *order, by_offset);
    for (uint32_t i = 0; i < n; i++) {
        Elf64_Shdr *s = &m->sections[order[i]];
        size_t align = s->sh_addralign ? s->sh_addralign : 1;
        at = (at + align - 1) / align * align;
        memmove(m->p + at, m->p + s->sh_offset, s->sh_size);
        s->sh_offset = at;
        at += s->sh_size;
    }
    return at;
}

// Where the loaded part of the file ends; 0: something else lies in between.
static size_t loaded_end(const Image *m) {
    size_t end = 0, begin = m->n;
    for (uint32_t i = 1; i < m->nsections; i++) {
        const Elf64_Shdr *s = &m->sections[i];
        if (s->sh_type == SHT_NOBITS) continue;
        if (s->sh_offset > m->n || s->sh_size > m->n - s->sh_offset) return 0;
        if (!(s->sh_flags & SHF_ALLOC)) {
            if (s->sh_offset < begin) begin = s->sh_offset;
        } else if (s->sh_offset + s->sh_size > end) {
            end = s->sh_offset + s->sh_size;
        }
    }
    return end <= begin ? begin : 0;
}

static size_t shrink(Image *m) {
    Elf64_Ehdr *h = (Elf64_Ehdr *)m->p;
    if (memcmp(h->e_ident, ELFMAG, SELFMAG) || !h->e_shnum || h->e_shstrndx >= h->e_shnum ||
        h->e_shoff + h->e_shnum * sizeof(Elf64_Shdr) != m->n)
        return m->n;
    m->nsections = h->e_shnum;
    size_t table = m->nsections * sizeof(Elf64_Shdr);
    m->sections = memcpy(xalloc(table), m->p + h->e_shoff, table);
    const Elf64_Shdr *names = &m->sections[h->e_shstrndx];
    if (names->sh_offset + names->sh_size > m->n) return m->n;
    m->names = memcpy(xalloc(names->sh_size + 1), m->p + names->sh_offset, names->sh_size);
    size_t at = loaded_end(m);
    if (!at) return m->n;
    drop_functions(m);
    drop_symbols(m);
    at = (close_ranks(m, at) + 7) & ~(size_t)7;
    h->e_shoff = at;
    memcpy(m->p + at, m->sections, table);
    return at + table;
}

void shrink_program(const char *path) {
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct stat st;
    if (fd < 0) return;
    if (!fstat(fd, &st) && S_ISREG(st.st_mode) && (size_t)st.st_size > sizeof(Elf64_Ehdr)) {
        Image m = {.n = (size_t)st.st_size};
        m.p = mmap(NULL, m.n, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (m.p != MAP_FAILED) {
            size_t n = shrink(&m);
            munmap(m.p, m.n);
            // Where it cannot be made shorter, what lies behind is read by nobody.
            if (n < m.n && ftruncate(fd, (off_t)n)) {}
        }
    }
    close(fd);
}

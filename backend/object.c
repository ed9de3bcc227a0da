#include "backend/object.h"

bool object_open(ObjectFile *o, void *p, size_t n) {
    *o = (ObjectFile){.p = p, .n = n};
    const Elf64_Ehdr *h = p;
    if (n < sizeof *h || memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_type != ET_REL ||
        h->e_ident[EI_CLASS] != ELFCLASS64 ||
        (h->e_machine != EM_X86_64 && h->e_machine != EM_AARCH64))
        return false;
    o->arm64 = h->e_machine == EM_AARCH64;
    o->sections = (Elf64_Shdr *)(o->p + h->e_shoff);
    // Large numbers are in the first section's header.
    o->nsections = h->e_shnum ? h->e_shnum : (uint32_t)o->sections[0].sh_size;
    uint32_t names = h->e_shstrndx == SHN_XINDEX ? o->sections[0].sh_link : h->e_shstrndx;
    o->names = (const char *)o->p + o->sections[names].sh_offset;
    for (uint32_t i = 1; i < o->nsections; i++) {
        const Elf64_Shdr *s = &o->sections[i];
        if (s->sh_type == SHT_SYMTAB) o->symtab = &o->sections[i];
        if (s->sh_type == SHT_SYMTAB_SHNDX) o->far = (const uint32_t *)(o->p + s->sh_offset);
    }
    if (!o->symtab) return false;
    o->symbols = (Elf64_Sym *)(o->p + o->symtab->sh_offset);
    o->nsymbols = (uint32_t)(o->symtab->sh_size / sizeof *o->symbols);
    uint32_t *own = NEW_ARRAY(uint32_t, o->nsections);
    for (uint32_t i = 1; i < o->nsymbols; i++)
        if (ELF64_ST_TYPE(o->symbols[i].st_info) == STT_SECTION)
            own[object_symbol_section(o, &o->symbols[i])] = i;
    o->own = own;
    return true;
}

const char *object_name(const ObjectFile *o, const Elf64_Shdr *s) { return o->names + s->sh_name; }

Elf64_Shdr *object_section(const ObjectFile *o, const char *name) {
    for (uint32_t i = 1; i < o->nsections; i++)
        if (!strcmp(object_name(o, &o->sections[i]), name)) return &o->sections[i];
    return NULL;
}

uint32_t object_symbol_section(const ObjectFile *o, const Elf64_Sym *s) {
    if (s->st_shndx == SHN_XINDEX) return o->far ? o->far[s - o->symbols] : 0;
    return s->st_shndx < SHN_LORESERVE && s->st_shndx < o->nsections ? s->st_shndx : 0;
}

Elf64_Rela *object_relocations(const ObjectFile *o, uint32_t i, size_t *n) {
    for (uint32_t k = 1; k < o->nsections; k++) {
        const Elf64_Shdr *s = &o->sections[k];
        if (s->sh_type != SHT_RELA || s->sh_info != i) continue;
        *n = s->sh_size / sizeof(Elf64_Rela);
        return (Elf64_Rela *)(o->p + s->sh_offset);
    }
    *n = 0;
    return NULL;
}

bool object_by_section(const ObjectFile *o, Elf64_Rela *r) {
    const Elf64_Sym *s = &o->symbols[ELF64_R_SYM(r->r_info)];
    uint32_t in = object_symbol_section(o, s);
    if (!in || !o->own[in]) return false;
    r->r_addend += (int64_t)s->st_value;
    r->r_info = ELF64_R_INFO(o->own[in], ELF64_R_TYPE(r->r_info));
    return true;
}

static void align(Buf *b, size_t from, size_t to) {
    while ((from + b->len) % to) buf_putc(b, 0);
}

// LLVM ends a file with its names and the sections' headers: these are written anew.
size_t object_add(ObjectFile *o, const NewSection *add, uint32_t n, Buf *rest) {
    Elf64_Ehdr *h = (Elf64_Ehdr *)o->p;
    uint32_t names = h->e_shstrndx == SHN_XINDEX ? o->sections[0].sh_link : h->e_shstrndx;
    Elf64_Shdr strings = o->sections[names];
    size_t kept = o->n;
    if (h->e_shoff + o->nsections * sizeof(Elf64_Shdr) == o->n) kept = h->e_shoff;
    if (kept < o->n && strings.sh_offset + strings.sh_size + 8 > kept) kept = strings.sh_offset;
    uint32_t all = o->nsections;
    for (uint32_t i = 0; i < n; i++) all += 1 + (add[i].relocations.len != 0);
    Elf64_Shdr *s = NEW_ARRAY(Elf64_Shdr, all);
    memcpy(s, o->sections, o->nsections * sizeof *s);
    Buf text = {0};
    buf_write(&text, o->p + strings.sh_offset, strings.sh_size);
    uint32_t at = o->nsections;
    for (uint32_t i = 0; i < n; i++) {
        const NewSection *a = &add[i];
        uint32_t section = at++;
        align(rest, kept, 8);
        s[section] = (Elf64_Shdr){.sh_name = (Elf64_Word)text.len,
                                  .sh_type = SHT_PROGBITS,
                                  .sh_flags = a->flags,
                                  .sh_offset = kept + rest->len,
                                  .sh_size = a->data.len,
                                  .sh_addralign = a->entry_size == 1 ? 1 : 8,
                                  .sh_entsize = a->entry_size};
        buf_write(rest, a->data.p, a->data.len);
        buf_write(&text, a->name, strlen(a->name) + 1);
        if (a->symbol) {
            Elf64_Sym own = {.st_info = ELF64_ST_INFO(STB_LOCAL, STT_SECTION)};
            own.st_shndx = section < SHN_LORESERVE ? (Elf64_Half)section : SHN_XINDEX;
            if (own.st_shndx == SHN_XINDEX) ((uint32_t *)(uintptr_t)o->far)[a->symbol] = section;
            o->symbols[a->symbol] = own;
        }
        if (!a->relocations.len) continue;
        align(rest, kept, 8);
        s[at++] = (Elf64_Shdr){.sh_name = (Elf64_Word)text.len,
                               .sh_type = SHT_RELA,
                               .sh_flags = SHF_INFO_LINK,
                               .sh_offset = kept + rest->len,
                               .sh_size = a->relocations.len * sizeof(Elf64_Rela),
                               .sh_link = (Elf64_Word)(o->symtab - o->sections),
                               .sh_info = section,
                               .sh_addralign = 8,
                               .sh_entsize = sizeof(Elf64_Rela)};
        buf_write(rest, a->relocations.data, a->relocations.len * sizeof(Elf64_Rela));
        buf_printf(&text, ".rela%s", a->name);
        buf_putc(&text, 0);
    }
    s[names].sh_offset = kept + rest->len;
    s[names].sh_size = text.len;
    buf_write(rest, text.p, text.len);
    align(rest, kept, 8);
    h->e_shoff = kept + rest->len;
    h->e_shnum = all < SHN_LORESERVE ? (Elf64_Half)all : 0;
    if (!h->e_shnum) s[0].sh_size = all;
    buf_write(rest, s, all * sizeof *s);
    return kept;
}

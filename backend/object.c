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

// plugin: programs that are loaded into one that runs (-buildmode=plugin). The dynamic linker makes
// their types, variables and functions one with the host's where the host has them; what they have of
// their own is told by the record that their constructor hands over. Package plugin, by way of
// overlay/src/runtime/plugin.go, then checks and initialises them.
#define _GNU_SOURCE 1
#include "runtime/plugin.h"

#if VOLE_PIC
#include "runtime/type.h"
#include "runtime/symtab.h"
#include <link.h>

_Atomic(AbiPlugin *) plugins; // the last one first
static AbiPlugin *loaded;     // not looked at yet

static int find_text(struct dl_phdr_info *info, size_t size, void *arg) {
    (void)size;
    AbiPlugin *p = arg;
    const char *lo = NULL, *hi = NULL;
    bool ours = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        const char *at = (const char *)(info->dlpi_addr + ph->p_vaddr);
        if (ph->p_type != PT_LOAD) continue;
        ours |= (const char *)p >= at && (const char *)p < at + ph->p_memsz;
        if (!(ph->p_flags & PF_X)) continue;
        if (!lo || at < lo) lo = at;
        if (!hi || at + ph->p_memsz > hi) hi = at + ph->p_memsz;
    }
    if (!ours) return 0;
    p->text = lo;
    p->text_end = hi;
    return 1;
}

void vole_plugin_loaded(AbiPlugin *p);
// By its constructor, on the thread's own stack, while the dynamic linker has its lock: one at a time.
void vole_plugin_loaded(AbiPlugin *p) {
    dl_iterate_phdr(find_text, p);
    loaded = p;
}

// What was loaded last; NULL: it was known already.
GO_FUNC(AbiPlugin *, rt_plugin_loaded, (void), "runtime.pluginLoaded") {
    AbiPlugin *p = loaded;
    loaded = NULL;
    return p;
}
GO_FUNC(AbiPlugin *, rt_plugins, (void), "runtime.plugins") { return plugins; }

GO_FUNC(void, rt_plugin_add, (AbiPlugin * p), "runtime.pluginAdd") {
    p->next = plugins;
    plugins = p;
    symtab_add_plugin(p);
    typelinks_changed();
}

// Does p itself have the code, or is it the host's, or another plugin's?
static bool has_code(const AbiPlugin *p, const void *pc) {
    return (const char *)pc >= p->text && (const char *)pc < p->text_end;
}
GO_FUNC(uint8_t, rt_plugin_has, (AbiPlugin * p, void *pc), "runtime.pluginHas") {
    return has_code(p, pc);
}

static bool between(uintptr_t pc, const char *lo, const char *hi) {
    return pc >= (uintptr_t)lo && pc < (uintptr_t)hi;
}
bool plugin_is_go(uintptr_t pc) {
    for (const AbiPlugin *p = plugins; p; p = p->next)
        if (between(pc, p->text, p->text_end))
            return !between(pc, p->hop, p->hop_end) && !between(pc, p->assembly, p->assembly_end);
    return false;
}
bool plugin_is_assembly(uintptr_t pc) {
    for (const AbiPlugin *p = plugins; p; p = p->next)
        if (between(pc, p->assembly, p->assembly_end)) return true;
    return false;
}
bool plugin_is_hop(uintptr_t pc) {
    for (const AbiPlugin *p = plugins; p; p = p->next)
        if (between(pc - 1, p->hop, p->hop_end)) return true;
    return false;
}
#endif

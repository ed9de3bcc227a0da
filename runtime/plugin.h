// plugin: what plugins that are open have of Go: code, types. Only position independent programs open
// some; the list grows only, and is read without a lock, in signal handlers, too.
#ifndef VOLE_PLUGIN_H
#define VOLE_PLUGIN_H

#include "runtime/rt.h"

#if VOLE_PIC
extern _Atomic(AbiPlugin *) plugins;
bool plugin_is_go(uintptr_t pc);       // is it Go code of a plugin, not assembly, not hop or land?
bool plugin_is_assembly(uintptr_t pc); // or assembly?
bool plugin_is_hop(uintptr_t pc);      // or a return address in hop or land (llvm_stack.c)?
#else
static inline bool plugin_is_go(uintptr_t pc) { return (void)pc, false; }
static inline bool plugin_is_assembly(uintptr_t pc) { return (void)pc, false; }
static inline bool plugin_is_hop(uintptr_t pc) { return (void)pc, false; }
#endif

#endif

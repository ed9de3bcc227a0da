// What Go source becomes in LLVM IR and assembly: the smallest program that shows it, and what must
// or must not be in the output.
#include "backend/backend.h"
#include "backend/object.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static TargetLevel level; // of the test at hand: each is a process of its own

static Str whole_output(const char *text, int opt, const char *goarch, BackendKind kind) {
    universe_init();
    SourceFile *src = source_add("/x.go", "x.go", str_c(text));
    Package *p = NEW(Package);
    p->path = "p";
    p->go_version = "";
    p->incomplete = true;
    vec_push(&p->files, parse_file(src, PARSE_ALL));
    check_package_bodies(p);
    if (diagnostics.list.len) {
        diagnostics_print(stderr, 0);
        cr_assert_fail("the program has errors");
    }
    midend_options.opt = opt;
    Unit *u = midend_run(p);
    BackendOptions o;
    backend_options_default(&o);
    o.opt = opt;
    o.goarch = goarch;
    o.level = level;
    midend_options.arm64 = !strcmp(goarch, "arm64");
    char path[] = "/tmp/vole-llvm-test-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    close(fd);
    const char *err = "";
    setenv("VOLE_VERIFY", "1", 1);
    cr_assert(backend_compile(u, &o, kind, path, &err), "%s", err);
    Str s;
    cr_assert(read_file(path, &s));
    unlink(path);
    return s;
}
static const char *output(const char *text, int opt, const char *goarch, BackendKind kind) {
    return whole_output(text, opt, goarch, kind).p;
}

// The lines of one function: from what starts it to what ends it.
static const char *cut(const char *text, const char *from, const char *to) {
    const char *a = strstr(text, from);
    cr_assert(a, "no %s in\n%s", from, text);
    const char *b = strstr(a + 1, to);
    return b ? xstrndup(a, (size_t)(b - a)) : a;
}
static const char *llvm_of(const char *text, int opt, const char *define) {
    return cut(output(text, opt, "amd64", BACKEND_LLVM), define, "\n}");
}
static const char *asm_of(const char *text, const char *goarch, const char *label) {
    return cut(output(text, 2, goarch, BACKEND_ASM), label, ".Lfunc_end");
}

#define HAS(dump, what) cr_assert(strstr(dump, what), "no %s in\n%s", what, dump)
#define HAS_NOT(dump, what) cr_assert(!strstr(dump, what), "%s in\n%s", what, dump)

Test(llvm, strings_travel_as_scalars) {
    const char *f =
        llvm_of("package p\nfunc f(s string, b bool, xs []int) (string, bool) { return s, b }", 2,
                "define swiftcc");
    HAS(f, "{ ptr, i64, i8 } @p.f(ptr");
    HAS(f, "i8 zeroext");
    HAS_NOT(f, "alloca");
}

Test(llvm, large_parameters_are_not_copied_when_only_read) {
    const char *f =
        llvm_of("package p\ntype T struct{ a [100]int }\nfunc f(t T, i int) int { return t.a[i] }",
                2, "define swiftcc");
    HAS(f, "readonly");
    HAS_NOT(f, "alloca");
    HAS_NOT(f, "memcpy");
}

Test(llvm, many_results_go_through_memory) {
    const char *f =
        llvm_of("package p\nfunc f(a int) (int, int, int, int, int) { return a, a, a, a, a }", 0,
                "define swiftcc");
    HAS(f, "void @p.f(ptr");
    HAS(f, "sret([40 x i8])");
}

Test(llvm, closures_take_their_context_in_swiftself) {
    const char *t = "package p\nfunc f(n int) func() int { return func() int { n++; return n } "
                    "}\nfunc g(f func() int) int { return f() }";
    const char *all = output(t, 0, "amd64", BACKEND_LLVM);
    HAS(cut(all, "@p.f.func1(", "\n"), "swiftself");
    HAS(cut(all, "define swiftcc i64 @p.g", "\n}"), "ptr swiftself");
    HAS_NOT(cut(all, "define swiftcc i64 @p.g", "("), "swiftself");
}

Test(llvm, nil_checks_are_folded_into_the_access) {
    const char *f = asm_of("package p\ntype T struct{ a, b int }\nfunc f(t *T) int { return t.b }",
                           "amd64", "p.f:");
    HAS(f, "8(%rdi), %rax");
    HAS_NOT(f, "test");
    HAS(f, "runtime.sigpanic");
    HAS(f, "%rbp"); // a frame, even here
}

Test(llvm, linknames_without_a_package_are_not_the_c_librarys) {
    const char *f =
        asm_of("package p\nimport _ \"unsafe\"\n//go:linkname f system\nfunc f()\nfunc g() { f() }",
               "amd64", "p.g:");
    HAS(f, "\"system#go#\"");
}

Test(llvm, calls_are_never_tail_calls) {
    const char *f = asm_of("package p\nfunc g(int)\nfunc f(x int) { g(x) }", "amd64", "p.f:");
    HAS(f, "call");
    HAS_NOT(f, "jmp");
}

static const char stacks[] = "package p\n"
                             "func leaf(a []int) int { return a[0] }\n"
                             "func calls(a []int) int { return leaf(a) + 1 }\n"
                             "func cycle(n int, s string) (int, string) {\n"
                             "    if n == 0 { return 0, s }\n"
                             "    k, t := cycle(n-1, s)\n"
                             "    return k + n, t\n"
                             "}\n"
                             "func unknown(f func()) { f(); f() }\n"
                             "func large(n int) byte { var a [5000]byte; g(&a); return a[n] }\n"
                             "//go:noescape\n"
                             "func g(*[5000]byte)\n";
Test(llvm, functions_compare_with_the_stacks_limit_where_calls_may_not_end) {
    static const char *const targets[] = {"amd64", "arm64"};
    for (int i = 0; i < 2; i++) {
        HAS_NOT(asm_of(stacks, targets[i], "\np.leaf:"), "vole_tls_limit");
        HAS_NOT(asm_of(stacks, targets[i], "\np.calls:"), "vole_tls_limit");
        HAS(asm_of(stacks, targets[i], "\np.cycle:"), "vole_tls_limit");
        HAS(asm_of(stacks, targets[i], "\np.cycle:"), "vole_hop_");
        HAS(asm_of(stacks, targets[i], "\np.unknown:"), "vole_tls_limit");
    }
    HAS(asm_of(stacks, "amd64", "\np.cycle:"), "cmpq\t%fs:vole_tls_limit@TPOFF, %rbp");
}

// The comparison comes before the frame is there.
Test(llvm, large_frames_are_made_after_the_comparison) {
    const char *f = asm_of(stacks, "amd64", "\np.large:");
    HAS(f, "vole_tls_limit");
    HAS(f, "jmp\tp.large$frame");
    HAS_NOT(f, "p.g");
    HAS(asm_of(stacks, "amd64", "\np.large$frame:"), "p.g");
}

Test(llvm, division_by_minus_one_wraps) {
    const char *f =
        llvm_of("package p\nfunc f(a, b int8) int8 { return a / b }", 0, "define swiftcc");
    HAS(f, "icmp eq i8 %");
    HAS(f, "sdiv i8");
    HAS(f, "phi i8");
}

Test(llvm, shifts_past_the_width_are_defined) {
    const char *f = llvm_of("package p\nfunc f(a int32, n uint8) int32 { return a << n >> n }", 0,
                            "define swiftcc");
    HAS(f, "icmp uge i8");
    HAS(f, ", 32");
    HAS(f, "i32 31");
}

Test(llvm, float_conversions_are_the_machines_own) {
    const char *t = "package p\nfunc f(x float64) int64 { return int64(x) }";
    HAS(llvm_of(t, 0, "define swiftcc"), "llvm.x86.sse2.cvttsd2si64");
    HAS(asm_of(t, "arm64", "p.f:"), "fcvtzs");
}

Test(llvm, unused_objects_are_not_allocated) {
    const char *f = llvm_of("package p\nfunc f() int { p := new(int); *p = 3; return *p }", 2,
                            "define swiftcc");
    HAS(f, "ret i64 3");
    HAS_NOT(f, "newobject");
}

Test(llvm, short_strings_compare_inline) {
    const char *f =
        asm_of("package p\nfunc f(s string) bool { return s == \"hello\" }", "amd64", "p.f:");
    HAS_NOT(f, "call");
}

Test(llvm, descriptors_and_itabs_have_gos_names) {
    const char *t = "package p\ntype T struct{ A int `json:\"a\"`; b string }\nfunc (t *T) M() int "
                    "{ return t.A }\ntype I "
                    "interface{ M() int }\n"
                    "func f(t *T) I { return t }";
    const char *all = output(t, 0, "amd64", BACKEND_LLVM);
    HAS(all, "@\"go:itab.*p.T,p.I\"");
    HAS(all, "@\"type:*p.T\"");
    HAS(all, "json:\\22a\\22");
    HAS(all, "define swiftcc i64 @\"p.(*T).M\"");
}

Test(llvm, pointer_free_variables_have_their_own_section) {
    const char *all =
        output("package p\nvar T = [20]int{1, 2, 3}\nvar P = [20]*int{}\nvar Z [1 << 20]byte", 0,
               "amd64", BACKEND_LLVM);
    HAS(cut(all, "@p.T =", "\n"), "vole_noptrdata");
    HAS_NOT(cut(all, "@p.P =", "\n"), "vole_noptrdata");
    HAS(all, "{ ptr @p.Z, i64 1048576 }, section \"vole_noptrzeros\"");
}

Test(llvm, variables_are_described) {
    const char *t = "package p\ntype T struct{ next *T; v int }\nvar G T\nfunc f(n int, s string) "
                    "int { x := n + len(s) + G.v; return x }";
    const char *all = output(t, 0, "amd64", BACKEND_LLVM);
    HAS(all, "DIGlobalVariable(name: \"p.G\"");
    HAS(all, "DILocalVariable(name: \"n\", arg: 1");
    HAS(all, "DILocalVariable(name: \"x\"");
    HAS(all, "DICompositeType(tag: DW_TAG_structure_type, name: \"p.T\"");
}

// Package math's and math/bits' functions by their symbols.
#define OPERATIONS                                                                                 \
    "package p\nimport _ \"unsafe\"\n//go:linkname floor math.Floor\nfunc floor(float64) float64\n" \
    "//go:linkname fma math.FMA\nfunc fma(x, y, z float64) float64\n"                              \
    "//go:linkname ones math/bits.OnesCount64\nfunc ones(uint64) int\n"                            \
    "//go:linkname most math.archMax\nfunc most(x, y float64) float64\n"

Test(llvm, instructions_of_some_processors_are_behind_a_test) {
    const char *t = OPERATIONS "func f(a []float64) { for i, x := range a { a[i] = floor(x) } }\n"
                               "func g(x, y, z float64) float64 { return fma(x, y, z) }\n"
                               "func h(x uint64) int { return ones(x) }";
    const char *f = asm_of(t, "amd64", "p.f:"), *loop = cut(f, "roundsd\t$9,", "jne");
    HAS(cut(f, "p.f:", "roundsd"), "runtime.x86HasSSE41(%rip)"); // once, before the loop
    HAS_NOT(loop, "x86HasSSE41");
    HAS_NOT(loop, "call");
    HAS(f, "floor");
    f = asm_of(t, "amd64", "p.g:");
    HAS(f, "runtime.x86HasFMA(%rip)");
    HAS(f, "vfmadd231sd");
    f = asm_of(t, "amd64", "p.h:");
    HAS(f, "runtime.x86HasPOPCNT(%rip)");
    HAS(f, "popcntq");
    HAS(f, "imulq");
}

Test(llvm, levels_have_instructions_without_a_test) {
    const char *t = OPERATIONS "func f(x float64) float64 { return floor(x) }\n"
                               "func g(x, y, z float64) float64 { return fma(x, y, z) }\n"
                               "func h(x uint64) int { return ones(x) }";
    level.amd64 = 2;
    const char *all = output(t, 2, "amd64", BACKEND_ASM);
    HAS(cut(all, "p.f:", ".Lfunc_end"), "roundsd");
    HAS(cut(all, "p.h:", ".Lfunc_end"), "popcntq");
    HAS_NOT(all, "x86HasSSE41");
    HAS_NOT(all, "x86HasPOPCNT");
    HAS(all, "x86HasFMA");
    level.amd64 = 3;
    all = output(t, 2, "amd64", BACKEND_ASM);
    HAS(cut(all, "p.g:", ".Lfunc_end"), "vfmadd");
    HAS_NOT(all, "x86Has");
}

Test(llvm, operations_on_constants_are_no_instructions) {
    const char *f = asm_of(OPERATIONS "func f() (float64, int) { return k(2.5), ones(255) }\n"
                                      "func k(x float64) float64 { for x > 9 { x-- }\n"
                                      "return floor(x) }",
                           "amd64", "p.f:");
    HAS_NOT(f, "roundsd");
    HAS_NOT(f, "x86Has");
    HAS(f, "$8,");
}

Test(llvm, extremes_have_no_branches_but_for_nan) {
    const char *t = OPERATIONS "func f(x, y float64) float64 { return max(x, y) }\n"
                               "func g(x, y float64) float64 { return most(x, y) }";
    const char *f = asm_of(t, "amd64", "p.f:");
    HAS(f, "maxsd");
    HAS_NOT(f, "\tj");
    HAS_NOT(f, "call");
    f = cut(asm_of(t, "amd64", "p.g:"), "p.g:", "retq");
    HAS(f, "maxsd");
    HAS(f, "jp");
    HAS_NOT(f, "call");
    f = asm_of(t, "arm64", "p.f:");
    HAS(f, "fmax");
}

Test(llvm, lse_is_arm64s_from_8_1) {
    const char *t = "package p\nimport _ \"unsafe\"\n//go:linkname add sync/atomic.AddInt64\n"
                    "func add(*int64, int64) int64\nfunc f(p *int64) { add(p, 1) }";
    HAS_NOT(asm_of(t, "arm64", "p.f:"), "ldaddal");
    level.lse = true;
    HAS(asm_of(t, "arm64", "p.f:"), "ldaddal");
}

// Each object has its own copy of an instance, and its own tables of it. The linker takes one copy:
// tables that named the function would all be taken for that one's.
static void tables_by_section(const char *goarch) {
    Str s = whole_output("package p\n"
                         "var g int\n"
                         "//go:noinline\n"
                         "func use(p *[4]*int) { if p != nil { g = *p[0] } }\n"
                         "type T[K any] struct{ next *T[K]; k K }\n"
                         "//go:noinline\n"
                         "func (t *T[K]) Get() K {\n"
                         "  var a [4]*int\n"
                         "  a[0] = &g\n"
                         "  use(&a)\n"
                         "  use(nil)\n"
                         "  return t.next.k\n"
                         "}\n"
                         "func F(t *T[int]) int { return t.Get() }",
                         2, goarch, BACKEND_OBJ);
    ObjectFile o;
    cr_assert(object_open(&o, (void *)(uintptr_t)s.p, s.len));
    static const char *const tables[] = {".llvm_stackmaps", ".llvm_faultmaps"};
    for (int i = 0; i < 2; i++) {
        const Elf64_Shdr *t = object_section(&o, tables[i]);
        cr_assert(t, "no %s", tables[i]);
        size_t n;
        const Elf64_Rela *r = object_relocations(&o, (uint32_t)(t - o.sections), &n);
        cr_assert(n > 0);
        for (size_t k = 0; k < n; k++) {
            const Elf64_Sym *by = &o.symbols[ELF64_R_SYM(r[k].r_info)];
            cr_assert_eq(ELF64_ST_TYPE(by->st_info), STT_SECTION, "%s", tables[i]);
        }
    }
}
Test(llvm, tables_are_of_this_objects_functions) { tables_by_section("amd64"); }
Test(llvm, tables_are_of_this_objects_functions_arm64) { tables_by_section("arm64"); }

package runtime

import (
	"internal/abi"
	"unsafe"
)

// plugin is AbiPlugin of abi.h; its tables end with an entry whose first word is nil.
type plugin struct {
	next     *plugin
	path     *byte
	inits    *unsafe.Pointer
	symbols  *pluginSymbol
	packages *pluginPackage
}

type pluginSymbol struct {
	name *byte
	typ  *abi.Type
}

type pluginPackage struct{ path, builtWith, there *byte }

// In C: the plugin that was opened last; those that are known; makes one known; is the code its own?
func pluginLoaded() *plugin
func plugins() *plugin
func pluginAdd(*plugin)
func pluginHas(p *plugin, pc unsafe.Pointer) bool

func nextOf[T any](p *T) *T { return (*T)(unsafe.Add(unsafe.Pointer(p), unsafe.Sizeof(*p))) }

// initTask is a package's function init, by its code.
type initTask struct{}

// plugin_lastmoduleinit gives of the plugin that was opened last its symbols, without their values;
// functions have a dot before their names. Packages that the host has, or a plugin before, are
// initialised.
//
//go:linkname plugin_lastmoduleinit plugin.lastmoduleinit
func plugin_lastmoduleinit() (path string, syms map[string]any, initTasks []*initTask, errstr string) {
	p := pluginLoaded()
	if p == nil {
		return "", nil, nil, "plugin already loaded"
	}
	path = gostring(p.path)
	for q := plugins(); q != nil; q = q.next {
		if gostring(q.path) == path {
			return "", nil, nil, "plugin already loaded"
		}
	}
	for q := p.packages; q.path != nil; q = nextOf(q) {
		if gostring(q.builtWith) != gostring(q.there) {
			return "", nil, nil, "plugin was built with a different version of package " + gostring(q.path)
		}
	}
	pluginAdd(p)
	syms = make(map[string]any)
	for s := p.symbols; s.name != nil; s = nextOf(s) {
		var v any
		*(**abi.Type)(unsafe.Pointer(&v)) = s.typ
		name := gostring(s.name)
		if s.typ.Kind() == abi.Func {
			name = "." + name
		}
		syms[name] = v
	}
	for t := p.inits; *t != nil; t = nextOf(t) {
		if pluginHas(p, *t) {
			initTasks = append(initTasks, (*initTask)(*t))
		}
	}
	return path, syms, initTasks, ""
}

// plugin_doInit is package plugin's doInit.
//
//go:linkname plugin_doInit runtime.doInit
func plugin_doInit(tasks []*initTask) {
	for _, t := range tasks {
		code := &t
		(*(*func())(unsafe.Pointer(&code)))()
	}
}

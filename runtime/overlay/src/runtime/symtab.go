package runtime

import "unsafe"

// Stacks as programs see them. A pc that Callers stores stands for one frame of the source: where
// functions were inlined, the same code address is stored once per frame with the frame's depth (0:
// innermost) above bit 48.

const depthShift = 48

type location struct {
	function, file string
	line           int
	startLine      int
	entry          uintptr
	inlined        bool
}

//go:noescape
func callers0(pcs *uintptr, max int) int

//go:noescape
func symbolize0(pc uintptr, locs *location, max int) int

//go:noescape
func locate0(pc uintptr, depth int, l *location) int
func funcAt(pc uintptr, l *location) (unsafe.Pointer, bool)
func stack0(p *byte, n int, all bool) int

const maxDepth = 32

// split takes a counter of Callers apart: a code address and the depth of a frame there.
func split(counter uintptr) (pc uintptr, depth int) {
	return counter & (1<<depthShift - 1), int(counter >> depthShift)
}

// locate gives the frame at a depth of the code at pc, and its depth: the outermost one's where
// there are fewer. Without ok nothing is known of pc.
func locate(pc uintptr, depth int) (l location, at int, ok bool) {
	at = locate0(pc, depth, &l)
	return l, at, at >= 0
}

// walk stores the frames from the skip-th on; 0 is the function that calls walk's caller's C side,
// that is walk itself.
//
//go:noinline
func walk(skip int, pcs []uintptr) int {
	var buf [128]uintptr
	phys := buf[:]
	if 0 <= skip && skip < len(buf)-len(pcs) {
		phys = buf[:skip+len(pcs)] // each has a frame or more
	}
	n := callers0(&phys[0], len(phys))
	for n == len(phys) && len(buf) <= n && n < 1<<16 {
		phys = make([]uintptr, 4*len(phys))
		n = callers0(&phys[0], len(phys))
	}
	k := 0
	for _, pc := range phys[:n] {
		if k == len(pcs) {
			break
		}
		if c, ok := isCPC(pc); ok {
			if skip > 0 {
				skip--
				continue
			}
			pcs[k] = c
			k++
			continue
		}
		pc, inlined := split(pc)
		for i := 0; i <= inlined && k < len(pcs); i++ {
			if skip > 0 {
				skip--
				continue
			}
			pcs[k] = pc | uintptr(i)<<depthShift
			k++
		}
	}
	return k
}

//go:noinline
func Callers(skip int, pc []uintptr) int {
	if len(pc) == 0 {
		return 0
	}
	return walk(max(skip, 0)+1, pc)
}

//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	var pcs [1]uintptr
	if walk(skip+2, pcs[:]) < 1 {
		return
	}
	f, _ := CallersFrames(pcs[:]).Next()
	return f.PC, f.File, f.Line, f.PC != 0
}

//go:noinline
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	n := stack0(&buf[0], len(buf), all)
	return n
}

// A Frame is one function call of a stack.
type Frame struct {
	PC        uintptr
	Func      *Func
	Function  string
	File      string
	Line      int
	startLine int
	Entry     uintptr
	funcInfo  unsafe.Pointer
}

// Frames turns program counters into Frames.
type Frames struct {
	callers []uintptr
	c       []Frame // what is left of a pc of C's
}

func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

func (f *Frames) Next() (frame Frame, more bool) {
	for len(f.callers) > 0 || len(f.c) > 0 {
		if len(f.c) > 0 {
			frame, f.c = f.c[0], f.c[1:]
			return frame, len(f.callers)+len(f.c) > 0
		}
		pc, depth := split(f.callers[0])
		f.callers = f.callers[1:]
		if pc == 0 {
			continue
		}
		l, depth, ok := locate(pc-1, depth)
		if !ok {
			f.c = cgoFrames(pc)
			continue
		}
		frame = Frame{PC: (pc - 1) | uintptr(depth)<<depthShift, Function: l.function, File: l.file, Line: l.line, startLine: l.startLine, Entry: l.entry}
		if !l.inlined {
			frame.Func = &Func{l.function, l.entry}
		}
		return frame, len(f.callers) > 0
	}
	return Frame{}, false
}

type Func struct {
	name  string
	entry uintptr
}

func FuncForPC(pc uintptr) *Func {
	pc, depth := split(pc)
	var f location
	if _, ok := funcAt(pc, &f); !ok {
		return nil
	}
	if l, _, ok := locate(pc, depth); ok && pc != f.entry {
		f.function = l.function
	}
	return &Func{f.function, f.entry}
}

func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}

func (f *Func) Entry() uintptr {
	if f == nil {
		return 0
	}
	return f.entry
}

func (f *Func) FileLine(pc uintptr) (file string, line int) {
	pc, depth := split(pc)
	if pc == f.entry {
		depth = maxDepth
	}
	l, _, ok := locate(pc, depth)
	if !ok {
		return "?", 0
	}
	return l.file, l.line
}

// isCPC takes the mark off a pc of C's (callers0, samples of CPU time).
func isCPC(pc uintptr) (uintptr, bool) {
	const mark = 1 << 63
	return pc &^ mark, pc&mark != 0
}

// In C: they are called from then on; the symbolizer, if there is one.
func setCgoTraceback(traceback, context, symbolizer unsafe.Pointer)

//go:noescape
func cgoSymbolize(*cgoSymbolizerArg) bool

var cgoTraceback, cgoContext, cgoSymbolizer unsafe.Pointer

// SetCgoTraceback gives the runtime three functions of C for tracebacks of C's stacks.
func SetCgoTraceback(version int, traceback, context, symbolizer unsafe.Pointer) {
	if version != 0 {
		panic("unsupported version")
	}
	other := func(is, p unsafe.Pointer) bool { return is != nil && is != p }
	if other(cgoTraceback, traceback) || other(cgoContext, context) || other(cgoSymbolizer, symbolizer) {
		panic("call SetCgoTraceback only once")
	}
	cgoTraceback, cgoContext, cgoSymbolizer = traceback, context, symbolizer
	setCgoTraceback(traceback, context, symbolizer)
}

// cgoSymbolizerArg is what the symbolizer is given, and fills in; it may say that there is more.
type cgoSymbolizerArg struct {
	pc    uintptr
	file  *byte
	line  uintptr
	name  *byte
	entry uintptr
	more  uintptr
	data  uintptr
}

// cgoFrames are those of a pc of C's, as far as the program knows them.
func cgoFrames(pc uintptr) (frames []Frame) {
	arg := cgoSymbolizerArg{pc: pc}
	if !cgoSymbolize(&arg) || arg.file == nil && arg.name == nil {
		return nil
	}
	for {
		frames = append(frames, Frame{PC: pc, Function: gostring(arg.name), File: gostring(arg.file), Line: int(arg.line), Entry: arg.entry})
		if arg.more == 0 {
			break
		}
		cgoSymbolize(&arg)
	}
	arg.pc = 0 // that is all
	cgoSymbolize(&arg)
	return frames
}

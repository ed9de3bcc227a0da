# vole-gdb: what gdb shows of Go's values and goroutines. Programs bring this text in section
# .debug_gdb_scripts; gdb runs it where the program's folder is in its auto-load safe-path.
#
#   p NAME                    strings, slices, maps, channels and interfaces as Go writes them
#   info goroutines           number, state and place of each; * before those that run
#   goroutine N|all COMMAND   the command, such as bt, in a goroutine
#
# Shapes of types come from DWARF (backend/llvm_debug.c), those of goroutines from the runtime's own.
import gdb

MOST = 200  # elements that are shown


def fields(t):
    return [f.name for f in t.fields()]


def text_at(p, n):
    return bytes(gdb.selected_inferior().read_memory(int(p), n)) if n else b''


def named_type(name):
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        return None


# Not as expressions, which are in the language of what gdb has stopped in.
def runtime_variable(name):
    return gdb.lookup_global_symbol(name).value()


class String:
    def __init__(self, v):
        self.v = v

    def display_hint(self):
        return 'string'

    def to_string(self):
        if self.v['len'].is_optimized_out:
            return '<optimized out>'
        n = int(self.v['len'])
        if not 0 <= n <= 1 << 40:
            return '<a string of %d bytes>' % n
        shown = min(n, 1 << 16)
        try:
            return text_at(self.v['str'], shown).decode('utf-8', 'replace')
        except gdb.MemoryError:
            return '<a string at %#x of %d bytes>' % (int(self.v['str']), n)
        except gdb.error:
            return '<optimized out>'


class Slice:
    def __init__(self, v):
        self.v = v

    def display_hint(self):
        return 'array'

    def to_string(self):
        cap = self.v['cap']
        return '%s len %s cap %s' % (self.v.type.name, self.v['len'], '?' if cap.is_optimized_out else cap)

    def children(self):
        if self.v['len'].is_optimized_out or self.v['array'].is_optimized_out:
            return
        for i in range(max(0, min(int(self.v['len']), MOST))):
            yield str(i), self.v['array'][i]


def entries(m):
    """Of a map that a header m is of: tables of groups of eight entries; a small one is one group."""
    table = m['dirPtr'].type.target().target()
    data = next(f for f in table.fields() if f.name == 'groups').type['data'].type
    n = int(m['dirLen'])
    if not int(m['dirPtr']):
        return
    groups = []
    if n == 0:
        groups.append(m['dirPtr'].cast(data).dereference())
    for i in range(n):
        t = m['dirPtr'][i]
        if int(t['index']) == i:  # others stand for the same table
            g = t['groups']
            groups += [g['data'][k] for k in range(int(g['lengthMask']) + 1)]
    for g in groups:
        ctrl = int(g['ctrl'])
        for i in range(8):
            if not ctrl >> (8 * i) & 0x80:
                s = g['slots'][i]
                yield s['key'], s['elem']


class Map:
    def __init__(self, v, name):
        self.v, self.name = v, name

    def display_hint(self):
        return 'map'

    def to_string(self):
        return '%s len %d' % (self.name, int(self.v['used']) if int(self.v) else 0)

    def children(self):
        if not int(self.v):
            return
        for n, (k, e) in enumerate(entries(self.v.dereference())):
            if n == MOST:
                return
            yield str(2 * n), k
            yield str(2 * n + 1), e


class Chan:
    def __init__(self, v, name):
        self.v, self.name = v, name

    def display_hint(self):
        return 'array'

    def to_string(self):
        if not int(self.v):
            return '%s nil' % self.name
        closed = ' closed' if int(self.v['closed']) else ''
        return '%s len %d cap %d%s' % (self.name, int(self.v['qcount']), int(self.v['dataqsiz']), closed)

    def children(self):
        if not int(self.v):
            return
        cap = int(self.v['dataqsiz'])
        for i in range(min(int(self.v['qcount']), MOST)):
            yield str(i), self.v['buf'][(int(self.v['recvx']) + i) % cap]


DIRECT = 32  # flag of types whose interfaces hold the value itself (abi.h)


def word(p, size=8):
    return int.from_bytes(text_at(p, size), 'little')


def type_name(t):
    """Of the descriptor at t. Names are 32-bit addresses; in position independent code, distances."""
    off = word(t + 40, 4)
    moved = int(runtime_variable('runtime.allgs').address) >> 32
    p = t + (off - (1 << 32) if off >> 31 else off) if moved else off
    n, shift, at = 0, 0, p + 1
    while True:
        b = word(at, 1)
        n |= (b & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if not b & 0x80:
            break
    name = text_at(at, n).decode('utf-8', 'replace')
    return name[1:] if word(t + 20, 1) & 2 else name  # listed with a star before it


class Interface:
    def __init__(self, v):
        self.v = v

    def descriptor(self):
        names = fields(self.v.type.strip_typedefs())
        if self.v[names[0]].is_optimized_out or self.v['data'].is_optimized_out:
            return None
        t = int(self.v[names[0]])
        return word(t + 8) if t and names[0] == 'tab' else t

    def to_string(self):
        t = self.descriptor()
        if t is None:
            return '<optimized out>'
        if not t:
            return 'nil'
        name, p = type_name(t), int(self.v['data'])
        shape = named_type(name)
        if shape is None and name.startswith('*'):
            shape = named_type(name[1:])
            shape = shape and shape.pointer()
        if shape is None:
            return '(%s) %#x' % (name, p)
        if word(t + 20, 1) & DIRECT:
            v = gdb.Value(p).cast(shape) if shape.strip_typedefs().code == gdb.TYPE_CODE_PTR else gdb.Value(p)
        else:
            v = gdb.Value(p).cast(shape.pointer()).dereference()
        return '(%s) %s' % (name, v.format_string())


class Func:
    """A func value: a pointer to a closure, whose first word is the code."""

    def __init__(self, v):
        self.v = v

    def to_string(self):
        at = self.v.address
        if at is None:
            return '<a func value in a register>'
        closure = word(int(at))
        if not closure:
            return 'nil'
        block = gdb.block_for_pc(word(closure))
        while block and not block.function:
            block = block.superblock
        return str(block.function) if block else 'func at %#x' % word(closure)


def printer(v):
    t = v.type.strip_typedefs()
    if v.is_optimized_out and t.code != gdb.TYPE_CODE_STRUCT:  # a struct is said to be if a part is
        return None
    if t.code == gdb.TYPE_CODE_FUNC and v.type.name:
        return Func(v)
    if t.code == gdb.TYPE_CODE_PTR:
        target = t.target().name or ''
        name = v.type.name or target
        if target.startswith('map<'):
            return Map(v, name)
        return Chan(v, name) if target.startswith('hchan<') else None
    if t.code != gdb.TYPE_CODE_STRUCT:
        return None
    names = fields(t)
    if names == ['str', 'len']:
        return String(v)
    if names == ['array', 'len', 'cap']:
        return Slice(v)
    if names in (['tab', 'data'], ['_type', 'data']):
        return Interface(v)
    return None


STATES = ['idle', 'runnable', 'running', 'syscall', 'waiting', 'moribund', 'dead']


def goroutines():
    gs = runtime_variable('runtime.allgs').cast(gdb.lookup_type('G').pointer().pointer())
    for i in range(int(runtime_variable('runtime.allglen'))):
        g = gs[i]
        if STATES[int(g['status'])] not in ('idle', 'dead'):
            yield g


def thread_of(g):
    """That the goroutine is on, or None."""
    m = g['m']
    if not int(m) or int(m['curg']) != int(g):
        return None
    return next((t for t in gdb.selected_inferior().threads() if t.ptid[1] == int(m['tid'])), None)


def saved(g):
    """Registers as vole_switch (asm_*.S) left them: name, value."""
    sp = int(g['sp'])
    if gdb.selected_frame().architecture().name().startswith('aarch64'):
        names = ['x29', 'pc'] + ['x%d' % i for i in range(19, 29)]
        return [(r, word(sp + 8 * i)) for i, r in enumerate(names)] + [('sp', sp + FRAME_ARM64)]
    names = ['r15', 'r14', 'r13', 'r12', 'rbx', 'rbp', 'pc']
    return [(r, word(sp + 8 * i)) for i, r in enumerate(names)] + [('sp', sp + 8 * len(names))]


FRAME_ARM64 = 160


def run_in(g, what):
    """Calls what where gdb sees g's registers: its thread's, or those that were saved."""
    thread, frame = gdb.selected_thread(), gdb.selected_frame()
    on = thread_of(g)
    try:
        if on:
            on.switch()
            return what()
        gdb.newest_frame().select()
        regs = saved(g)
        before = [(r, int(gdb.parse_and_eval('$' + r))) for r, _ in regs]
        try:
            for r, v in regs:
                gdb.execute('set $%s = %#x' % (r, v))
            return what()
        finally:
            gdb.newest_frame().select()
            for r, v in before:
                gdb.execute('set $%s = %#x' % (r, v))
    finally:
        thread.switch()
        if frame.is_valid():
            frame.select()


def place():
    """The innermost frame that is the program's."""
    f = gdb.newest_frame()
    while f:
        name, at = f.name() or '', f.find_sal()
        if '.' in name and not name.startswith('runtime.'):
            return '%s at %s:%d' % (name, at.symtab.filename, at.line) if at.symtab else name
        f = f.older()
    return ''


class InfoGoroutines(gdb.Command):
    """Lists the goroutines: number, state, function."""

    def __init__(self):
        super().__init__('info goroutines', gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, arg, tty):
        for g in goroutines():
            life, state = g['life'], STATES[int(g['status'])]
            if state == 'waiting' and int(life['wait_reason']):
                state = runtime_variable('wait_reason_text')[int(life['wait_reason'])].string()
            print('%s %3d  %-24s %s' % ('*' if thread_of(g) else ' ', int(life['goid']), state, run_in(g, place)))


class Goroutine(gdb.Command):
    """goroutine N COMMAND: runs a gdb command in goroutine N, or in all of them."""

    def __init__(self):
        super().__init__('goroutine', gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, arg, tty):
        which, _, command = arg.partition(' ')
        if not command:
            raise gdb.GdbError('usage: goroutine N|all COMMAND')
        found = False
        for g in goroutines():
            n = int(g['life']['goid'])
            if which != 'all' and which != str(n):
                continue
            found = True
            if which == 'all':
                print('goroutine %d:' % n)
            run_in(g, lambda: gdb.execute(command))
        if not found:
            raise gdb.GdbError('no goroutine ' + which)


InfoGoroutines()
Goroutine()
here = gdb.current_objfile() or gdb.current_progspace()
here.pretty_printers.insert(0, printer)
try:  # nil checks and the collector are faults and signals of the runtime's own
    gdb.execute('handle SIGSEGV SIGPWR SIGXCPU SIGURG nostop noprint pass', to_string=True)
except gdb.error:
    pass

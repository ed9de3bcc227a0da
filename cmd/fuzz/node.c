// node: the generator's tree. Every node is a template with children, so that one printer and one
// reducer serve all of Go's syntax.
//   EXPR(t, "($0 + $1)", a, b)      STMT("if $0 {\n$1}\n", cond, block)
// Statements and declarations end in a newline of their own. The printer indents by the braces at
// the ends of lines.
#include "cmd/fuzz/fuzz.h"

Node *node_of(NodeKind kind, const Type *type, const char *text, ...) {
    Node *n = NEW(Node);
    n->kind = kind;
    n->type = type;
    n->text = text;
    g.size++;
    va_list ap;
    va_start(ap, text);
    for (Node *kid; (kid = va_arg(ap, Node *));) vec_push(&n->kids, kid);
    va_end(ap);
    return n;
}

void node_add(Node *list, Node *kid) { vec_push(&list->kids, kid); }

static void print(Node *n, Buf *b);

static void print_template(Node *n, Buf *b) {
    for (const char *s = n->text; *s; s++) {
        if (*s == '$' && s[1] >= '0' && s[1] <= '9')
            print(n->kids.data[*++s - '0'], b);
        else
            buf_putc(b, *s);
    }
}

// What the reducer has put in n's place comes first; commas stand only between what is left of a
// list.
static void print(Node *n, Buf *b) {
    if (n->gone) return;
    if (n->stead) {
        print(n->stead, b);
    } else if (n->plain) {
        buf_puts(b, n->plain);
    } else if (n->kind == NODE_BLOCK || !n->text) {
        for (vec_each(Node *, it, &n->kids)) print(*it, b);
    } else if (n->kind == NODE_LIST) {
        const char *comma = "";
        for (vec_each(Node *, it, &n->kids)) {
            if ((*it)->gone) continue;
            buf_puts(b, comma);
            print(*it, b);
            comma = ", ";
        }
    } else {
        print_template(n, b);
    }
}

// A line that begins with a closing bracket, a case or a label stands one step to the left.
static void print_line(const char *line, size_t n, int *indent, Buf *b) {
    int before = *indent, depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        if (quoted && line[i] == '\\')
            i++;
        else if (line[i] == '"')
            quoted = !quoted;
        else if (!quoted && strchr("{([", line[i]))
            depth++;
        else if (!quoted && strchr("})]", line[i]))
            depth--;
    }
    *indent += depth;
    int at = n && strchr("})]", line[0]) ? before - 1 : before;
    if (n && line[n - 1] == ':') at--;
    for (int i = 0; i < at; i++) buf_putc(b, '\t');
    buf_write(b, line, n);
    buf_putc(b, '\n');
}

const char *node_text(Node *n) {
    Buf b = {0};
    print(n, &b);
    return buf_str(&b);
}

const char *node_print(Node *n) {
    Buf out = {0};
    const char *s = node_text(n);
    int indent = 0;
    while (*s) {
        size_t len = strcspn(s, "\n");
        print_line(s, len, &indent, &out);
        s += len + (s[len] == '\n');
    }
    return buf_str(&out);
}

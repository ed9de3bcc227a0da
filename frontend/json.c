// json: JSON as files and programs have it that the compiler reads.
#include "frontend/json.h"
#include <ctype.h>

void json_blanks(Json *j) { j->p += strspn(j->p, " \t\r\n"); }

bool json_fail(Json *j, const char *where) {
    if (!j->error)
        j->error = *j->p ? xsprintf("invalid character '%c' %s", *j->p, where)
                         : "unexpected end of JSON input";
    return false;
}

static bool take(Json *j, char c, const char *where) {
    json_blanks(j);
    if (*j->p != c) return json_fail(j, where);
    j->p++;
    return true;
}

static int hex4(const char *p) {
    int v = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)p[i])) return -1;
        v = v * 16 + (p[i] <= '9' ? p[i] - '0' : (p[i] | 32) - 'a' + 10);
    }
    return v;
}

bool json_read_string(Json *j, const char **out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    Buf b = {0};
    if (!take(j, '"', "looking for beginning of object key string")) return false;
    for (; *j->p != '"'; j->p++) {
        if ((unsigned char)*j->p < ' ') return json_fail(j, "in string literal");
        if (*j->p != '\\') {
            buf_putc(&b, *j->p);
            continue;
        }
        const char *at = *++j->p ? strchr(from, *j->p) : NULL;
        if (at) {
            buf_putc(&b, to[at - from]);
            continue;
        }
        int r = *j->p == 'u' ? hex4(j->p + 1) : -1;
        if (r < 0) return json_fail(j, "in string escape code");
        j->p += 4;
        if (r >= 0xd800 && r < 0xdc00 && j->p[1] == '\\' && j->p[2] == 'u') {
            int low = hex4(j->p + 3);
            if (low >= 0xdc00 && low < 0xe000) {
                r = 0x10000 + ((r - 0xd800) << 10) + (low - 0xdc00);
                j->p += 6;
            }
        }
        buf_rune(&b, (uint32_t)r);
    }
    j->p++;
    *out = buf_str(&b);
    return true;
}

bool json_skip(Json *j, const char *key, void *to) {
    (void)key, (void)to;
    const char *text;
    json_blanks(j);
    if (*j->p == '"') return json_read_string(j, &text);
    if (*j->p == '{') return json_read_object(j, json_skip, NULL);
    if (*j->p != '[') {
        size_t n = strcspn(j->p, ",]} \t\r\n");
        if (!n) return json_fail(j, "looking for beginning of value");
        j->p += n;
        return true;
    }
    for (j->p++, json_blanks(j); *j->p != ']'; j->p++, json_blanks(j)) {
        if (!json_skip(j, NULL, NULL)) return false;
        json_blanks(j);
        if (*j->p == ']') break;
        if (*j->p != ',') return json_fail(j, "after array element");
    }
    j->p++;
    return true;
}

bool json_read_object(Json *j, JsonMember *member, void *to) {
    const char *key;
    if (!take(j, '{', "looking for beginning of value")) return false;
    json_blanks(j);
    if (*j->p == '}') {
        j->p++;
        return true;
    }
    do {
        json_blanks(j);
        if (!json_read_string(j, &key) || !take(j, ':', "after object key") || !member(j, key, to))
            return false;
        json_blanks(j);
    } while (*j->p == ',' && j->p++);
    return take(j, '}', "after object key:value pair");
}

// json: reads JSON: an object's members are handed to a function each, which reads the value or skips
// it. All answer false where the text is of another form: error then says how, in go's words.
#ifndef VOLE_JSON_H
#define VOLE_JSON_H

#include "frontend/base.h"

typedef struct Json {
    const char *p; // what is to be read, with a NUL behind it
    const char *error;
} Json;

typedef bool JsonMember(Json *j, const char *key, void *to);
bool json_read_object(Json *j, JsonMember *member, void *to);
bool json_read_string(Json *j, const char **out);
bool json_skip(Json *j, const char *key, void *to); // a value of any kind; key and to: of no use
void json_blanks(Json *j);
bool json_fail(Json *j, const char *where); // false; "looking for …", "after …"

#endif

/* Just enough JSON to read a request: members of objects, items of arrays, strings and whole numbers. */
#include "standin.h"

#include <stdlib.h>
#include <string.h>

static const char *blank(const char *at) { return at + strspn(at, " \t\r\n"); }

/* The character behind the value that starts at `at`; NULL where the text ends first. */
static const char *behind(const char *at) {
    if (*at == '"') {
        for (at++; *at && *at != '"'; at++)
            if (*at == '\\' && at[1]) at++;
        return *at ? at + 1 : NULL;
    }
    if (*at != '{' && *at != '[') return at + strcspn(at, ",}] \t\r\n");
    int depth = 0;
    while (*at) {
        if (*at == '"') {
            at = behind(at);
            if (!at) return NULL;
            continue;
        }
        depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
        at++;
        if (depth == 0) return at;
    }
    return NULL;
}

size_t json_width(const char *value) {
    const char *end = value ? behind(value) : NULL;
    return end ? (size_t)(end - value) : 0;
}

const char *json_member(const char *object, const char *key) {
    if (!object || *(object = blank(object)) != '{') return NULL;
    size_t width = strlen(key);
    const char *at = blank(object + 1);
    while (*at == '"') {
        const char *name = at + 1, *end = behind(at);
        if (!end || *(end = blank(end)) != ':') return NULL;
        const char *value = blank(end + 1);
        if (strncmp(name, key, width) == 0 && name[width] == '"') return value;
        at = behind(value);
        if (!at) return NULL;
        at = blank(at);
        if (*at == ',') at = blank(at + 1);
    }
    return NULL;
}

const char *json_next(const char *array, const char *item) {
    if (!array || *array != '[') return NULL;
    const char *at = item ? behind(item) : array + 1;
    if (!at) return NULL;
    at = blank(at);
    if (item && *at == ',') at = blank(at + 1);
    return *at == ']' || *at == '\0' ? NULL : at;
}

size_t json_raw(const char *value, char *out, size_t size) {
    out[0] = '\0';
    size_t width = json_is(value, '"') ? json_width(value) : 0;
    if (width < 2) return 0;
    size_t text = width - 2 < size - 1 ? width - 2 : size - 1;
    memcpy(out, value + 1, text);
    out[text] = '\0';
    return text;
}

long json_number(const char *value, long fallback) {
    if (!value) return fallback;
    char *end;
    long number = strtol(value, &end, 10);
    return end == value ? fallback : number;
}

bool json_is(const char *value, char first) { return value && *value == first; }

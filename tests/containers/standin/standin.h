/* The parts of a pretended GPU service: see README.md one folder up for what it answers and how a test steers it. */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* settings and time (main.c) */
const char *setting(const char *name, const char *fallback);
long setting_number(const char *name, long fallback);
long long now_ms(void);
void wall_time(char *out, size_t size, long long ahead_ms); /* RFC 3339 with nanoseconds, as Go prints it */
void die(int code, long leaves_mib);

/* json.c: reads just enough JSON. A value is a pointer to its first character; NULL when there is none. */
const char *json_member(const char *object, const char *key);
const char *json_next(const char *array, const char *item); /* item NULL: the first one */
size_t json_raw(const char *value, char *out, size_t size); /* a string's text with its escapes kept */
long json_number(const char *value, long fallback);
bool json_is(const char *value, char first);
size_t json_width(const char *value);

/* http.c: one request a connection, bodies of any length up to 4 MiB. */
enum { MAX_CLIENTS = 64 };
struct client {
    int fd; /* -1: free */
    char *text;
    size_t got;
    bool answered; /* handled: what still comes from it is only the end of the connection */
    bool chunked;
    const char *method, *path, *body;
};
extern struct client clients[MAX_CLIENTS];
int http_listen(const char *host, int port);
void http_step(int listener, int timeout_ms);
void http_reply(struct client *client, int status, const char *type, const char *format, ...) __attribute__((format(printf, 4, 5)));
void http_begin_stream(struct client *client, const char *type);
void http_line(struct client *client, const char *format, ...) __attribute__((format(printf, 2, 3)));
void http_end(struct client *client);
long http_query(const struct client *client, const char *name, long fallback);

/* vram.c: what is held on the pretended card, as files in $BD1_NVML_STATE/claims. */
void vram_hold(pid_t pid, long mib, long leaves_mib);
pid_t vram_start_runner(void);
void vram_stop_runner(pid_t runner);
long ramp(long mib, long long since_ms, long took_ms);

/* A role: ollama.c and comfyui.c. `step` returns in how many milliseconds it wants to be called again. */
struct role {
    void (*begin)(void);
    void (*handle)(struct client *client);
    void (*gone)(struct client *client);
    long (*step)(void);
    long (*own_mib)(void); /* what the main process itself should hold now, without leaks */
};
extern const struct role ollama, comfyui;
extern const struct role *role; /* the one that is played */
void dispatch(struct client *client); /* /control here, everything else by the role */

#endif

/* The pretended service: its life, its own memory (with leaks and spikes) and what a test may make it do. */
#include "standin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct role *role;

static volatile sig_atomic_t ignore_term;
static bool silent;        /* accepts and never answers */
static long leak_mib_s;    /* grows by itself */
static double leaked_mib;  /* so far, spikes included */
static long long leaked_at, die_at = -1;
static long die_code = 1, die_leaves_mib, told_mib = -1;

const char *setting(const char *name, const char *fallback) {
    const char *value = getenv(name);
    return value && *value ? value : fallback;
}

long setting_number(const char *name, long fallback) {
    const char *value = setting(name, NULL);
    return value ? strtol(value, NULL, 10) : fallback;
}

long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void wall_time(char *out, size_t size, long long ahead_ms) {
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    /* Seconds and the rest apart: "for ever" is later than 64 bits of nanoseconds since 1970 can say. */
    long long milliseconds = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + ahead_ms;
    time_t seconds = (time_t)(milliseconds / 1000);
    gmtime_r(&seconds, &parts);
    size_t length = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(out + length, size - length, ".%03lld%06ldZ", milliseconds % 1000, now.tv_nsec % 1000000);
}

void die(int code, long leaves_mib) {
    if (leaves_mib > 0) vram_hold(getpid(), told_mib > 0 ? told_mib : 0, leaves_mib);
    _exit(code);
}

static void on_term(int number) {
    (void)number;
    if (!ignore_term) _exit(0);
}

static long own_mib(void) {
    long long now = now_ms();
    leaked_mib += (double)leak_mib_s * (double)(now - leaked_at) / 1000.0;
    leaked_at = now;
    return role->own_mib() + (long)leaked_mib;
}

static void hold(void) {
    long mib = own_mib();
    if (mib == told_mib) return;
    vram_hold(getpid(), mib, 0);
    told_mib = mib;
}

static void control(struct client *client) {
    own_mib(); /* what leaked until now leaked at the old rate */
    leak_mib_s = http_query(client, "leak_mib_s", leak_mib_s);
    leaked_mib += (double)http_query(client, "spike_mib", 0);
    ignore_term = (sig_atomic_t)http_query(client, "ignore_term", ignore_term);
    silent = http_query(client, "silent", silent) != 0;
    die_leaves_mib = http_query(client, "leaves_mib", die_leaves_mib);
    die_code = http_query(client, "die", 0);
    if (die_code) die_at = now_ms();
    hold();
    http_reply(client, 200, "application/json", "{\"pid\":%d,\"held_mib\":%ld,\"leaked_mib\":%ld}", (int)getpid(), told_mib,
               (long)leaked_mib);
}

void dispatch(struct client *client) {
    if (strncmp(client->path, "/control", 8) == 0) control(client);
    else if (!silent) role->handle(client);
}

int main(void) {
    role = strcmp(setting("STANDIN_ROLE", "comfyui"), "ollama") == 0 ? &ollama : &comfyui;
    ignore_term = (sig_atomic_t)setting_number("STANDIN_IGNORE_TERM", 0);
    silent = setting_number("STANDIN_SILENT", 0) != 0;
    leak_mib_s = setting_number("STANDIN_LEAK_MIB_S", 0);
    die_leaves_mib = setting_number("STANDIN_DIE_LEAVES_MIB", 0);
    long die_after_ms = setting_number("STANDIN_DIE_AFTER_MS", -1);
    leaked_at = now_ms();
    if (die_after_ms >= 0) die_at = leaked_at + die_after_ms;
    signal(SIGTERM, on_term);
    signal(SIGINT, on_term);
    role->begin();
    int listener = http_listen(setting("STANDIN_HOST", "127.0.0.1"), (int)setting_number("STANDIN_PORT", 8188));
    puts("listening"); /* a test waits for this line in the container's log */
    fflush(stdout);
    for (;;) {
        hold();
        long wait_ms = role->step();
        if (leak_mib_s > 0 && wait_ms > 20) wait_ms = 20;
        if (die_at >= 0 && now_ms() >= die_at) die((int)die_code, die_leaves_mib);
        if (die_at >= 0 && die_at - now_ms() < wait_ms) wait_ms = (long)(die_at - now_ms()) + 1;
        http_step(listener, (int)wait_ms);
    }
}

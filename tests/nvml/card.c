/* Reads the state directory. Everything is read afresh, so a test changes the card between two calls by renaming a file. */
#include "card.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 1024
#define DEFAULT_UUID "GPU-bd100000-0000-4000-8000-000000000001"

static char state_directory[PATH_SIZE / 2];

void state_locate(void) {
    const char *told = getenv("BD1_NVML_STATE");
    snprintf(state_directory, sizeof state_directory, "%s", told ? told : "");
}

bool state_path(char *out, size_t size, const char *folder, const char *name) {
    if (state_directory[0] == '\0') return false;
    int written = snprintf(out, size, "%s/%s%s%s", state_directory, folder, name[0] ? "/" : "", name);
    return written > 0 && (size_t)written < size;
}

static size_t read_file(const char *path, char *out, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t got = read(file, out, size - 1);
    close(file);
    return got > 0 ? (size_t)got : 0;
}

/* Turns "key=value\n" lines into a row of terminated strings: key, value, key, value. Lines without '=' vanish. */
static void split_lines(struct card *card, const char *raw, size_t size) {
    size_t at = 0;
    while (at < size) {
        const char *line = raw + at;
        const char *newline = memchr(line, '\n', size - at);
        size_t width = newline ? (size_t)(newline - line) : size - at;
        const char *equals = memchr(line, '=', width);
        if (equals && line[0] != '#') {
            memcpy(card->text + card->length, line, width);
            card->text[card->length + (size_t)(equals - line)] = '\0';
            card->text[card->length + width] = '\0';
            card->length += width + 1;
        }
        at += width + 1;
    }
}

static void read_pairs(struct card *card, const char *folder, const char *name) {
    char path[PATH_SIZE], raw[CARD_MAX_TEXT - 1];
    card->length = 0;
    if (state_path(path, sizeof path, folder, name)) split_lines(card, raw, read_file(path, raw, sizeof raw));
}

void card_read(struct card *card) { read_pairs(card, "card", ""); }

const char *card_text(const struct card *card, const char *key, const char *fallback) {
    size_t at = 0;
    while (at < card->length) {
        const char *found = card->text + at, *value = found + strlen(found) + 1;
        if (strcmp(found, key) == 0) return value;
        at = (size_t)(value - card->text) + strlen(value) + 1;
    }
    return fallback;
}

long card_number(const struct card *card, const char *key, long fallback) {
    const char *value = card_text(card, key, "");
    char *end;
    long number = strtol(value, &end, 0);
    return end == value ? fallback : number;
}

bool list_has(const char *list, const char *word) {
    size_t width = strlen(word);
    for (const char *at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, word, width) == 0 && (at[width] == ',' || at[width] == '\0')) return true;
    return false;
}

unsigned card_gpus(const struct card *card) {
    unsigned commas = 0;
    for (const char *at = card_text(card, "uuid", DEFAULT_UUID); *at; at++) commas += *at == ',';
    return commas + 1;
}

bool card_uuid(const struct card *card, unsigned gpu, char *out, size_t size) {
    const char *at = card_text(card, "uuid", DEFAULT_UUID);
    for (; gpu > 0; gpu--) {
        at = strchr(at, ',');
        if (!at) return false;
        at++;
    }
    snprintf(out, size, "%.*s", (int)strcspn(at, ","), at);
    return true;
}

/* A process that waits to be reaped (Z) or is being torn down (X) has already given its memory back. */
static bool alive(unsigned pid) {
    char path[64], stat[512];
    snprintf(path, sizeof path, "/proc/%u/stat", pid);
    size_t size = read_file(path, stat, sizeof stat);
    stat[size] = '\0';
    const char *state = strrchr(stat, ')');
    return state && state[1] == ' ' && state[2] != 'Z' && state[2] != 'X';
}

/* Seconds since somebody first saw this process dead: the stamp is the time a file was made, which is atomic. */
static double dead_for_s(unsigned pid) {
    char path[PATH_SIZE], name[32];
    struct stat stamp;
    struct timespec now;
    snprintf(name, sizeof name, "%u", pid);
    if (!state_path(path, sizeof path, "dead", name)) return 1e9;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) close(file);
    if (stat(path, &stamp) != 0) return 1e9; /* not writable: no lag can be kept */
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)(now.tv_sec - stamp.st_mtim.tv_sec) + 1e-9 * (double)(now.tv_nsec - stamp.st_mtim.tv_nsec);
}

static void forget_death(unsigned pid) {
    char path[PATH_SIZE], name[32];
    snprintf(name, sizeof name, "%u", pid);
    if (state_path(path, sizeof path, "dead", name)) unlink(path);
}

static void add_claim(const struct card *card, struct holdings *held, unsigned pid, const struct card *told) {
    long mib = card_number(told, "mib", MIB_UNKNOWN), counted = mib > 0 ? mib : 0;
    const char *type = card_text(told, "type", "C");
    if (alive(pid)) {
        held->live[held->count++] = (struct claim){
            .pid = pid, .mib = mib, .graphics_mib = card_number(told, "graphics_mib", mib),
            .compute = strchr(type, 'C') != NULL, .graphics = strchr(type, 'G') != NULL};
        held->used_mib += counted;
        forget_death(pid);
        return;
    }
    bool lagging = 1000.0 * dead_for_s(pid) < (double)card_number(card, "release_lag_ms", 0);
    held->used_mib += lagging ? counted : card_number(told, "leak", 0);
}

void card_holdings(const struct card *card, unsigned gpu, struct holdings *held) {
    char path[PATH_SIZE];
    struct card told;
    held->count = 0;
    held->used_mib = gpu == 0 ? card_number(card, "leaked_mib", 0) : 0;
    DIR *folder = state_path(path, sizeof path, "claims", "") ? opendir(path) : NULL;
    for (struct dirent *entry; folder && held->count < CARD_MAX_CLAIMS && (entry = readdir(folder));) {
        char *end;
        unsigned long pid = strtoul(entry->d_name, &end, 10);
        if (!isdigit((unsigned char)entry->d_name[0]) || *end != '\0') continue; /* a half-written file, or no claim */
        read_pairs(&told, "claims", entry->d_name);
        if ((unsigned)card_number(&told, "gpu", 0) == gpu) add_claim(card, held, (unsigned)pid, &told);
    }
    if (folder) closedir(folder);
}

/* The pretended card: its state directory read as plain values. No NVML call lives here. */
#ifndef BD1_CARD_H
#define BD1_CARD_H

#include <stdbool.h>
#include <stddef.h>

#define CARD_MAX_TEXT 8192
#define CARD_MAX_CLAIMS 128
#define CARD_MAX_GPUS 8
#define MIB_UNKNOWN (-1L)

/* One reading of the file `card`: its text, with every '=' and newline turned into a terminator. */
struct card {
    char text[CARD_MAX_TEXT];
    size_t length;
};

/* One file of the folder `claims`: what a process holds on the card. */
struct claim {
    unsigned pid;
    long mib;          /* MIB_UNKNOWN: listed without a figure, counted as 0 */
    long graphics_mib; /* the figure in the graphics list; the same as mib unless told */
    bool compute;
    bool graphics;
};

/* What all claims of one GPU add up to. */
struct holdings {
    struct claim live[CARD_MAX_CLAIMS];
    size_t count;
    long used_mib; /* of the living, of the dead within the release lag, and what the dead leaked */
};

/* Remembers which directory BD1_NVML_STATE names now. Until the next call no environment is read. */
void state_locate(void);
/* Puts the path of an entry of the state directory into `out`; false when there is no such directory. */
bool state_path(char *out, size_t size, const char *folder, const char *name);

/* Reads `card` afresh; a missing file reads as an empty one, and every key then has its default. */
void card_read(struct card *card);
/* A key's value, or `fallback` where the key is missing. */
const char *card_text(const struct card *card, const char *key, const char *fallback);
long card_number(const struct card *card, const char *key, long fallback);
/* How many GPUs there are: as many as `uuid` names, comma between them. */
unsigned card_gpus(const struct card *card);
/* Copies the UUID of a GPU; false when the index is past the last. */
bool card_uuid(const struct card *card, unsigned gpu, char *out, size_t size);
/* Reads the folder `claims` and sorts the living from the dead. */
void card_holdings(const struct card *card, unsigned gpu, struct holdings *held);

/* Whether `word` is one of the comma-separated words of `list`. */
bool list_has(const char *list, const char *word);

#endif

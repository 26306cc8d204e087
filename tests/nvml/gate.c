/* Faults and costs, decided by the card's keys alone. */
#include "gate.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Where a fault shows unless it names its calls. */
enum reach { EVERYWHERE, AFTER_INIT, ON_A_GPU, NAMED_CALLS_ONLY };

static const struct fault {
    const char *name;
    nvmlReturn_t code;
    enum reach reach;
} FAULTS[] = {
    {"lost", NVML_ERROR_GPU_IS_LOST, ON_A_GPU},
    {"uninit", NVML_ERROR_UNINITIALIZED, AFTER_INIT},
    {"unknown", NVML_ERROR_UNKNOWN, EVERYWHERE},
    {"mismatch", NVML_ERROR_LIB_RM_VERSION_MISMATCH, EVERYWHERE},
    {"driver_not_loaded", NVML_ERROR_DRIVER_NOT_LOADED, EVERYWHERE},
    {"no_cards", NVML_ERROR_GPU_NOT_FOUND, ON_A_GPU}, /* and nvmlDeviceGetCount answers 0 */
    {"no_permission", NVML_ERROR_NO_PERMISSION, ON_A_GPU},
    {"reset_required", NVML_ERROR_RESET_REQUIRED, ON_A_GPU},
    {"not_supported", NVML_ERROR_NOT_SUPPORTED, NAMED_CALLS_ONLY},
    {"function_not_found", NVML_ERROR_FUNCTION_NOT_FOUND, NAMED_CALLS_ONLY},
    {"insufficient_size", NVML_ERROR_INSUFFICIENT_SIZE, NAMED_CALLS_ONLY},
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned open_count;
static unsigned generation;
static char open_driver[80];

/* A driver waits in the kernel for nothing; here a benchmark may ask for longer naps, which cost less. */
void gate_nap(void) {
    const char *told = getenv("BD1_NVML_NAP_MS");
    long nap_ms = told ? strtol(told, NULL, 10) : 2;
    nanosleep(&(struct timespec){.tv_sec = nap_ms / 1000, .tv_nsec = nap_ms % 1000 * 1000000}, NULL);
}

double gate_now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Spins, because a sleep of a few microseconds takes many more. */
static void spend(const struct card *card) {
    double until = gate_now_s() + 1e-6 * (double)card_number(card, "call_us", 0);
    while (gate_now_s() < until) continue;
}

static void append(const char *name, const char *line, size_t size) {
    char path[1024];
    if (!state_path(path, sizeof path, name, "")) return;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, line, size) != (ssize_t)size) perror("BD1_NVML_STATE");
    close(file);
}

static void log_call(const struct card *card, const char *call) {
    char line[96];
    if (!card_number(card, "log_calls", 0)) return;
    append("calls", line, (size_t)snprintf(line, sizeof line, "%s\n", call));
}

void gate_note(const struct card *card, long used_mib) {
    char line[96];
    if (!card_number(card, "log_used", 0)) return;
    append("seen", line, (size_t)snprintf(line, sizeof line, "%.6f %ld\n", gate_now_s(), used_mib));
}

static nvmlReturn_t fault_of(const struct card *card, const char *call, enum reach depth) {
    const char *told = card_text(card, "fault", "none");
    size_t width = strcspn(told, ":");
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        const struct fault *fault = &FAULTS[i];
        if (strlen(fault->name) != width || strncmp(fault->name, told, width) != 0) continue;
        if (told[width] == ':') return list_has(told + width + 1, call) ? fault->code : NVML_SUCCESS;
        return fault->reach <= depth ? fault->code : NVML_SUCCESS;
    }
    return NVML_SUCCESS;
}

static nvmlReturn_t begin(const char *call, struct card *card, enum reach depth) {
    card_read(card);
    log_call(card, call);
    spend(card);
    return fault_of(card, call, depth);
}

nvmlReturn_t gate_enter_init(const char *call, struct card *card) {
    state_locate();
    return begin(call, card, EVERYWHERE);
}

/* A driver that was reloaded knows nothing of whoever was initialised before. */
static bool initialised(const struct card *card) {
    pthread_mutex_lock(&lock);
    bool good = open_count > 0 && strcmp(open_driver, card_text(card, "driver", "595.84")) == 0;
    pthread_mutex_unlock(&lock);
    return good;
}

static nvmlReturn_t enter(const char *call, struct card *card, enum reach depth) {
    nvmlReturn_t fault = begin(call, card, depth);
    if (fault != NVML_SUCCESS) return fault;
    return initialised(card) ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
}

nvmlReturn_t gate_enter(const char *call, struct card *card) { return enter(call, card, AFTER_INIT); }

nvmlReturn_t gate_enter_gpu(const char *call, struct card *card, nvmlDevice_t handle, unsigned *gpu) {
    nvmlReturn_t fault = enter(call, card, ON_A_GPU);
    if (fault != NVML_SUCCESS) return fault;
    uintptr_t value = (uintptr_t)handle;
    *gpu = (unsigned)(value % 256) - 1;
    bool good = value % 256 != 0 && value / 256 == generation && *gpu < card_gpus(card);
    return good ? NVML_SUCCESS : NVML_ERROR_INVALID_ARGUMENT;
}

nvmlDevice_t gate_handle(unsigned gpu) { return (nvmlDevice_t)((uintptr_t)generation * 256 + gpu + 1); }

void gate_hang(struct card *card) {
    double until = gate_now_s() + strtod(card_text(card, "hang_s", "0"), NULL);
    bool timed = gate_now_s() < until;
    while (card_number(card, "hang", 0) || (timed && gate_now_s() < until)) {
        gate_nap();
        card_read(card);
        timed = timed && strtod(card_text(card, "hang_s", "0"), NULL) > 0;
    }
}

void gate_open(const struct card *card) {
    pthread_mutex_lock(&lock);
    if (open_count++ == 0) {
        generation++;
        snprintf(open_driver, sizeof open_driver, "%s", card_text(card, "driver", "595.84"));
    }
    pthread_mutex_unlock(&lock);
}

nvmlReturn_t gate_close(void) {
    pthread_mutex_lock(&lock);
    nvmlReturn_t code = open_count > 0 ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED;
    if (open_count > 0) open_count--;
    pthread_mutex_unlock(&lock);
    return code;
}

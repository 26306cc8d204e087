/* Xids: every line appended to the file `xids` of the state directory is one event for each set that listens. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gate.h"

struct nvmlEventSet_st {
    nvmlDevice_t device;
    unsigned long long types;
    off_t read_until; /* how much of `xids` this set has told already */
};

static off_t xids_size(void) {
    char path[1024];
    struct stat told;
    return state_path(path, sizeof path, "xids", "") && stat(path, &told) == 0 ? told.st_size : 0;
}

nvmlReturn_t nvmlEventSetCreate(nvmlEventSet_t *set) {
    struct card card;
    nvmlReturn_t entered = gate_enter(__func__, &card);
    if (entered != NVML_SUCCESS) return entered;
    *set = calloc(1, sizeof **set);
    return *set ? NVML_SUCCESS : NVML_ERROR_MEMORY;
}

nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *types) {
    struct card card;
    unsigned gpu;
    nvmlReturn_t entered = gate_enter_gpu(__func__, &card, device, &gpu);
    if (entered == NVML_SUCCESS) *types = nvmlEventTypeXidCriticalError;
    return entered;
}

nvmlReturn_t nvmlDeviceRegisterEvents(nvmlDevice_t device, unsigned long long types, nvmlEventSet_t set) {
    struct card card;
    unsigned gpu;
    nvmlReturn_t entered = gate_enter_gpu(__func__, &card, device, &gpu);
    if (entered != NVML_SUCCESS) return entered;
    if (types & ~nvmlEventTypeXidCriticalError) return NVML_ERROR_NOT_SUPPORTED;
    set->device = device;
    set->types = types;
    set->read_until = xids_size();
    return NVML_SUCCESS;
}

/* The next whole line of `xids` as a number; false when there is none yet. */
static bool next_xid(nvmlEventSet_t set, unsigned long long *xid) {
    char path[1024], line[32] = {0};
    int file = state_path(path, sizeof path, "xids", "") ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return false;
    ssize_t got = pread(file, line, sizeof line - 1, set->read_until);
    close(file);
    char *end;
    *xid = strtoull(line, &end, 10);
    if (got <= 0 || *end != '\n') return false;
    set->read_until += end + 1 - line;
    return true;
}

nvmlReturn_t nvmlEventSetWait_v2(nvmlEventSet_t set, nvmlEventData_t *data, unsigned int timeout_ms) {
    double until = gate_now_s() + 1e-3 * timeout_ms;
    struct card card;
    for (;;) {
        nvmlReturn_t entered = gate_enter(__func__, &card);
        if (entered != NVML_SUCCESS) return entered;
        for (; card_number(&card, "hang_events", 0); card_read(&card)) gate_nap();
        unsigned long long xid;
        if (set->types && next_xid(set, &xid)) {
            *data = (nvmlEventData_t){.device = set->device, .eventType = nvmlEventTypeXidCriticalError,
                                      .eventData = xid, .gpuInstanceId = 0xFFFFFFFF, .computeInstanceId = 0xFFFFFFFF};
            return NVML_SUCCESS;
        }
        if (gate_now_s() >= until) return NVML_ERROR_TIMEOUT;
        gate_nap();
    }
}

nvmlReturn_t nvmlEventSetFree(nvmlEventSet_t set) {
    free(set);
    return NVML_SUCCESS;
}

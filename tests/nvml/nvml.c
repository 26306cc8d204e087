/* The part of NVML that BD-1 calls, answered from the state directory (see README.md). */
#include <stdio.h>
#include <string.h>

#include "gate.h"

#define MIB (1024ULL * 1024ULL)
#define DRIVER_DEFAULT "595.84"

/* Every call on a GPU starts with this. */
#define ENTER_GPU(handle)                                                        \
    struct card card;                                                            \
    unsigned gpu;                                                                \
    nvmlReturn_t entered = gate_enter_gpu(__func__, &card, (handle), &gpu);      \
    if (entered != NVML_SUCCESS) return entered

/* A call that answers with one number of the card. */
#define NUMBER_CALL(function, type, key, fallback)                               \
    nvmlReturn_t function(nvmlDevice_t device, type *out) {                      \
        ENTER_GPU(device);                                                       \
        *out = (type)card_number(&card, key, fallback);                          \
        return NVML_SUCCESS;                                                     \
    }

static nvmlReturn_t put_text(char *out, unsigned size, const char *text) {
    return (unsigned)snprintf(out, size, "%s", text) < size ? NVML_SUCCESS : NVML_ERROR_INSUFFICIENT_SIZE;
}

/* --- the library ------------------------------------------------------------------------------------------------ */

nvmlReturn_t nvmlInitWithFlags(unsigned int flags) {
    struct card card;
    (void)flags;
    nvmlReturn_t entered = gate_enter_init(__func__, &card);
    if (entered == NVML_SUCCESS) gate_open(&card);
    return entered;
}

nvmlReturn_t nvmlInit_v2(void) { return nvmlInitWithFlags(0); }

nvmlReturn_t nvmlShutdown(void) { return gate_close(); }

const char *nvmlErrorString(nvmlReturn_t result) {
    return result == NVML_SUCCESS ? "Success" : "An error of the pretended card";
}

nvmlReturn_t nvmlSystemGetDriverVersion(char *version, unsigned int length) {
    struct card card;
    nvmlReturn_t entered = gate_enter(__func__, &card);
    return entered ? entered : put_text(version, length, card_text(&card, "driver", DRIVER_DEFAULT));
}

nvmlReturn_t nvmlSystemGetNVMLVersion(char *version, unsigned int length) {
    struct card card;
    nvmlReturn_t entered = gate_enter(__func__, &card);
    return entered ? entered : put_text(version, length, card_text(&card, "nvml", "13.595.84"));
}

/* --- finding a card ---------------------------------------------------------------------------------------------- */

static bool hidden(const struct card *card) { return strcmp(card_text(card, "fault", ""), "no_cards") == 0; }

nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *count) {
    struct card card;
    nvmlReturn_t entered = gate_enter(__func__, &card);
    if (entered == NVML_SUCCESS) *count = hidden(&card) ? 0 : card_gpus(&card);
    return entered;
}

nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) {
    struct card card;
    nvmlReturn_t entered = gate_enter(__func__, &card);
    if (entered != NVML_SUCCESS) return entered;
    if (hidden(&card) || index >= card_gpus(&card)) return NVML_ERROR_INVALID_ARGUMENT;
    *device = gate_handle(index);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device) {
    struct card card;
    char has[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    nvmlReturn_t entered = gate_enter(__func__, &card);
    if (entered != NVML_SUCCESS) return entered;
    for (unsigned gpu = 0; !hidden(&card) && card_uuid(&card, gpu, has, sizeof has); gpu++) {
        if (strcmp(has, uuid) != 0) continue;
        *device = gate_handle(gpu);
        return NVML_SUCCESS;
    }
    return NVML_ERROR_NOT_FOUND;
}

nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned int *index) {
    ENTER_GPU(device);
    *index = gpu;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *uuid, unsigned int length) {
    char has[NVML_DEVICE_UUID_V2_BUFFER_SIZE];
    ENTER_GPU(device);
    card_uuid(&card, gpu, has, sizeof has);
    return put_text(uuid, length, has);
}

nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *name, unsigned int length) {
    ENTER_GPU(device);
    return put_text(name, length, card_text(&card, "name", "NVIDIA RTX 4000 Ada Generation"));
}

/* --- memory and who holds it -------------------------------------------------------------------------------------- */

static nvmlReturn_t read_memory(struct card *card, unsigned gpu, nvmlMemory_v2_t *memory) {
    struct holdings held;
    gate_hang(card);
    card_holdings(card, gpu, &held);
    long total = card_number(card, "total_mib", 20475), reserved = card_number(card, "reserved_mib", 460);
    long used = held.used_mib > total - reserved ? total - reserved : held.used_mib;
    memory->total = (unsigned long long)total * MIB;
    memory->reserved = (unsigned long long)reserved * MIB;
    memory->used = (unsigned long long)used * MIB;
    memory->free = memory->total - memory->reserved - memory->used;
    gate_note(card, used + reserved);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t *memory) {
    nvmlMemory_v2_t whole;
    ENTER_GPU(device);
    read_memory(&card, gpu, &whole);
    /* Version 1 knows no `reserved`: it counts it as used. */
    *memory = (nvmlMemory_t){.total = whole.total, .free = whole.free, .used = whole.total - whole.free};
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t *memory) {
    ENTER_GPU(device);
    if (memory->version != nvmlMemory_v2) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    return read_memory(&card, gpu, memory);
}

static nvmlProcessInfo_t told_process(const struct claim *claim, long mib) {
    return (nvmlProcessInfo_t){
        .pid = claim->pid,
        .usedGpuMemory = mib < 0 ? (unsigned long long)NVML_VALUE_NOT_AVAILABLE : (unsigned long long)mib * MIB,
        .gpuInstanceId = 0xFFFFFFFF, .computeInstanceId = 0xFFFFFFFF};
}

static nvmlReturn_t list_processes(const struct card *card, unsigned gpu, bool graphics, unsigned *size,
                                   nvmlProcessInfo_t *out) {
    struct holdings held;
    unsigned found = 0, room = out ? *size : 0;
    card_holdings(card, gpu, &held);
    for (size_t i = 0; i < held.count; i++) {
        const struct claim *claim = &held.live[i];
        if (!(graphics ? claim->graphics : claim->compute)) continue;
        if (found < room) out[found] = told_process(claim, graphics ? claim->graphics_mib : claim->mib);
        found++;
    }
    *size = found;
    return found > room ? NVML_ERROR_INSUFFICIENT_SIZE : NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned *count, nvmlProcessInfo_t *infos) {
    ENTER_GPU(device);
    return list_processes(&card, gpu, false, count, infos);
}

nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned *count, nvmlProcessInfo_t *infos) {
    ENTER_GPU(device);
    return list_processes(&card, gpu, true, count, infos);
}

/* --- the slower readings ------------------------------------------------------------------------------------------ */

nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t *utilization) {
    ENTER_GPU(device);
    utilization->gpu = (unsigned)card_number(&card, "util", 0);
    utilization->memory = (unsigned)card_number(&card, "memory_util", 0);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, nvmlTemperatureSensors_t sensor, unsigned int *temp) {
    ENTER_GPU(device);
    if (sensor != NVML_TEMPERATURE_GPU) return NVML_ERROR_NOT_SUPPORTED;
    *temp = (unsigned)card_number(&card, "temperature", 41);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTemperatureV(nvmlDevice_t device, nvmlTemperature_t *temperature) {
    ENTER_GPU(device);
    if (temperature->version != nvmlTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (temperature->sensorType != NVML_TEMPERATURE_GPU) return NVML_ERROR_NOT_SUPPORTED;
    temperature->temperature = (int)card_number(&card, "temperature", 41);
    return NVML_SUCCESS;
}

#define SLOWDOWN_DEFAULT 92
#define SHUTDOWN_DEFAULT 95

nvmlReturn_t nvmlDeviceGetTemperatureThreshold(nvmlDevice_t device, nvmlTemperatureThresholds_t which, unsigned *temp) {
    ENTER_GPU(device);
    if (which != NVML_TEMPERATURE_THRESHOLD_SHUTDOWN && which != NVML_TEMPERATURE_THRESHOLD_SLOWDOWN)
        return NVML_ERROR_NOT_SUPPORTED;
    bool slow = which == NVML_TEMPERATURE_THRESHOLD_SLOWDOWN;
    *temp = (unsigned)(slow ? card_number(&card, "slowdown_temperature", SLOWDOWN_DEFAULT)
                            : card_number(&card, "shutdown_temperature", SHUTDOWN_DEFAULT));
    return NVML_SUCCESS;
}

/* From Ada on the limits are told as distances: T.Limit is 0 two degrees below the slowdown. */
#define TLIMIT_BELOW_SLOWDOWN 2

nvmlReturn_t nvmlDeviceGetMarginTemperature(nvmlDevice_t device, nvmlMarginTemperature_t *margin) {
    ENTER_GPU(device);
    if (margin->version != nvmlMarginTemperature_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    long slowdown = card_number(&card, "slowdown_temperature", SLOWDOWN_DEFAULT);
    margin->marginTemperature = (int)(slowdown - TLIMIT_BELOW_SLOWDOWN - card_number(&card, "temperature", 41));
    return NVML_SUCCESS;
}

static nvmlReturn_t field(const struct card *card, unsigned id, nvmlFieldValue_t *told) {
    long slowdown = card_number(card, "slowdown_temperature", SLOWDOWN_DEFAULT);
    long shutdown = card_number(card, "shutdown_temperature", SHUTDOWN_DEFAULT);
    told->valueType = NVML_VALUE_TYPE_SIGNED_INT;
    if (id == NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT) told->value.siVal = -TLIMIT_BELOW_SLOWDOWN;
    else if (id == NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT)
        told->value.siVal = (int)(slowdown - TLIMIT_BELOW_SLOWDOWN - shutdown);
    else if (id == NVML_FI_DEV_GET_GPU_RECOVERY_ACTION) {
        told->valueType = NVML_VALUE_TYPE_UNSIGNED_INT;
        told->value.uiVal = (unsigned)card_number(card, "recovery_action", NVML_GPU_RECOVERY_ACTION_NONE);
    } else return NVML_ERROR_NOT_SUPPORTED;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t *values) {
    ENTER_GPU(device);
    for (int i = 0; i < count; i++) values[i].nvmlReturn = field(&card, values[i].fieldId, &values[i]);
    return NVML_SUCCESS;
}

NUMBER_CALL(nvmlDeviceGetPowerUsage, unsigned, "power_mw", 14200)
NUMBER_CALL(nvmlDeviceGetEnforcedPowerLimit, unsigned, "power_limit_mw", 130000)
NUMBER_CALL(nvmlDeviceGetPerformanceState, nvmlPstates_t, "pstate", 8)
NUMBER_CALL(nvmlDeviceGetCurrPcieLinkGeneration, unsigned, "pcie_gen", 1)
NUMBER_CALL(nvmlDeviceGetMaxPcieLinkGeneration, unsigned, "pcie_gen_max", 4)
NUMBER_CALL(nvmlDeviceGetCurrPcieLinkWidth, unsigned, "pcie_width", 16)
NUMBER_CALL(nvmlDeviceGetMaxPcieLinkWidth, unsigned, "pcie_width_max", 16)
NUMBER_CALL(nvmlDeviceGetCurrentClocksEventReasons, unsigned long long, "throttle", 1)
NUMBER_CALL(nvmlDeviceGetCurrentClocksThrottleReasons, unsigned long long, "throttle", 1)
NUMBER_CALL(nvmlDeviceGetPersistenceMode, nvmlEnableState_t, "persistence", 1)
NUMBER_CALL(nvmlDeviceGetPcieReplayCounter, unsigned, "pcie_replay", 0)

nvmlReturn_t nvmlDeviceGetPcieThroughput(nvmlDevice_t device, nvmlPcieUtilCounter_t counter, unsigned int *value) {
    ENTER_GPU(device);
    (void)counter;
    *value = 0;
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t device, nvmlEnableState_t *current, nvmlEnableState_t *pending) {
    ENTER_GPU(device);
    *current = *pending = (nvmlEnableState_t)card_number(&card, "ecc", 0);
    return NVML_SUCCESS;
}

nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t device, nvmlMemoryErrorType_t type, nvmlEccCounterType_t counter,
                                         unsigned long long *count) {
    ENTER_GPU(device);
    if (!card_number(&card, "ecc", 0) || counter != NVML_VOLATILE_ECC) return NVML_ERROR_NOT_SUPPORTED;
    *count = type == NVML_MEMORY_ERROR_TYPE_UNCORRECTED ? (unsigned long long)card_number(&card, "ecc_uncorrected", 0) : 0;
    return NVML_SUCCESS;
}

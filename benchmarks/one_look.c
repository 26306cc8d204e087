/* One look at the card by a process of its own, as `nvidia-smi --query-gpu` does it: start, sign in, ask, print, end.
   It asks what a full look of the probe asks. The real nvidia-smi asks more, and its start loads a far larger library. */
#include <nvml.h>
#include <stdio.h>

#define MAX_PROCESSES 64

int main(void) {
    nvmlDevice_t card;
    nvmlMemory_v2_t memory = {.version = nvmlMemory_v2};
    nvmlProcessInfo_t holders[MAX_PROCESSES];
    nvmlUtilization_t busy = {0};
    nvmlPstates_t state = NVML_PSTATE_UNKNOWN;
    unsigned compute = MAX_PROCESSES, graphics = MAX_PROCESSES, celsius = 0, used_mw = 0, limit_mw = 0, gen = 0, width = 0;
    unsigned long long reasons = 0;
    if (nvmlInit_v2() != NVML_SUCCESS || nvmlDeviceGetHandleByIndex_v2(0, &card) != NVML_SUCCESS) return 1;
    if (nvmlDeviceGetMemoryInfo_v2(card, &memory) != NVML_SUCCESS) return 1;
    nvmlDeviceGetComputeRunningProcesses_v3(card, &compute, holders);
    nvmlDeviceGetGraphicsRunningProcesses_v3(card, &graphics, holders);
    nvmlDeviceGetUtilizationRates(card, &busy);
    nvmlDeviceGetTemperature(card, NVML_TEMPERATURE_GPU, &celsius);
    nvmlDeviceGetPowerUsage(card, &used_mw);
    nvmlDeviceGetEnforcedPowerLimit(card, &limit_mw);
    nvmlDeviceGetPerformanceState(card, &state);
    nvmlDeviceGetCurrPcieLinkGeneration(card, &gen);
    nvmlDeviceGetCurrPcieLinkWidth(card, &width);
    nvmlDeviceGetCurrentClocksEventReasons(card, &reasons);
    printf("%llu, %llu, %u, %u, %u, %u, %u, %u, %d, %u, %u, %llu\n", memory.total, memory.free, compute, graphics,
           busy.gpu, celsius, used_mw, limit_mw, (int)state, gen, width, reasons);
    return nvmlShutdown() != NVML_SUCCESS;
}

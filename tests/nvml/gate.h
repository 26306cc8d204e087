/* What every NVML call passes through before it answers: initialisation, faults, costs, the log of calls. */
#ifndef BD1_GATE_H
#define BD1_GATE_H

#include <nvml.h>

#include "card.h"

/* Reads the card, logs the call, spends `call_us`, and says whether the call may answer. `call` is NVML's own name. */
nvmlReturn_t gate_enter(const char *call, struct card *card);
/* The same for a call on a GPU; sets its number. A handle from before the last nvmlInit is refused. */
nvmlReturn_t gate_enter_gpu(const char *call, struct card *card, nvmlDevice_t handle, unsigned *gpu);
/* The same for nvmlInit, which needs no initialisation. */
nvmlReturn_t gate_enter_init(const char *call, struct card *card);
/* A handle for a GPU, good until the next nvmlShutdown. */
nvmlDevice_t gate_handle(unsigned gpu);
/* Blocks as long as the card's `hang` or `hang_s` say. Reads the card anew when it returns. */
void gate_hang(struct card *card);
/* Where the card says `log_used`: keeps what was told of the memory, and when. */
void gate_note(const struct card *card, long used_mib);
/* nvmlInit and nvmlShutdown count: only the last shutdown lets go. */
void gate_open(const struct card *card);
nvmlReturn_t gate_close(void);

/* Waits a moment inside a call that blocks. */
void gate_nap(void);
double gate_now_s(void);

#endif

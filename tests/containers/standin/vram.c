/* Claims memory of the pretended card, and the separate processes ("runners") that hold a chat model's share of it. */
#define _GNU_SOURCE
#include "standin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file appears under its final name only once it is whole: the card's library reads it at any moment. */
void vram_hold(pid_t pid, long mib, long leaves_mib) {
    const char *state = getenv("BD1_NVML_STATE");
    if (!state) return;
    char fresh[512], final[512];
    snprintf(final, sizeof final, "%s/claims/%d", state, (int)pid);
    snprintf(fresh, sizeof fresh, "%s/claims/.%d.new", state, (int)pid);
    if (mib <= 0 && leaves_mib <= 0) {
        unlink(final);
        return;
    }
    FILE *file = fopen(fresh, "w");
    if (!file) return;
    fprintf(file, "mib=%ld\ntype=C\nname=%s\nleak=%ld\n", mib, setting("STANDIN_ROLE", "standin"), leaves_mib);
    fclose(file);
    rename(fresh, final);
}

/* As in the real service, a model lives in a process of its own, which dies with the server that started it. */
pid_t vram_start_runner(void) {
    pid_t server = getpid(), runner = fork();
    if (runner != 0) return runner;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(3, ~0U, 0); /* else the server's connections would stay open in here */
    signal(SIGTERM, SIG_IGN);
    if (getppid() != server) _exit(0);
    for (;;) pause();
}

void vram_stop_runner(pid_t runner) {
    kill(runner, SIGKILL);
    waitpid(runner, NULL, 0);
}

long ramp(long mib, long long since_ms, long took_ms) {
    long long passed = now_ms() - since_ms;
    return passed >= took_ms ? mib : (long)(mib * passed / took_ms);
}

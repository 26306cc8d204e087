/* The picture role: memory grows after the start, jobs run one at a time for a set time, /free acts when idle. */
#include "standin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_JOBS = 64, ID = 40 };
struct job {
    char id[ID];
    long number;
    bool finished, interrupted;
};

static struct job jobs[MAX_JOBS]; /* a ring: jobs number `first` to `count - 1` are not finished */
static long first, count;
static long base_mib, idle_mib, job_mib, ramp_ms, job_ms;
static long long started_at, job_started_at;
static bool running, free_asked, freed, keeps;

static void begin(void) {
    base_mib = setting_number("STANDIN_BASE_MIB", 600);
    idle_mib = setting_number("STANDIN_IDLE_MIB", 300);
    job_mib = setting_number("STANDIN_JOB_MIB", 2000);
    ramp_ms = setting_number("STANDIN_RAMP_MS", 200);
    job_ms = setting_number("STANDIN_JOB_MS", 500);
    keeps = setting_number("STANDIN_KEEPS_MODELS", 0) != 0;
    started_at = now_ms();
}

static long own_mib(void) {
    if (running) return base_mib + ramp(job_mib, job_started_at, job_ms < ramp_ms ? job_ms : ramp_ms);
    if (freed) return idle_mib < base_mib ? idle_mib : base_mib;
    return ramp(base_mib, started_at, ramp_ms) + (count > 0 ? job_mib : 0);
}

static long step(void) {
    struct job *job = &jobs[first % MAX_JOBS];
    if (running && (job->interrupted || now_ms() - job_started_at >= job_ms)) {
        job->finished = true;
        running = false;
        first++;
    }
    if (!running && free_asked) {
        free_asked = false;
        freed = !keeps;
    }
    if (!running && first < count) {
        running = true;
        freed = false;
        job_started_at = now_ms();
    }
    return running || now_ms() - started_at < ramp_ms ? 10 : 1000;
}

static void put_prompt(struct client *client) {
    const char *graph = json_member(client->body, "prompt");
    if (!json_is(graph, '{')) {
        http_reply(client, 400, "application/json",
                   "{\"error\": {\"type\": \"no_prompt\", \"message\": \"No prompt provided\", \"details\": \"No prompt provided\", "
                   "\"extra_info\": {}}, \"node_errors\": {}}");
        return;
    }
    if (count - first >= MAX_JOBS) {
        http_reply(client, 500, "text/plain", "this stand-in holds %d jobs", MAX_JOBS);
        return;
    }
    struct job *job = &jobs[count % MAX_JOBS];
    *job = (struct job){.number = count++};
    if (!json_raw(json_member(client->body, "prompt_id"), job->id, ID))
        snprintf(job->id, ID, "00000000-0000-4000-8000-%012ld", job->number);
    http_reply(client, 200, "application/json", "{\"prompt_id\": \"%s\", \"number\": %ld, \"node_errors\": {}}", job->id,
               job->number);
}

static void interrupt(struct client *client) {
    char id[ID];
    struct job *job = &jobs[first % MAX_JOBS];
    json_raw(json_member(client->body, "prompt_id"), id, ID);
    if (running && (!id[0] || strcmp(id, job->id) == 0)) job->interrupted = true;
    http_reply(client, 200, "application/octet-stream", "%s", "");
}

static void list_queue(struct client *client) {
    static char pending[MAX_JOBS * 128];
    char current[128] = "";
    size_t length = 0;
    pending[0] = '\0';
    for (long i = first; i < count; i++) {
        struct job *job = &jobs[i % MAX_JOBS];
        bool now = running && i == first;
        char *out = now ? current : pending + length;
        int wrote = snprintf(out, 128, "%s[%ld, \"%s\", {}, {}, []]", !now && length ? ", " : "", job->number, job->id);
        if (!now) length += (size_t)wrote;
    }
    http_reply(client, 200, "application/json", "{\"queue_running\": [%s], \"queue_pending\": [%s]}", current, pending);
}

static void clear_queue(struct client *client) {
    if (json_is(json_member(client->body, "clear"), 't')) count = first + (running ? 1 : 0);
    http_reply(client, 200, "application/octet-stream", "%s", "");
}

static void let_go(struct client *client) {
    if (!*client->body) { /* the real one fails to parse it, too */
        http_reply(client, 500, "text/plain; charset=utf-8", "500 Internal Server Error");
        return;
    }
    free_asked = free_asked || json_is(json_member(client->body, "unload_models"), 't');
    http_reply(client, 200, "application/octet-stream", "%s", "");
}

static void tell_history(struct client *client) {
    for (long i = count - 1; i >= 0 && i > count - MAX_JOBS; i--) {
        struct job *job = &jobs[i % MAX_JOBS];
        if (!job->finished || strcmp(job->id, client->path + 9) != 0) continue;
        http_reply(client, 200, "application/json",
                   "{\"%s\": {\"prompt\": [%ld, \"%s\", {}, {}, []], \"outputs\": {}, \"status\": {\"status_str\": \"%s\", "
                   "\"completed\": %s, \"messages\": []}, \"meta\": {}}}",
                   job->id, job->number, job->id, job->interrupted ? "error" : "success", job->interrupted ? "false" : "true");
        return;
    }
    http_reply(client, 200, "application/json", "{}");
}

static void tell_stats(struct client *client) {
    long long total = setting_number("STANDIN_TOTAL_MIB", 20475) * (1LL << 20), held = own_mib() * (1LL << 20);
    http_reply(client, 200, "application/json",
               "{\"system\": {\"os\": \"posix\", \"ram_total\": 12582912000, \"ram_free\": 8388608000, \"comfyui_version\": "
               "\"0.3.64\", \"python_version\": \"3.11.7\", \"pytorch_version\": \"2.13.0+cu128\", \"embedded_python\": false, "
               "\"argv\": [\"main.py\"]}, \"devices\": [{\"name\": \"cuda:0 NVIDIA RTX 4000 Ada Generation\", \"type\": \"cuda\", "
               "\"index\": 0, \"vram_total\": %lld, \"vram_free\": %lld, \"torch_vram_total\": %lld, \"torch_vram_free\": 0}]}",
               total, total - held, held);
}

static void handle(struct client *client) {
    bool post = strcmp(client->method, "POST") == 0;
    const char *path = client->path;
    if (strcmp(path, "/system_stats") == 0) tell_stats(client);
    else if (strcmp(path, "/queue") == 0) post ? clear_queue(client) : list_queue(client);
    else if (strcmp(path, "/prompt") == 0 && post) put_prompt(client);
    else if (strcmp(path, "/prompt") == 0)
        http_reply(client, 200, "application/json", "{\"exec_info\": {\"queue_remaining\": %ld}}", count - first);
    else if (strcmp(path, "/interrupt") == 0 && post) interrupt(client);
    else if (strncmp(path, "/history/", 9) == 0) tell_history(client);
    else if (strcmp(path, "/free") == 0 && post) let_go(client);
    else http_reply(client, 404, "text/plain; charset=utf-8", "404: Not Found");
}

static void gone(struct client *client) { (void)client; }

const struct role comfyui = {begin, handle, gone, step, own_mib};

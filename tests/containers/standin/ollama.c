/* The chat role: models that load, answer word by word and unload, each held by a runner process of its own. */
#include "standin.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { MAX_MODELS = 8, NAME = 96, ANSWER = 8192 };
#define JSON "application/json; charset=utf-8"
#define NDJSON "application/x-ndjson"
#define DETAILS \
    "\"details\":{\"parent_model\":\"\",\"format\":\"gguf\",\"family\":\"llama\",\"families\":[\"llama\"]," \
    "\"parameter_size\":\"8.0B\",\"quantization_level\":\"Q4_0\""
#define DIGEST "365c0bd3c000a25d28ddbf732fe1c6add414de7275464c4e4d1c3b5fcb5d8ad1"
static const long long MS_NS = 1000000;
static const long long FOREVER_MS = 9223372036854LL; /* Go's longest duration: the server says the year 2319 */

struct model {
    char name[NAME];
    long mib, held_mib, context;
    pid_t runner; /* 0: not loaded */
    bool dead;    /* the runner died by itself: still listed until the next request */
    bool leaving; /* asked to unload: goes once the answer under way has ended */
    long long load_started_at, loaded_at, expires_at;
};

struct work {
    struct model *model; /* NULL: this client asks for nothing */
    char asked[NAME], answer[ANSWER];
    char *next; /* what is still to be said of the answer */
    bool generate, stream, only_load, active;
    long words, limit, context;
    long long keep_ms, begun_at, active_at, due_at;
};

static struct model models[MAX_MODELS];
static struct work works[MAX_CLIENTS];
static long load_ms, word_ms;

static void begin(void) {
    static char told[1024];
    load_ms = setting_number("STANDIN_LOAD_MS", 200);
    word_ms = setting_number("STANDIN_WORD_MS", 20);
    snprintf(told, sizeof told, "%s", setting("STANDIN_MODELS", "llama3:8b=4700"));
    char *each = strtok(told, ",");
    for (int i = 0; each && i < MAX_MODELS; i++, each = strtok(NULL, ",")) {
        char *equals = strchr(each, '=');
        models[i].mib = equals ? strtol(equals + 1, NULL, 10) : 4700;
        snprintf(models[i].name, NAME, "%.*s", (int)strcspn(each, "="), each);
    }
}

static struct model *find(const char *asked) {
    char full[NAME + 8];
    snprintf(full, sizeof full, "%s%s", asked, strchr(asked, ':') ? "" : ":latest");
    for (int i = 0; i < MAX_MODELS; i++)
        if (models[i].name[0] && (strcmp(models[i].name, full) == 0 || strcmp(models[i].name, asked) == 0)) return &models[i];
    return NULL;
}

static struct work *work_of(const struct client *client) { return &works[client - clients]; }

static bool busy(const struct model *model) {
    for (int i = 0; i < MAX_CLIENTS; i++)
        if (works[i].model == model && works[i].active) return true;
    return false;
}

/* A number is seconds, a text a duration of Go's with one unit; negative is for ever; none is five minutes. */
static long long keep_alive(const char *value) {
    char text[32], *unit;
    if (!value || *value == 'n') return 300000;
    if (*value == '"') json_raw(value, text, sizeof text);
    else snprintf(text, sizeof text, "%.*s", (int)json_width(value), value);
    double amount = strtod(text, &unit);
    double scale = strncmp(unit, "ms", 2) == 0 ? 1 : *unit == 'm' ? 60000 : *unit == 'h' ? 3600000 : 1000;
    return amount < 0 ? FOREVER_MS : (long long)(amount * scale);
}

static void unload(struct model *model) {
    if (model->runner && !model->dead) vram_stop_runner(model->runner);
    model->runner = 0;
    model->dead = false;
    model->loaded_at = 0;
    model->held_mib = 0;
}

static void start_load(struct model *model, long context) {
    unload(model);
    model->runner = vram_start_runner();
    model->context = context;
    model->load_started_at = now_ms();
}

static void grow(struct model *model) {
    long mib = ramp(model->mib, model->load_started_at, load_ms);
    if (mib != model->held_mib) vram_hold(model->runner, model->held_mib = mib, 0);
    if (!model->loaded_at && now_ms() - model->load_started_at >= load_ms) model->loaded_at = now_ms();
}

static void prepare_answer(struct work *work, const char *messages, const char *prompt) {
    const char *last = prompt, *item = NULL;
    while ((item = json_next(messages, item))) last = json_member(item, "content");
    const char *set = setting("STANDIN_ANSWER", NULL);
    int length = snprintf(work->answer, ANSWER, "%s", set ? set : "You said: ");
    if (!set) json_raw(last, work->answer + length, (size_t)(ANSWER - length));
    work->next = work->answer;
}

/* Cuts the next word off the answer, its leading blank with it; escapes stay whole, as a cut is only made at blanks. */
static size_t next_word(const char *at) { return *at ? 1 + strcspn(at + 1, " ") : 0; }

static void say_part(struct client *client, struct work *work, const char *text, size_t width) {
    char at[40];
    wall_time(at, sizeof at, 0);
    http_line(client, work->generate ? "{\"model\":\"%s\",\"created_at\":\"%s\",\"response\":\"%.*s\",\"done\":false}"
                                     : "{\"model\":\"%s\",\"created_at\":\"%s\",\"message\":{\"role\":\"assistant\",\"content\":\"%.*s\"},\"done\":false}",
              work->asked, at, (int)width, text);
}

/* The one object of an answer that is not streamed, or the last line of one that is. */
static void say_done(struct client *client, struct work *work, const char *reason, const char *text, size_t width) {
    char at[40], figures[320] = "", said[ANSWER + 64];
    long long now = now_ms();
    wall_time(at, sizeof at, 0);
    if (work->words)
        snprintf(figures, sizeof figures,
                 ",\"total_duration\":%lld,\"load_duration\":%lld,\"prompt_eval_count\":%zu,"
                 "\"prompt_eval_duration\":1000000,\"eval_count\":%ld,\"eval_duration\":%lld",
                 (now - work->begun_at) * MS_NS, (work->active_at - work->begun_at) * MS_NS, strlen(work->answer) / 4 + 1,
                 work->words, (now - work->active_at) * MS_NS + 1);
    snprintf(said, sizeof said, work->generate ? "\"response\":\"%.*s\"" : "\"message\":{\"role\":\"assistant\",\"content\":\"%.*s\"}",
             (int)width, text);
    const char *format = "{\"model\":\"%s\",\"created_at\":\"%s\",%s,\"done\":true,\"done_reason\":\"%s\"%s}";
    bool streaming = client->chunked;
    work->model = NULL;
    if (!streaming) {
        http_reply(client, 200, JSON, format, work->asked, at, said, reason, figures);
        return;
    }
    http_line(client, format, work->asked, at, said, reason, figures);
    http_end(client);
}

static void settle(struct work *work) {
    work->model->expires_at = now_ms() + (work->model->leaving ? 0 : work->keep_ms);
}

static void finish(struct client *client, struct work *work, const char *reason) {
    settle(work);
    if (client->chunked) say_done(client, work, reason, "", 0);
    else say_done(client, work, reason, work->answer, (size_t)(work->next - work->answer));
}

static void activate(struct client *client, struct work *work) {
    work->active = true;
    work->active_at = work->due_at = now_ms();
    if (work->only_load) {
        settle(work);
        say_done(client, work, "load", "", 0);
    } else if (work->stream) http_begin_stream(client, NDJSON);
}

static void speak(struct client *client, struct work *work) {
    size_t width = next_word(work->next);
    if (work->model->dead) {
        const char *error = "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}";
        work->model = NULL;
        if (!client->chunked) {
            http_reply(client, 500, JSON, "%s", error);
            return;
        }
        http_line(client, "%s", error);
        http_end(client);
    } else if (width == 0) finish(client, work, "stop");
    else if (work->limit >= 0 && work->words >= work->limit) finish(client, work, "length");
    else if (now_ms() >= work->due_at) {
        if (work->stream) say_part(client, work, work->next, width);
        work->next += width;
        work->words++;
        work->due_at += word_ms;
    }
}

static void serve(struct client *client, struct work *work) {
    struct model *model = work->model;
    if (work->active) speak(client, work);
    else if (busy(model)) return;
    else if (!model->runner || model->dead || model->context != work->context) start_load(model, work->context);
    else if (model->loaded_at) activate(client, work);
}

static void notice_deaths(void) {
    for (pid_t dead; (dead = waitpid(-1, NULL, WNOHANG)) > 0;)
        for (int i = 0; i < MAX_MODELS; i++)
            if (models[i].runner == dead) models[i].dead = true;
}

static long step(void) {
    bool at_work = false;
    notice_deaths();
    for (int i = 0; i < MAX_CLIENTS; i++)
        if (works[i].model) {
            serve(&clients[i], &works[i]);
            at_work = true;
        }
    for (int i = 0; i < MAX_MODELS; i++) {
        struct model *model = &models[i];
        if (!model->runner || model->dead) continue;
        grow(model);
        if (model->loaded_at && model->expires_at <= now_ms() && !busy(model)) unload(model);
    }
    return at_work ? 2 : 50;
}

static void ask(struct client *client, bool generate) {
    struct work *work = work_of(client);
    const char *messages = json_member(client->body, "messages"), *prompt = json_member(client->body, "prompt");
    const char *options = json_member(client->body, "options");
    *work = (struct work){.generate = generate, .begun_at = now_ms(), .stream = true};
    json_raw(json_member(client->body, "model"), work->asked, NAME);
    struct model *model = find(work->asked);
    if (!client->body[0]) http_reply(client, 400, JSON, "{\"error\":\"missing request body\"}");
    else if (*client->body != '{') http_reply(client, 400, JSON, "{\"error\":\"invalid character in the request body\"}");
    else if (!work->asked[0]) http_reply(client, 400, JSON, "{\"error\":\"model is required\"}");
    else if (!model) http_reply(client, 404, JSON, "{\"error\":\"model '%s' not found\"}", work->asked);
    if (!model || client->fd < 0) return;
    work->keep_ms = keep_alive(json_member(client->body, "keep_alive"));
    work->only_load = generate ? !json_is(prompt, '"') || prompt[1] == '"' : !json_next(messages, NULL);
    if (work->only_load && work->keep_ms == 0) {
        model->expires_at = now_ms() - 1;
        model->leaving = true;
        say_done(client, work, "unload", "", 0);
        return;
    }
    work->limit = json_number(json_member(options, "num_predict"), -1);
    work->context = json_number(json_member(options, "num_ctx"), model->runner ? model->context : 4096);
    work->stream = !json_is(json_member(client->body, "stream"), 'f');
    model->leaving = false;
    if (!model->runner) model->expires_at = now_ms() + FOREVER_MS / 2;
    prepare_answer(work, messages, prompt);
    work->model = model;
}

static void list(struct client *client, bool loaded_only) {
    static char rows[MAX_MODELS * 1024];
    size_t length = 0;
    rows[0] = '\0';
    for (int i = 0; i < MAX_MODELS; i++) {
        struct model *model = &models[i];
        char at[40];
        long long bytes = model->mib * (1LL << 20);
        if (!model->name[0] || (loaded_only && !model->runner)) continue;
        wall_time(at, sizeof at, loaded_only ? model->expires_at - now_ms() : -86400000);
        length += (size_t)snprintf(rows + length, sizeof rows - length, "%s{\"name\":\"%s\",\"model\":\"%s\",", length ? "," : "",
                                   model->name, model->name);
        if (loaded_only)
            length += (size_t)snprintf(rows + length, sizeof rows - length,
                                       "\"size\":%lld,\"digest\":\"" DIGEST "\"," DETAILS
                                       "},\"expires_at\":\"%s\",\"size_vram\":%lld,\"context_length\":%ld}",
                                       bytes, at, bytes, model->context);
        else
            length += (size_t)snprintf(rows + length, sizeof rows - length,
                                       "\"modified_at\":\"%s\",\"size\":%lld,\"digest\":\"" DIGEST "\"," DETAILS
                                       ",\"context_length\":8192,\"embedding_length\":4096},\"capabilities\":[\"completion\"]}",
                                       at, bytes);
    }
    http_reply(client, 200, JSON, "{\"models\":[%s]}", rows);
}

static void show(struct client *client) {
    char asked[NAME];
    if (!json_raw(json_member(client->body, "model"), asked, NAME)) json_raw(json_member(client->body, "name"), asked, NAME);
    if (!find(asked)) {
        http_reply(client, 404, JSON, "{\"error\":\"model '%s%s' not found\"}", asked, strchr(asked, ':') ? "" : ":latest");
        return;
    }
    http_reply(client, 200, JSON,
               "{\"modelfile\":\"# a stand-in\\n\",\"parameters\":\"\",\"template\":\"{{ .Prompt }}\"," DETAILS "},"
               "\"model_info\":{\"general.architecture\":\"llama\",\"general.parameter_count\":8030261248,"
               "\"llama.attention.head_count\":32,\"llama.attention.head_count_kv\":8,\"llama.block_count\":32,"
               "\"llama.context_length\":8192,\"llama.embedding_length\":4096},\"capabilities\":[\"completion\"],"
               "\"modified_at\":\"2026-11-23T07:40:00.350390855Z\"}");
}

static void handle(struct client *client) {
    bool post = strcmp(client->method, "POST") == 0;
    const char *path = client->path;
    bool speech = strcmp(path, "/api/chat") == 0 || strcmp(path, "/api/generate") == 0;
    if (speech && post) ask(client, path[5] == 'g');
    else if (speech) http_reply(client, 405, "text/plain", "405 method not allowed");
    else if (strcmp(path, "/") == 0) http_reply(client, 200, "text/plain; charset=utf-8", "Ollama is running");
    else if (strcmp(path, "/api/version") == 0) http_reply(client, 200, JSON, "{\"version\":\"0.33.0-rc2\"}");
    else if (strcmp(path, "/api/tags") == 0) list(client, false);
    else if (strcmp(path, "/api/ps") == 0) list(client, true);
    else if (strcmp(path, "/api/show") == 0 && post) show(client);
    else http_reply(client, 404, "text/plain", "404 page not found");
}

static void gone(struct client *client) {
    struct work *work = work_of(client);
    if (work->model && work->active) settle(work);
    *work = (struct work){.model = NULL};
}

static long own_mib(void) { return 0; }

const struct role ollama = {begin, handle, gone, step, own_mib};

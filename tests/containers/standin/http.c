/* A very small HTTP server: one thread, one request a connection, answers written at once or line by line. */
#define _GNU_SOURCE
#include "standin.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_REQUEST = 4 << 20, MAX_LINE = 64 << 10 };

struct client clients[MAX_CLIENTS];
int http_listen(const char *host, int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 32) != 0) {
        perror("listen");
        exit(3);
    }
    for (int i = 0; i < MAX_CLIENTS; i++) clients[i].fd = -1;
    return listener;
}

static void welcome(int listener) {
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    for (int i = 0; fd >= 0 && i < MAX_CLIENTS; i++)
        if (clients[i].fd < 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            clients[i] = (struct client){.fd = fd, .text = calloc(1, 1)};
            return;
        }
    if (fd >= 0) close(fd);
}

void http_end(struct client *client) {
    if (client->fd < 0) return;
    role->gone(client);
    if (client->chunked) (void)!send(client->fd, "0\r\n\r\n", 5, MSG_NOSIGNAL);
    close(client->fd);
    free(client->text);
    *client = (struct client){.fd = -1};
}

/* Cuts the request line apart once head and body are there; false while something is missing. */
static bool whole(struct client *client) {
    char *blank_line = strstr(client->text, "\r\n\r\n");
    if (!blank_line) return false;
    char *told = strcasestr(client->text, "\r\ncontent-length:");
    size_t length = told && told < blank_line ? strtoul(told + 17, NULL, 10) : 0;
    if (client->got < (size_t)(blank_line + 4 - client->text) + length) return false;
    client->body = blank_line + 4;
    client->method = strtok(client->text, " ");
    client->path = strtok(NULL, " ");
    return true;
}

static void receive(struct client *client) {
    char part[16384];
    ssize_t size = recv(client->fd, part, sizeof part, 0);
    if (size <= 0 || client->got + (size_t)size > MAX_REQUEST) {
        client->chunked = false;
        http_end(client);
        return;
    }
    if (client->answered) return;
    client->text = realloc(client->text, client->got + (size_t)size + 1);
    memcpy(client->text + client->got, part, (size_t)size);
    client->got += (size_t)size;
    client->text[client->got] = '\0';
    if (!whole(client)) return;
    client->answered = true;
    if (client->method && client->path) dispatch(client);
    else http_end(client);
}

void http_step(int listener, int timeout_ms) {
    struct pollfd waits[MAX_CLIENTS + 1] = {{.fd = listener, .events = POLLIN}};
    for (int i = 0; i < MAX_CLIENTS; i++) waits[i + 1] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
    if (poll(waits, MAX_CLIENTS + 1, timeout_ms) <= 0) return;
    for (int i = 0; i < MAX_CLIENTS; i++)
        if (waits[i + 1].revents && clients[i].fd == waits[i + 1].fd) receive(&clients[i]);
    if (waits[0].revents) welcome(listener);
}

void http_reply(struct client *client, int status, const char *type, const char *format, ...) {
    char *body, *head;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&body, format, arguments);
    va_end(arguments);
    int head_length = asprintf(&head, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
                               status, status < 400 ? "OK" : "Error", type, length);
    (void)!send(client->fd, head, (size_t)head_length, MSG_NOSIGNAL | MSG_MORE);
    (void)!send(client->fd, body, (size_t)length, MSG_NOSIGNAL);
    free(head);
    free(body);
    http_end(client);
}

void http_begin_stream(struct client *client, const char *type) {
    char head[256];
    int length = snprintf(head, sizeof head,
                          "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", type);
    client->chunked = true;
    (void)!send(client->fd, head, (size_t)length, MSG_NOSIGNAL);
}

void http_line(struct client *client, const char *format, ...) {
    static char line[MAX_LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof line - 1) length = (int)sizeof line - 2;
    line[length++] = '\n';
    char *chunk;
    int chunk_length = asprintf(&chunk, "%x\r\n%.*s\r\n", length, length, line);
    (void)!send(client->fd, chunk, (size_t)chunk_length, MSG_NOSIGNAL);
    free(chunk);
}

long http_query(const struct client *client, const char *name, long fallback) {
    size_t width = strlen(name);
    for (const char *at = strchr(client->path, '?'); at; at = strchr(at + 1, '&'))
        if (strncmp(at + 1, name, width) == 0 && at[width + 1] == '=') return strtol(at + width + 2, NULL, 10);
    return fallback;
}

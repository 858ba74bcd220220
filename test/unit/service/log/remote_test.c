/* One process is somebody's web server, the other reads a log there and adds to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/remote.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

/* ---- the server: what it has by path; /append says how long the body was ---- */

static const struct {
    const char *path;
    unsigned status;
    size_t fill; /* bytes, each its place modulo 251; 0: `text` */
    const char *text;
} pages[] = {
    {"/checkpoint", 200, 0, "a note\n"},
    {"/gone/checkpoint", 410, 0, "gone"},
    {"/broken/checkpoint", 500, 0, "the disk\x1b[2J is gone\nand more"},
    {"/tile/0/000", 200, 8192, NULL},
    {"/tile/0/001.p/5", 200, 160, NULL},
    {"/tile/0/002.p/5", 200, 161, NULL},
    {"/tile/0/003", 200, 8191, NULL},
    {"/tile/entries/001.p/2", 200, 0,
     "\x01\x01"
     "a"},
    {"/tile/entries/002.p/2", 200, 0,
     "\x02\x02"
     "ab"
     "\x02\x02"
     "cd"},
    {"/s503/append", 503, 0, "too many are waiting\n"},
    {"/s507/append", 507, 0, "no space"},
    {"/s413/append", 413, 0, ""},
    {"/s404/append", 404, 0, ""},
    {"/s500/append", 500, 0, ""},
    {"/odd/append", 200, 0, "{\"number\":7}"},
    {"/text/append", 200, 0, "7"},
};

static void reply(int to, unsigned status, const void *body, size_t len)
{
    char head[128];

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 %u X\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                   status, len);
    (void)!write(to, head, strlen(head));
    (void)!write(to, body, len);
}

static void answer_page(int to, const char *path)
{
    char bytes[8192];

    for (size_t i = 0; i < COUNT(pages); i++) {
        const size_t len = pages[i].fill ? pages[i].fill
                                         : strlen(pages[i].text ? pages[i].text : "");

        if (strcmp(pages[i].path, path) != 0)
            continue;
        for (size_t j = 0; j < sizeof bytes; j++)
            bytes[j] = (char)(j % 251);
        reply(to, pages[i].status, pages[i].fill ? bytes : pages[i].text, len);
        return;
    }
    reply(to, 404, "", 0);
}

/* "{"index":N}" with N the length of the body, and a million for JSON. */
static void answer_append(int to, char *request, size_t len, size_t room)
{
    const char *type = strstr(request, "Content-Type: application/json");
    const char *at = strstr(request, "Content-Length: ");
    const char *body = strstr(request, "\r\n\r\n");
    const size_t wanted = at ? (size_t)strtoul(at + 16, NULL, 10) : 0;
    char text[64];

    while (body && len < (size_t)(body + 4 - request) + wanted && len < room) {
        const ssize_t got = read(to, request + len, room - len);

        if (got <= 0)
            break;
        len += (size_t)got;
    }
    (void)snprintf(text, sizeof text, "{\"index\":%zu}", wanted + (type ? 1000000 : 0));
    reply(to, 200, text, strlen(text));
}

static void serve(int listener)
{
    static char request[512 * 1024];

    (void)signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int to = accept(listener, NULL, NULL);
        ssize_t len = read(to, request, sizeof request - 1);
        char path[128] = "";

        request[len > 0 ? len : 0] = '\0';
        (void)sscanf(request, "%*s %127s", path);
        if (strcmp(path, "/append") == 0)
            answer_append(to, request, (size_t)len, sizeof request - 1);
        else
            answer_page(to, path);
        (void)shutdown(to, SHUT_WR);
        while (read(to, request, sizeof request - 1) > 0)
            ;
        (void)close(to);
    }
}

/* ---- the client ---- */

struct world {
    pid_t child;
    struct troth_http *http;
    char url[64];
};

static struct world begin(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t len = sizeof here;
    struct world w = {.http = troth_http_create()};
    int s = socket(AF_INET, SOCK_STREAM, 0);

    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(s, 16) != 0 || getsockname(s, (struct sockaddr *)&here, &len) != 0)
        abort();
    (void)snprintf(w.url, sizeof w.url, "http://127.0.0.1:%u", ntohs(here.sin_port));
    w.child = fork();
    if (w.child == 0)
        serve(s);
    (void)close(s);
    return w;
}

static void end(struct world *w)
{
    (void)kill(w->child, SIGKILL);
    (void)waitpid(w->child, NULL, 0);
    troth_http_destroy(w->http);
}

static const struct {
    const char *why;
    struct troth_tile tile;
    int failed;
    size_t len;
} tiles[] = {
    {"a full tile", {.level = 0, .index = 0, .width = 256}, 0, 8192},
    {"a partial one", {.index = 1, .width = 5}, 0, 160},
    {"a byte too many", {.index = 2, .width = 5}, EPROTO, 0},
    {"a byte too few", {.index = 3, .width = 256}, EPROTO, 0},
    {"a partial one that is gone: of the full one", {.index = 0, .width = 7}, 0, 224},
    {"neither", {.index = 9, .width = 7}, ENOENT, 0},
    {"a full one that is not there", {.index = 9, .width = 256}, ENOENT, 0},
    {"an entry shorter than it says",
     {.has_entries = true, .index = 1, .width = 2},
     EPROTO,
     0},
    {"more entries than there may be",
     {.has_entries = true, .index = 2, .width = 1},
     ENOENT,
     0},
    {"lengths that lead beyond the end",
     {.has_entries = true, .index = 2, .width = 2},
     EPROTO,
     0},
};

static void test_tiles(struct world *w)
{
    struct troth_log_remote remote = {w->http, w->url, NULL};
    struct troth_log_place place;

    troth_log_place_remote(&place, &remote);
    for (size_t i = 0; i < COUNT(tiles); i++) {
        struct troth_log_problem problem = {0};
        struct troth_file file;

        test_case("%s", tiles[i].why);
        CHECK_INT(place.tile(place.state, &problem, &file, &tiles[i].tile),
                  tiles[i].failed);
        CHECK_INT(problem.failed, tiles[i].failed);
        CHECK((problem.text[0] == '\0') == (tiles[i].failed == 0));
        CHECK_INT(file.len, tiles[i].len);
        for (size_t j = 0; j < file.len; j++)
            CHECK(file.bytes[j] == j % 251);
        troth_file_release(&file);
    }
}

static void test_checkpoints(struct world *w)
{
    static const struct {
        const char *why, *path;
        int failed;
    } rows[] = {{"a checkpoint", "", 0},
                {"one that is gone", "/gone", ENOENT},
                {"a server that fails", "/broken", EPROTO},
                {"a path that is none", "/a b", EINVAL}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        char prefix[128];
        struct troth_log_remote remote = {w->http, prefix, NULL};
        struct troth_log_problem problem = {0};
        struct troth_log_place place;
        struct troth_file file;

        test_case("%s", rows[i].why);
        (void)snprintf(prefix, sizeof prefix, "%s%s", w->url, rows[i].path);
        troth_log_place_remote(&place, &remote);
        CHECK_INT(place.checkpoint(place.state, &problem, &file), rows[i].failed);
        CHECK(!strchr(problem.text, '\x1b') && !strchr(problem.text, '\n'));
        if (!rows[i].failed)
            CHECK_SPAN(((struct troth_span){file.bytes, file.len}),
                       test_text("a note\n"));
        troth_file_release(&file);
    }
}

static void test_nobody(struct world *w)
{
    static const struct {
        const char *why, *prefix;
        int failed;
    } rows[] = {{"nobody there", "http://127.0.0.1:1", EHOSTUNREACH},
                {"plain http to another machine", "http://192.0.2.1", EINVAL},
                {"no address", "ftp://127.0.0.1", EINVAL},
                {"a socket that is not there", "/nonexistent/socket", EHOSTUNREACH}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_log_remote remote = {w->http, rows[i].prefix, NULL};
        struct troth_log_problem problem = {0};
        struct troth_log_place place;
        struct troth_file file;

        test_case("%s", rows[i].why);
        troth_log_place_remote(&place, &remote);
        CHECK_INT(place.checkpoint(place.state, &problem, &file), rows[i].failed);
        CHECK(problem.failed == rows[i].failed && problem.text[0]);
        troth_file_release(&file);
    }
}

static uint8_t long_entry[TROTH_LOG_ENTRY_MAX + 1];

static void test_append(struct world *w)
{
    static const struct {
        const char *why, *path;
        size_t entry, sealed;
        int failed;
        uint64_t index;
    } rows[] = {
        {"an entry as it is", "", 12, 0, 0, 12},
        {"an empty one", "", 0, 0, 0, 0},
        {"the longest", "", TROTH_LOG_ENTRY_MAX, 0, 0, TROTH_LOG_ENTRY_MAX},
        {"one that is longer", "", TROTH_LOG_ENTRY_MAX + 1, 0, EFBIG, 0},
        {"with sealed values: JSON", "", 3, 6, 0, 1000000 + 4 + 8 + 24},
        {"too many wait", "/s503", 1, 0, EAGAIN, 0},
        {"the disk is full", "/s507", 1, 0, ENOSPC, 0},
        {"too large for the log", "/s413", 1, 0, EFBIG, 0},
        {"no door for entries", "/s404", 1, 0, ENOENT, 0},
        {"it fails", "/s500", 1, 0, EPROTO, 0},
        {"an answer without an index", "/odd", 1, 0, EPROTO, 0},
        {"an answer that is no object", "/text", 1, 0, EPROTO, 0},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char prefix[128];
        struct troth_log_remote remote = {w->http, prefix, NULL};
        const struct troth_log_item item = {{long_entry, rows[i].entry},
                                            {long_entry, rows[i].sealed}};
        struct troth_log_problem problem;
        uint64_t index = 99;

        test_case("%s", rows[i].why);
        (void)snprintf(prefix, sizeof prefix, "%s%s", w->url, rows[i].path);
        CHECK_INT(troth_log_remote_append(&remote, &problem, &index, &item),
                  rows[i].failed);
        CHECK_INT(problem.failed, rows[i].failed);
        CHECK_INT(index, rows[i].index);
    }
}

/* The same by a path of this machine. */
static void test_socket(struct world *w)
{
    char folder[] = "/tmp/troth-remote-XXXXXX";
    struct sockaddr_un here = {.sun_family = AF_UNIX};
    struct troth_log_remote remote = {w->http, here.sun_path, NULL};
    const struct troth_log_item item = {{long_entry, 5}, {NULL, 0}};
    struct troth_log_problem problem;
    uint64_t index = 0;
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    pid_t child;

    test_case("a socket's path");
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(here.sun_path, sizeof here.sun_path, "%s/log", folder);
    CHECK(bind(s, (struct sockaddr *)&here, sizeof here) == 0 && listen(s, 4) == 0);
    child = fork();
    if (child == 0)
        serve(s);
    (void)close(s);
    CHECK_INT(troth_log_remote_append(&remote, &problem, &index, &item), 0);
    CHECK_INT(index, 5);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    (void)unlink(here.sun_path);
    (void)rmdir(folder);
}

int main(void)
{
    struct world w = begin();

    test_tiles(&w);
    test_checkpoints(&w);
    test_nobody(&w);
    test_append(&w);
    test_socket(&w);
    end(&w);
    return test_finish();
}

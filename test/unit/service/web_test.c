/* SPDX-License-Identifier: Apache-2.0 */
#include "service/web.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "service/web_call.h"
#include "test/harness.h"
#include "test/support/web_client.h"

#define HOST  "Host: x\r\n"
#define GET   "GET / HTTP/1.1\r\n" HOST "\r\n"
#define LATER "GET /later HTTP/1.1\r\n" HOST "\r\n"
#define BIG   "GET /big HTTP/1.1\r\n" HOST "\r\n"

enum { BODY_MAX = 1000, CALLS_MAX = 3, BIG_SIZE = 32 << 20, ROOM = 64 * 1024 };

static struct event_base *base;
static struct troth_web *web;
static struct troth_address at;

/* ---- who answers ---- */

static struct troth_web_call *waiting;
static unsigned served, forgotten;
static uint8_t *big;

static void forget(void *state)
{
    CHECK(state == &waiting);
    waiting = NULL;
    forgotten++;
}

static void answer_text(struct troth_web_call *call, const char *text)
{
    troth_web_answer(call, &(struct troth_web_answer){.status = 200,
                                                      .content_type = "text/plain",
                                                      .body = test_text(text)});
}

static void answer_file(struct troth_web_call *call)
{
    char path[] = "/tmp/web_test.XXXXXX";
    const int made = mkstemp(path);

    CHECK(made >= 0 && unlink(path) == 0 && write(made, "0123456789", 10) == 10);
    troth_web_answer_file(call, &(struct troth_web_answer){.status = 200}, made, 9);
}

static void answer_tagged(struct troth_web_call *call,
                          const struct troth_http_request *request)
{
    const bool has = troth_web_has_tag(request, "\"a\"");

    troth_web_answer(call, &(struct troth_web_answer){.status = has ? 304 : 200,
                                                      .headers = "etag: \"a\"\r\n",
                                                      .body = TROTH_LITERAL("tagged")});
}

static void answer_too_much(struct troth_web_call *call)
{
    static char lines[2 * TROTH_WEB_HEADER_MAX];

    memset(lines, 'x', sizeof lines - 1);
    troth_web_answer(call, &(struct troth_web_answer){.status = 200,
                                                      .headers = lines,
                                                      .body = TROTH_LITERAL("never")});
}

static void serve(void *state, struct troth_web_call *call,
                  const struct troth_http_request *request, struct troth_span body)
{
    char text[128];

    CHECK(state == &served);
    served++;
    if (troth_span_is_text(request->target, "/later")) {
        waiting = call;
        troth_web_wait(call, &waiting, forget);
    } else if (troth_span_is_text(request->target, "/file")) {
        answer_file(call);
    } else if (troth_span_is_text(request->target, "/tagged")) {
        answer_tagged(call, request);
    } else if (troth_span_is_text(request->target, "/too-much")) {
        answer_too_much(call);
    } else if (troth_span_is_text(request->target, "/refused")) {
        troth_web_refuse(call, 503, "come back later");
    } else if (troth_span_is_text(request->target, "/big")) {
        troth_web_answer(
            call, &(struct troth_web_answer){.status = 200, .body = {big, BIG_SIZE}});
    } else {
        (void)snprintf(text, sizeof text, "<%.*s %zu>", (int)request->target.len,
                       (const char *)request->target.ptr, body.len);
        answer_text(call, text);
    }
}

/* ---- who asks ---- */

static void turn(void)
{
    web_turn(base);
}

static int join(void)
{
    return web_join(base, &at);
}

static void say(int descriptor, const char *text, size_t piece)
{
    web_say(base, descriptor, text, piece);
}

static size_t hear(int descriptor, char *out, size_t most, long time_ms)
{
    return web_hear(base, descriptor, out, most, time_ms);
}

static bool hears_end(int descriptor, long time_ms)
{
    return web_hears_end(base, descriptor, time_ms);
}

/* "200 404": the statuses of the answers in a text. */
static void list_statuses(char *out, size_t room, const char *text)
{
    size_t len = 0;

    out[0] = '\0';
    for (const char *line = strstr(text, "HTTP/1.1 "); line;
         line = strstr(line + 1, "HTTP/1.1 "))
        len += (size_t)snprintf(out + len, room - len, "%s%.3s", len ? " " : "",
                                line + 9);
}

/* clang-format off */
static const struct {
    const char *why;
    const char *sent;
    const char *statuses; /* of all answers, until the connection ends */
    const char *has;      /* among them; NULL: not looked at */
    unsigned served;
} rows[] = {
    {"a request", GET, "200", "\r\ncontent-type: text/plain\r\ncontent-length: 5\r\nx-content-type-options: nosniff\r\n\r\n</ 0>", 1},
    {"three of them, in order", "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n" HOST "\r\nGET /c HTTP/1.1\r\n" HOST "\r\n", "200 200 200", "</c 0>", 3},
    {"a body", "POST /p HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\n12345" GET, "200 200", "</p 5>", 2},
    {"only the head is wanted", "HEAD /abc HTTP/1.1\r\n" HOST "\r\n" GET, "200 200", "content-length: 8\r\nx-content-type-options: nosniff\r\n\r\nHTTP/1.1 200 OK", 2},
    {"a file", "GET /file HTTP/1.1\r\n" HOST "\r\n" GET, "200 200", "\r\n\r\n012345678HTTP/1.1", 2},
    {"only the head of a file", "HEAD /file HTTP/1.1\r\n" HOST "\r\n" GET, "200 200", "content-length: 9\r\nx-content-type-options: nosniff\r\n\r\nHTTP/1.1", 2},
    {"the last one, it says", "GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n" GET, "200", "\r\nconnection: close\r\n", 1},
    {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n" GET, "200", "\r\nconnection: close\r\n", 1},
    {"refused by who serves, and the next", "GET /refused HTTP/1.1\r\n" HOST "\r\n" GET, "503 200", "cache-control: no-store\r\n\r\ncome back later\nHTTP", 2},
    {"headers beyond their room", "GET /too-much HTTP/1.1\r\n" HOST "\r\n" GET, "500 200", "content-length: 0\r\n", 2},
    {"a tag that is known", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"a\"\r\n\r\n" GET, "304 200", "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\nHTTP", 2},
    {"among others, weakly", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"b\" , W/\"a\"\r\n\r\n", "304", NULL, 1},
    {"any", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n", "304", NULL, 1},
    {"another tag", "GET /tagged HTTP/1.1\r\n" HOST "If-None-Match: \"ab\", a\r\n\r\n", "200", "\r\n\r\ntagged", 1},
    {"no request", "HELLO\r\n\r\n" GET, "400", "because of its request\n", 0},
    {"line feeds alone", "GET / HTTP/1.1\nHost: x\n\n", "400", NULL, 0},
    {"chunks", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411", NULL, 0},
    {"a body that is too long", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n" GET, "413", "because of its content-length\n", 0},
    {"it would like to know", "POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", "413", NULL, 0},
    {"another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505", NULL, 0},
    {"half a request", "GET / HTTP/1.1\r\nHos", "", NULL, 0},
    {"a request and a half", GET "GET / HTTP/1.1\r\nHos", "200", NULL, 1},
    {"nothing", "", "", NULL, 0},
};
/* clang-format on */

static void talk(size_t i, size_t piece)
{
    static char heard[ROOM + 1];
    char statuses[256];
    const int one = join();
    const unsigned before = served;

    say(one, rows[i].sent, piece);
    CHECK(shutdown(one, SHUT_WR) == 0 || errno == ENOTCONN);
    heard[hear(one, heard, ROOM, 4000)] = '\0';
    list_statuses(statuses, sizeof statuses, heard);
    CHECK_TEXT(statuses, rows[i].statuses);
    CHECK_INT(served - before, rows[i].served);
    if (rows[i].has && !CHECK(strstr(heard, rows[i].has)))
        printf("# %s\n", heard);
    (void)close(one);
    for (int k = 0; k < 100 && web->count; k++)
        turn();
    CHECK_INT(web->count, 0);
}

static void read_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        talk(i, SIZE_MAX);
        test_case("%s, byte by byte", rows[i].why);
        talk(i, 1);
    }
}

static void too_long_a_head(void)
{
    static char head[2 * TROTH_HTTP_HEAD_MAX], heard[ROOM + 1];
    const int one = join();

    test_case("a head that does not end");
    (void)snprintf(head, sizeof head, "GET /%0*d", (int)sizeof head - 100, 0);
    say(one, head, 1000);
    heard[hear(one, heard, ROOM, 3000)] = '\0';
    CHECK(strstr(heard, "HTTP/1.1 431 ") == heard);
    (void)close(one);
}

static void ask_before_body(void)
{
    static char heard[ROOM + 1];
    const int one = join();

    test_case("it is told to continue, once");
    say(one,
        "POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n",
        SIZE_MAX);
    heard[hear(one, heard, 25, 1000)] = '\0';
    CHECK_TEXT(heard, "HTTP/1.1 100 Continue\r\n\r\n");
    say(one, "12", 1);
    CHECK_INT(hear(one, heard, 1, 20), 0);
    say(one, "34", 1);
    heard[hear(one, heard, ROOM, 100)] = '\0';
    CHECK(strstr(heard, "</ 4>"));
    (void)close(one);
}

static void answer_later(void)
{
    static char heard[ROOM + 1];
    const int one = join();

    test_case("an answer that takes its time, and what stands behind it");
    say(one, LATER GET, SIZE_MAX);
    CHECK_INT(hear(one, heard, 1, 20), 0);
    CHECK(waiting);
    answer_text(waiting, "at last");
    heard[hear(one, heard, ROOM, 100)] = '\0';
    CHECK(strstr(heard, "at lastHTTP/1.1 200 OK"));
    CHECK(strstr(heard, "</ 0>"));
    CHECK_INT(forgotten, 0);

    test_case("its own side closed meanwhile");
    say(one, LATER, SIZE_MAX);
    CHECK(shutdown(one, SHUT_WR) == 0);
    CHECK_INT(hear(one, heard, 1, 20), 0);
    answer_text(waiting, "at last");
    heard[hear(one, heard, ROOM, 1000)] = '\0';
    CHECK(strstr(heard, "at last"));
    (void)close(one);
    turn();
    CHECK_INT(web->count, 0);
}

static void hang_up(int descriptor)
{
    const struct linger at_once = {1, 0};

    (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    (void)close(descriptor);
}

static void go_away(void)
{
    const int one = join();

    test_case("who asked is gone before the answer");
    say(one, LATER, SIZE_MAX);
    CHECK(waiting);
    hang_up(one);
    for (int i = 0; i < 100 && web->count; i++)
        turn();
    CHECK_INT(forgotten, 1);
    CHECK(!waiting);
    CHECK_INT(web->count, 0);
}

/* What one connection holds in memory at most. */
static void read_slowly(void)
{
    static char some[ROOM];
    const unsigned before = served;
    const int one = join();
    size_t len = 0;

    test_case("who does not read gets one answer, and the next after it");
    say(one, BIG GET, SIZE_MAX);
    for (int i = 0; i < 50; i++)
        turn();
    CHECK_INT(served - before, 1);
    while (len < BIG_SIZE)
        len += hear(one, some, sizeof some, 2000);
    len += hear(one, some, sizeof some, 200);
    CHECK_INT(served - before, 2);
    CHECK(len > BIG_SIZE + 100);
    (void)close(one);
    turn();
}

static void wait_in_line(void)
{
    static char heard[ROOM + 1];
    int all[CALLS_MAX + 1];

    test_case("more than may be open wait until one goes");
    for (size_t i = 0; i < COUNT(all); i++)
        all[i] = join();
    for (size_t i = 0; i < COUNT(all); i++)
        say(all[i], GET, SIZE_MAX);
    for (size_t i = 0; i < CALLS_MAX; i++)
        CHECK(hear(all[i], heard, ROOM, 50) > 0);
    CHECK_INT(hear(all[CALLS_MAX], heard, ROOM, 50), 0);
    CHECK_INT(web->count, CALLS_MAX);
    (void)close(all[0]);
    CHECK(hear(all[CALLS_MAX], heard, ROOM, 200) > 0);
    for (size_t i = 1; i < COUNT(all); i++)
        (void)close(all[i]);
    for (int i = 0; i < 100 && web->count; i++)
        turn();
    CHECK_INT(web->count, 0);
}

static void take_too_long(void)
{
    static char heard[ROOM + 1];
    int one;

    web->request_ms = 60;
    web->answer_ms = 200;
    web->linger_ms = 30;

    test_case("a request that comes too slowly");
    one = join();
    say(one, "GET / HTTP/1.1\r\n", SIZE_MAX);
    CHECK_INT(hear(one, heard, 1, 20), 0);
    say(one, HOST, SIZE_MAX); /* buys no time */
    heard[hear(one, heard, ROOM, 2000)] = '\0';
    CHECK(strstr(heard, "HTTP/1.1 408 ") == heard);
    CHECK(strstr(heard, "connection: close\r\n"));
    CHECK(web->count == 1 || web->count == 0);
    for (int i = 0; i < 1000 && web->count; i++) {
        turn();
        (void)poll(NULL, 0, 1);
    }
    CHECK_INT(web->count, 0); /* it lingered, and no longer */
    (void)close(one);

    test_case("nothing said at all, and nothing more");
    one = join();
    CHECK(hears_end(one, 2000));
    (void)close(one);
    one = join();
    say(one, GET, SIZE_MAX);
    CHECK(hear(one, heard, ROOM, 100) > 0);
    CHECK(hears_end(one, 2000));
    (void)close(one);

    test_case("who waits for an answer is not too slow");
    one = join();
    say(one, LATER, SIZE_MAX);
    CHECK_INT(hear(one, heard, 1, 400), 0);
    answer_text(waiting, "at last");
    CHECK(hear(one, heard, ROOM, 50) > 0);
    (void)close(one);
    turn();
}

static void close_all(void)
{
    const int one = join(), two = join();

    test_case("closed while somebody waits");
    say(one, LATER, SIZE_MAX);
    say(two, "GET / HT", SIZE_MAX);
    troth_web_close(web);
    CHECK_INT(forgotten, 2);
    CHECK(hears_end(two, 1000));
    troth_web_close(NULL);
    (void)close(one);
    (void)close(two);
}

int main(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct troth_web_options options = {.connections_max = CALLS_MAX,
                                        .body_max = BODY_MAX,
                                        .state = &served,
                                        .serve = serve};

    base = event_base_new();
    big = calloc(1, BIG_SIZE);
    test_case("it opens");
    CHECK(base && big && sigaction(SIGPIPE, &ignore, NULL) == 0);
    options.descriptor = web_listen(&at);
    options.base = base;
    CHECK_ERR(troth_web_open(&web, &options), TROTH_OK);
    read_rows();
    too_long_a_head();
    ask_before_body();
    answer_later();
    go_away();
    read_slowly();
    wait_in_line();
    take_too_long();
    close_all();
    (void)close(options.descriptor);
    event_base_free(base);
    free(big);
    return test_finish();
}

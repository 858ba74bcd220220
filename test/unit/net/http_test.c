/* One process answers on a loopback port, the other asks. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test/harness.h"

#define OK_LINE "HTTP/1.1 200 OK\r\n"

/* What is sent in full, or `times` over in its last part. */
struct reply {
    const char *text, *more;
    unsigned times;
    unsigned hold_ms; /* before the connection ends */
};

static int listen_here(unsigned short *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t len = sizeof here;
    int s = socket(AF_INET, SOCK_STREAM, 0);

    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(s, 4) != 0 || getsockname(s, (struct sockaddr *)&here, &len) != 0)
        return -1;
    *port = ntohs(here.sin_port);
    return s;
}

static void serve(int listener, const struct reply *reply)
{
    const struct timespec hold = {reply->hold_ms / 1000,
                                  (long)(reply->hold_ms % 1000) * 1000000};
    char request[8192];
    int to = accept(listener, NULL, NULL);
    bool fine = to >= 0 && read(to, request, sizeof request) > 0 &&
                write(to, reply->text, strlen(reply->text)) >= 0;

    (void)signal(SIGPIPE, SIG_IGN);
    for (unsigned i = 0; fine && i < reply->times; i++)
        fine = write(to, reply->more, strlen(reply->more)) > 0;
    (void)nanosleep(&hold, NULL);
    _exit(0);
}

static void ask_at_most(struct troth_http_answer *out, const struct reply *reply,
                        long timeout_ms, size_t most)
{
    char url[64];
    unsigned short port = 0;
    int listener = listen_here(&port);
    pid_t child = fork();
    struct troth_http *http;

    if (child == 0)
        serve(listener, reply);
    (void)close(listener);
    http = troth_http_create();
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/x", port);
    troth_http_ask(out, http,
                   &(struct troth_http_question){.url = url,
                                                 .connect_timeout_ms = 2000,
                                                 .timeout_ms = timeout_ms,
                                                 .answer_max = most});
    troth_http_destroy(http);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
}

static void ask(struct troth_http_answer *out, const struct reply *reply, long timeout_ms)
{
    ask_at_most(out, reply, timeout_ms, 0);
}

static const struct {
    const char *why;
    struct reply reply;
    enum troth_http_result result;
    long status;
    const char *body;
    int64_t retry_after_s;
} cases[] = {
    {"an answer",
     {OK_LINE "Content-Length: 5\r\n\r\nhello", "", 0, 0},
     TROTH_HTTP_ANSWERED,
     200,
     "hello",
     0},
    {"an answer that ends with the connection",
     {OK_LINE "\r\nhello", "", 0, 0},
     TROTH_HTTP_ANSWERED,
     200,
     "hello",
     0},
    {"an answer in pieces",
     {OK_LINE "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "", 0,
      0},
     TROTH_HTTP_ANSWERED,
     200,
     "hello",
     0},
    {"not there",
     {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "", 0, 0},
     TROTH_HTTP_ANSWERED,
     404,
     "",
     0},
    {"a redirect is an answer and no more",
     {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      "", 0, 0},
     TROTH_HTTP_ANSWERED,
     302,
     "",
     0},
    {"it asks to come back",
     {"HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n", "", 0, 0},
     TROTH_HTTP_ANSWERED,
     429,
     "",
     17},
    {"an interim answer before it",
     {"HTTP/1.1 103 Early\r\nX-Test: early\r\n\r\n" OK_LINE "Content-Length: 2\r\n\r\nhi",
      "", 0, 0},
     TROTH_HTTP_ANSWERED,
     200,
     "hi",
     0},
    {"cut short",
     {OK_LINE "Content-Length: 50\r\n\r\nhello", "", 0, 0},
     TROTH_HTTP_CUT,
     0,
     "",
     0},
    {"nothing at all", {"", "", 0, 0}, TROTH_HTTP_CUT, 0, "", 0},
    {"no HTTP", {"hello\r\n\r\n", "", 0, 0}, TROTH_HTTP_CUT, 0, "", 0},
    {"a body that never ends",
     {OK_LINE "\r\n", "0123456789abcdef0123456789abcdef", 40000, 0},
     TROTH_HTTP_LARGE,
     0,
     "",
     0},
    {"headers that never end",
     {OK_LINE, "X-Test: 0123456789abcdef0123456789\r\n", 4000, 0},
     TROTH_HTTP_LARGE,
     0,
     "",
     0},
    {"interim answers that never end",
     {"", "HTTP/1.1 103 Early\r\nX-Test: 0123456789abcdef\r\n\r\n", 4000, 0},
     TROTH_HTTP_LARGE,
     0,
     "",
     0},
    {"slow",
     {OK_LINE "Content-Length: 5\r\n\r\nhel", "", 0, 3000},
     TROTH_HTTP_LATE,
     0,
     "",
     0},
    {"silent", {"", "", 0, 3000}, TROTH_HTTP_LATE, 0, "", 0},
};

static void test_answers(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_http_answer answer;
        long timeout_ms = cases[i].result == TROTH_HTTP_LATE ? 300 : 5000;

        test_case("%s", cases[i].why);
        ask(&answer, &cases[i].reply, timeout_ms);
        CHECK_INT(answer.result, cases[i].result);
        CHECK_INT(answer.status, cases[i].status);
        CHECK_INT(answer.retry_after_s, cases[i].retry_after_s);
        CHECK_SPAN(answer.body, test_text(cases[i].body));
        CHECK((answer.why[0] == '\0') == (answer.result == TROTH_HTTP_ANSWERED));
        troth_http_release(&answer);
        troth_http_release(&answer); /* a second time does no harm */
    }
}

static void test_headers(void)
{
    static const struct reply reply = {
        "HTTP/1.1 103 Early\r\nX-Chain: early\r\n\r\n" OK_LINE
        "x-chain: \t one \r\nX-Chain: two\r\n"
        "X-Chains: three\r\nX-Empty:\r\nTransfer-Encoding: "
        "chunked\r\n\r\n1\r\nx\r\n0\r\nX-Late: four\r\n\r\n",
        "", 0, 0};
    struct troth_http_answer answer;

    test_case("headers, and none of another answer's");
    ask(&answer, &reply, 5000);
    CHECK_INT(answer.result, TROTH_HTTP_ANSWERED);
    CHECK_SPAN(troth_http_header(&answer, "X-Chain"), test_text("one"));
    CHECK_SPAN(troth_http_header(&answer, "X-CHAINS"), test_text("three"));
    CHECK_SPAN(troth_http_header(&answer, "X-Empty"), test_text(""));
    CHECK_SPAN(troth_http_header(&answer, "X-None"), test_text(""));
    CHECK_SPAN(troth_http_header(&answer, "X-Late"), test_text(""));
    troth_http_release(&answer);
}

static void test_not_asked(void)
{
    static const struct {
        const char *why, *url;
        enum troth_http_result result;
    } asked[] = {
        {"plain http elsewhere", "http://pccs.example/", TROTH_HTTP_FORBIDDEN},
        {"a file", "file:///etc/passwd", TROTH_HTTP_FORBIDDEN},
        {"nobody there", "http://127.0.0.1:1/", TROTH_HTTP_UNREACHABLE},
    };
    struct troth_http *http = troth_http_create();
    struct troth_http_answer answer;

    /* A proxy that the environment names is not asked: it would be nobody there, too. */
    CHECK(setenv("http_proxy", "http://127.0.0.1:2", 1) == 0);
    CHECK(setenv("ALL_PROXY", "http://127.0.0.1:2", 1) == 0);
    for (size_t i = 0; i < COUNT(asked); i++) {
        test_case("%s", asked[i].why);
        troth_http_ask(&answer, http,
                       &(struct troth_http_question){.url = asked[i].url,
                                                     .connect_timeout_ms = 500,
                                                     .timeout_ms = 500});
        CHECK_INT(answer.result, asked[i].result);
        CHECK(answer.why[0] && !strstr(answer.why, "port 2"));
        troth_http_release(&answer);
    }
    troth_http_destroy(http);
    troth_http_destroy(NULL);
}

/* Answers with what came: the request line's method, the type, and the body. */
static void echo(int listener)
{
    char request[8192] = "", reply[8192 + 128];
    size_t len = 0;
    int to = accept(listener, NULL, NULL);
    const char *body, *type;

    while (to >= 0 && len < sizeof request - 1 && !strstr(request, "END")) {
        ssize_t got = read(to, request + len, sizeof request - 1 - len);

        if (got <= 0)
            break;
        len += (size_t)got;
        request[len] = '\0';
    }
    body = strstr(request, "\r\n\r\n");
    type = strstr(request, "Content-Type: ");
    (void)snprintf(reply, sizeof reply,
                   OK_LINE "Connection: close\r\n\r\n%.5s|%.10s|%s|%s", request,
                   type ? type + 14 : "none", strstr(request, "Expect") ? "waits" : "",
                   body ? body + 4 : "");
    (void)!write(to, reply, strlen(reply));
    _exit(0);
}

static void test_post(void)
{
    char url[64];
    unsigned short port = 0;
    int listener = listen_here(&port);
    pid_t child = fork();
    struct troth_http *http;
    struct troth_http_answer answer;
    struct troth_http_question question = {.url = url,
                                           .connect_timeout_ms = 2000,
                                           .timeout_ms = 5000,
                                           .content_type = "text/plain",
                                           .body = test_text("two\nlines END")};

    test_case("a body is posted as it is");
    if (child == 0)
        echo(listener);
    (void)close(listener);
    http = troth_http_create();
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/x", port);
    troth_http_ask(&answer, http, &question);
    CHECK_INT(answer.result, TROTH_HTTP_ANSWERED);
    CHECK_SPAN(answer.body, test_text("POST |text/plain||two\nlines END"));
    troth_http_release(&answer);
    (void)waitpid(child, NULL, 0);
    troth_http_destroy(http);
}

static void test_answer_max(void)
{
    static const struct {
        const char *why;
        size_t max;
        enum troth_http_result result;
    } rows[] = {{"a body of just as many bytes as are wanted", 32, TROTH_HTTP_ANSWERED},
                {"one more", 31, TROTH_HTTP_LARGE}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct reply reply = {OK_LINE "\r\n", "0123456789abcdef0123456789abcdef", 1,
                                    0};
        struct troth_http_answer answer;

        test_case("%s", rows[i].why);
        ask_at_most(&answer, &reply, 5000, rows[i].max);
        CHECK_INT(answer.result, rows[i].result);
        troth_http_release(&answer);
    }
}

int main(void)
{
    test_post();
    test_answer_max();
    test_answers();
    test_headers();
    test_not_asked();
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "net/url.h"
#include "troth/version.h"

struct troth_http {
    CURL *curl;
};

/* Bytes up to a maximum. */
struct pile {
    uint8_t *bytes;
    size_t len, room, max;
    bool is_over; /* more came than there may be */
};

/* SIGPIPE of a thread while libcurl writes: a peer that went away is an error of that
 * write, and must not end the process. libcurl's own way is the whole process's. */
struct quiet {
    sigset_t pipe, before;
    bool was_pending;
};

static void begin_quiet(struct quiet *q)
{
    sigset_t pending;

    (void)sigemptyset(&q->pipe);
    (void)sigaddset(&q->pipe, SIGPIPE);
    (void)sigemptyset(&pending);
    (void)sigpending(&pending);
    q->was_pending = sigismember(&pending, SIGPIPE) == 1;
    (void)pthread_sigmask(SIG_BLOCK, &q->pipe, &q->before);
}

static void end_quiet(const struct quiet *q)
{
    const struct timespec at_once = {0, 0};

    if (!q->was_pending)
        (void)sigtimedwait(&q->pipe, NULL, &at_once);
    (void)pthread_sigmask(SIG_SETMASK, &q->before, NULL);
}

/* An answer while it comes in. */
struct arrival {
    struct pile headers, body;
    bool headers_ended;
};

static bool grow(struct pile *pile, size_t wanted)
{
    size_t room = pile->room ? pile->room : 4096;
    uint8_t *bytes;

    while (room < wanted)
        room *= 2;
    bytes = realloc(pile->bytes, room);
    if (!bytes)
        return false;
    pile->bytes = bytes;
    pile->room = room;
    return true;
}

/* What libcurl takes for "go on" is the length; anything else ends the transfer. */
static size_t add(struct pile *pile, const char *bytes, size_t len)
{
    if (len > pile->max - pile->len) {
        pile->is_over = true;
        return 0;
    }
    if (pile->len + len > pile->room && !grow(pile, pile->len + len))
        return 0;
    if (len > 0)
        memcpy(pile->bytes + pile->len, bytes, len);
    pile->len += len;
    return len;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *state)
{
    struct arrival *a = state;

    return add(&a->body, bytes, size * count);
}

/* One line a call. An interim answer (100) has lines of its own before the real ones;
 * what follows the body (trailers) is not taken. */
static size_t take_header(char *line, size_t size, size_t count, void *state)
{
    struct arrival *a = state;
    size_t len = size * count;
    bool is_status = len > 5 && strncmp(line, "HTTP/", 5) == 0;

    if (a->body.len > 0 || (a->headers_ended && !is_status))
        return len;
    if (is_status && a->headers_ended) {
        a->headers.max -= a->headers.len;
        a->headers.len = 0;
    }
    a->headers_ended = len <= 2;
    return add(&a->headers, line, len) == len ? len : 0;
}

struct troth_http *troth_http_create(void)
{
    struct troth_http *http = calloc(1, sizeof *http);

    if (!http)
        return NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(http);
        return NULL;
    }
    http->curl = curl_easy_init();
    if (http->curl)
        return http;
    troth_http_destroy(http);
    return NULL;
}

void troth_http_destroy(struct troth_http *http)
{
    struct quiet quiet;

    if (!http)
        return;
    begin_quiet(&quiet); /* TLS ends with a word */
    curl_easy_cleanup(http->curl);
    curl_global_cleanup();
    end_quiet(&quiet);
    free(http);
}

/* What a POST needs; `lines` is freed by the caller. Nobody is asked to wait for a word
 * before the body: it is short. */
static CURLcode set_body(CURL *curl, const struct troth_http_question *request,
                         struct curl_slist **lines)
{
    char type[128];
    const int len = snprintf(type, sizeof type, "Content-Type: %s",
                             request->content_type);
    struct curl_slist *more = NULL;
    CURLcode bad = CURLE_OK;

    *lines = curl_slist_append(NULL, "Expect:");
    if (*lines && len > 0 && (size_t)len < sizeof type)
        more = curl_slist_append(*lines, type);
    if (!more)
        return CURLE_OUT_OF_MEMORY;
    bad |= curl_easy_setopt(curl, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                            request->body.len > 0 ? (const char *)request->body.ptr : "");
    bad |= curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t)request->body.len);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *lines);
    return bad;
}

/* False: an option that this libcurl does not know. Nothing is asked then. */
static bool set_options(CURL *curl, const struct troth_http_question *request,
                        struct arrival *arrival, char *why)
{
    char agent[64];
    CURLcode bad = CURLE_OK;

    (void)snprintf(agent, sizeof agent, "troth/%s", troth_version());
    curl_easy_reset(curl);
    bad |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_URL, request->url);
    bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    bad |= curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    bad |= curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    bad |= curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    bad |= curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (request->local_socket)
        bad |= curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, request->local_socket);
    if (request->ca_file)
        bad |= curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
    bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, agent);
    bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request->timeout_ms);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    bad |= curl_easy_setopt(curl, CURLOPT_WRITEDATA, arrival);
    bad |= curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    bad |= curl_easy_setopt(curl, CURLOPT_HEADERDATA, arrival);
    return bad == CURLE_OK;
}

static const struct {
    CURLcode code;
    enum troth_http_result result;
} results[] = {
    {CURLE_OK, TROTH_HTTP_ANSWERED},
    {CURLE_URL_MALFORMAT, TROTH_HTTP_FORBIDDEN},
    {CURLE_COULDNT_RESOLVE_HOST, TROTH_HTTP_UNREACHABLE},
    {CURLE_COULDNT_CONNECT, TROTH_HTTP_UNREACHABLE},
    {CURLE_OPERATION_TIMEDOUT, TROTH_HTTP_LATE},
    {CURLE_SSL_CONNECT_ERROR, TROTH_HTTP_UNTRUSTED},
    {CURLE_PEER_FAILED_VERIFICATION, TROTH_HTTP_UNTRUSTED},
    {CURLE_SSL_CACERT_BADFILE, TROTH_HTTP_UNTRUSTED},
    {CURLE_SSL_CERTPROBLEM, TROTH_HTTP_UNTRUSTED},
    {CURLE_SSL_ISSUER_ERROR, TROTH_HTTP_UNTRUSTED},
    {CURLE_FILESIZE_EXCEEDED, TROTH_HTTP_LARGE},
    {CURLE_OUT_OF_MEMORY, TROTH_HTTP_BROKEN},
    {CURLE_FAILED_INIT, TROTH_HTTP_BROKEN},
};

static enum troth_http_result result_of(CURLcode code, const struct arrival *arrival)
{
    if (arrival->headers.is_over || arrival->body.is_over)
        return TROTH_HTTP_LARGE;
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i].code == code)
            return results[i].result;
    return TROTH_HTTP_CUT;
}

static void say_why(struct troth_http_answer *out, CURLcode code)
{
    if (out->result == TROTH_HTTP_LARGE)
        (void)snprintf(out->why, sizeof out->why, "longer than any answer may be");
    else if (!out->why[0])
        (void)snprintf(out->why, sizeof out->why, "%s", curl_easy_strerror(code));
}

static void finish(struct troth_http_answer *out, CURL *curl, CURLcode code,
                   struct arrival *arrival)
{
    curl_off_t retry_after = 0;

    out->result = result_of(code, arrival);
    if (out->result != TROTH_HTTP_ANSWERED) {
        say_why(out, code);
        free(arrival->headers.bytes);
        free(arrival->body.bytes);
        return;
    }
    out->why[0] = '\0';
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
    (void)curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    out->retry_after_s = (int64_t)retry_after;
    out->headers = (struct troth_span){arrival->headers.bytes, arrival->headers.len};
    out->body = (struct troth_span){arrival->body.bytes, arrival->body.len};
    out->owned[0] = arrival->headers.bytes;
    out->owned[1] = arrival->body.bytes;
}

static CURLcode perform(CURL *curl)
{
    struct quiet quiet;
    CURLcode code;

    begin_quiet(&quiet);
    code = curl_easy_perform(curl);
    end_quiet(&quiet);
    return code;
}

void troth_http_ask(struct troth_http_answer *out, struct troth_http *http,
                    const struct troth_http_question *request)
{
    struct arrival arrival = {
        .headers = {.max = TROTH_HTTP_HEADERS_MAX},
        .body = {.max = request->answer_max ? request->answer_max : TROTH_HTTP_BODY_MAX}};
    const char *refusal = troth_url_refusal(request->url);
    struct curl_slist *lines = NULL;

    *out = (struct troth_http_answer){.result = TROTH_HTTP_BROKEN};
    if (refusal) {
        out->result = TROTH_HTTP_FORBIDDEN;
        (void)snprintf(out->why, sizeof out->why, "%s", refusal);
    } else if (!set_options(http->curl, request, &arrival, out->why) ||
               (request->content_type &&
                set_body(http->curl, request, &lines) != CURLE_OK)) {
        (void)snprintf(out->why, sizeof out->why,
                       "libcurl lacks what is needed, or there is no memory");
    } else {
        CURLcode code = perform(http->curl);

        finish(out, http->curl, code, &arrival);
    }
    /* It was told where to write a cause, and what to send; all of it ends here. */
    (void)curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, NULL);
    (void)curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(lines);
}

static struct troth_span value_in(struct troth_span line, const char *name)
{
    size_t len = strlen(name);

    if (line.len <= len || line.ptr[len] != ':' ||
        strncasecmp((const char *)line.ptr, name, len) != 0)
        return (struct troth_span){NULL, 0};
    for (len++; len < line.len && (line.ptr[len] == ' ' || line.ptr[len] == '\t');)
        len++;
    while (line.len > len &&
           (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\r'))
        line.len--;
    return (struct troth_span){line.ptr + len, line.len - len};
}

struct troth_span troth_http_header(const struct troth_http_answer *answer,
                                    const char *name)
{
    struct troth_span rest = answer->headers, value = {NULL, 0};

    while (rest.len > 0 && !value.ptr) {
        const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.ptr) : rest.len;

        value = value_in((struct troth_span){rest.ptr, len}, name);
        len += end != NULL;
        rest = (struct troth_span){rest.ptr + len, rest.len - len};
    }
    return value;
}

void troth_http_release(struct troth_http_answer *answer)
{
    free(answer->owned[0]);
    free(answer->owned[1]);
    *answer = (struct troth_http_answer){.result = TROTH_HTTP_BROKEN};
}

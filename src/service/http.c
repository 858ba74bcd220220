/* SPDX-License-Identifier: Apache-2.0 */
#include "service/http.h"

#include "base/number.h"
#include "base/span.h"

/* A head being read. */
struct reading {
    struct troth_http_request request;
    enum troth_http_status status;
    const char *field;
    size_t body_max;
    bool has_host, has_length, is_old; /* HTTP/1.0 */
};

static void fail(struct reading *r, enum troth_http_status status, const char *field)
{
    if (r->status != TROTH_HTTP_OK)
        return;
    r->status = status;
    r->field = field;
}

/* [RFC9110] 5.6.2: tchar */
static bool is_token(struct troth_span text)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.ptr[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                    (c >= 'a' && c <= 'z');

        for (size_t k = 0; !good && k < sizeof marks - 1; k++)
            good = c == (uint8_t)marks[k];
        if (!good)
            return false;
    }
    return text.len > 0;
}

static bool is_visible(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f)
            return false;
    return text.len > 0;
}

static bool is_value(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.ptr[i] < ' ' && text.ptr[i] != '\t') || text.ptr[i] == 0x7f)
            return false;
    return true;
}

static struct troth_span trim(struct troth_span text)
{
    while (text.len && (text.ptr[0] == ' ' || text.ptr[0] == '\t'))
        text = troth_span_slice(text, 1, text.len);
    while (text.len && (text.ptr[text.len - 1] == ' ' || text.ptr[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool is_same(struct troth_span text, const char *wanted)
{
    return troth_span_equal_ignoring_case(text, troth_span_of_text(wanted));
}

/* ---- headers that mean something here ---- */

static void take_host(struct reading *r, struct troth_span value)
{
    (void)value;
    if (r->has_host)
        fail(r, TROTH_HTTP_BAD, "host");
    r->has_host = true;
}

static void take_length(struct reading *r, struct troth_span value)
{
    uint64_t length = 0;
    const enum troth_err err = troth_uint_parse(&length, value, 10);

    if (r->has_length || (err && err != TROTH_ERR_LIMIT))
        fail(r, TROTH_HTTP_BAD, "content-length");
    else if (err || length > r->body_max)
        fail(r, TROTH_HTTP_TOO_LARGE, "content-length");
    r->has_length = true;
    r->request.body_len = (size_t)length;
}

static void take_coding(struct reading *r, struct troth_span value)
{
    (void)value;
    fail(r, TROTH_HTTP_LENGTH_REQUIRED, "transfer-encoding");
}

static void take_type(struct reading *r, struct troth_span value)
{
    struct troth_span rest = value;
    const struct troth_span type = trim(troth_span_next_item(&rest, ';'));

    r->request.is_json = is_same(type, "application/json") &&
                         (rest.len == 0 || is_same(trim(rest), "charset=utf-8"));
}

static void take_connection(struct reading *r, struct troth_span value)
{
    while (value.len)
        if (is_same(trim(troth_span_next_item(&value, ',')), "close"))
            r->request.keeps_open = false;
}

static void take_expect(struct reading *r, struct troth_span value)
{
    r->request.wants_continue = true;
    if (!is_same(value, "100-continue"))
        fail(r, TROTH_HTTP_EXPECTATION, "expect");
}

static void take_tag(struct reading *r, struct troth_span value)
{
    if (!r->request.if_none_match.len)
        r->request.if_none_match = value;
}

static void take_origin(struct reading *r, struct troth_span value)
{
    (void)value;
    r->request.is_a_pages = true;
}

static const struct {
    const char *name;
    void (*take)(struct reading *r, struct troth_span value);
} headers[] = {
    {"host", take_host},
    {"content-length", take_length},
    {"content-type", take_type},
    {"transfer-encoding", take_coding},
    {"connection", take_connection},
    {"expect", take_expect},
    {"if-none-match", take_tag},
    {"origin", take_origin},
};

static void take_header(struct reading *r, struct troth_span line)
{
    struct troth_span value = line;
    const struct troth_span name = troth_span_next_item(&value, ':');

    if (name.len == line.len || !is_token(name) || !is_value(value)) {
        fail(r, TROTH_HTTP_BAD, "header");
        return;
    }
    value = trim(value);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (is_same(name, headers[i].name))
            headers[i].take(r, value);
}

static void take_request_line(struct reading *r, struct troth_span line)
{
    r->request.method = troth_span_next_item(&line, ' ');
    r->request.target = troth_span_next_item(&line, ' ');
    if (!is_token(r->request.method) || !is_visible(r->request.target) ||
        !troth_span_starts_with(line, TROTH_LITERAL("HTTP/"))) {
        fail(r, TROTH_HTTP_BAD, "request");
        return;
    }
    r->is_old = troth_span_is_text(line, "HTTP/1.0");
    r->request.keeps_open = troth_span_is_text(line, "HTTP/1.1");
    if (!r->is_old && !r->request.keeps_open)
        fail(r, TROTH_HTTP_VERSION, "version");
}

/* The next line without its end; false if its end has not come. */
static bool next_line(struct troth_span *out, size_t *at, struct troth_span bytes)
{
    const size_t start = *at;

    for (size_t i = start; i + 1 < bytes.len; i++)
        if (bytes.ptr[i] == '\r' && bytes.ptr[i + 1] == '\n') {
            *out = troth_span_slice(bytes, start, i);
            *at = i + 2;
            return true;
        }
    return false;
}

/* Nothing that ever follows makes a head of it. */
static bool is_hopeless(struct troth_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] == '\n' && (i == 0 || bytes.ptr[i - 1] != '\r'))
            return true;
    return false;
}

static void read_head(struct reading *r, struct troth_span bytes)
{
    struct troth_span line;
    size_t at = 0, count = 0;

    if (!next_line(&line, &at, bytes))
        return;
    r->status = TROTH_HTTP_OK;
    take_request_line(r, line);
    while (next_line(&line, &at, bytes) && line.len) {
        take_header(r, line);
        if (++count > TROTH_HTTP_REQUEST_HEADERS_MAX)
            fail(r, TROTH_HTTP_HEAD_TOO_LARGE, "header");
    }
    if (line.len) { /* the empty line has not come */
        r->status = TROTH_HTTP_NEED_MORE;
        return;
    }
    r->request.head_len = at;
    if (!r->has_host && !r->is_old)
        fail(r, TROTH_HTTP_BAD, "host");
}

enum troth_http_status troth_http_parse_up_to(struct troth_http_request *out,
                                              const char **out_field, size_t body_max,
                                              struct troth_span bytes)
{
    struct reading r = {.status = TROTH_HTTP_NEED_MORE, .body_max = body_max};

    *out = (struct troth_http_request){.head_len = 0};
    *out_field = NULL;
    read_head(&r, troth_span_slice(
                      bytes, 0,
                      bytes.len < TROTH_HTTP_HEAD_MAX ? bytes.len : TROTH_HTTP_HEAD_MAX));
    if (r.status == TROTH_HTTP_OK)
        *out = r.request;
    else if (r.status != TROTH_HTTP_NEED_MORE)
        *out_field = r.field;
    else if (bytes.len >= TROTH_HTTP_HEAD_MAX) {
        *out_field = "header";
        return TROTH_HTTP_HEAD_TOO_LARGE;
    } else if (is_hopeless(bytes)) {
        *out_field = "request";
        return TROTH_HTTP_BAD;
    }
    return r.status;
}

enum troth_http_status troth_http_parse(struct troth_http_request *out,
                                        const char **out_field, struct troth_span bytes)
{
    return troth_http_parse_up_to(out, out_field, TROTH_HTTP_REQUEST_BODY_MAX, bytes);
}

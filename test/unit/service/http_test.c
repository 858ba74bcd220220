/* SPDX-License-Identifier: Apache-2.0 */
#include "service/http.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define HOST "Host: x\r\n"

/* clang-format off */
static const struct {
    const char *why;
    const char *text;
    enum troth_http_status status;
    const char *field;
} rows[] = {
    {"as curl sends it", "GET /v1/health HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n", TROTH_HTTP_OK, NULL},
    {"a head without end", "GET / HTTP/1.1\r\n" HOST, TROTH_HTTP_NEED_MORE, NULL},
    {"half an end", "GET / HTTP/1.1\r\n" HOST "\r", TROTH_HTTP_NEED_MORE, NULL},
    {"a first letter", "G", TROTH_HTTP_NEED_MORE, NULL},
    {"nothing", "", TROTH_HTTP_NEED_MORE, NULL},
    {"HTTP/1.0 has no host", "GET / HTTP/1.0\r\n\r\n", TROTH_HTTP_OK, NULL},
    {"HTTP/1.1 has one", "GET / HTTP/1.1\r\n\r\n", TROTH_HTTP_BAD, "host"},
    {"and not two", "GET / HTTP/1.1\r\n" HOST HOST "\r\n", TROTH_HTTP_BAD, "host"},
    {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\n", TROTH_HTTP_VERSION, "version"},
    {"HTTP/1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", TROTH_HTTP_VERSION, "version"},
    {"HTTP/11", "GET / HTTP/11\r\n" HOST "\r\n", TROTH_HTTP_VERSION, "version"},
    {"no version", "GET /\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"two blanks", "GET  / HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"a blank behind", "GET / HTTP/1.1 \r\n" HOST "\r\n", TROTH_HTTP_VERSION, "version"},
    {"a control character in the target", "GET /\x01 HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"beyond ASCII in the target", "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"no method", " / HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"a method of braces", "{} / HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"an empty line first", "\r\nGET / HTTP/1.1\r\n" HOST "\r\n", TROTH_HTTP_BAD, "request"},
    {"line feeds alone", "GET / HTTP/1.1\nHost: x\n\n", TROTH_HTTP_BAD, "request"},
    {"a line feed in a value", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"a carriage return in a value", "GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"a folded line", "GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"a blank before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"no colon", "GET / HTTP/1.1\r\n" HOST "A\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"no name", "GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n", TROTH_HTTP_BAD, "header"},
    {"an empty value", "GET / HTTP/1.1\r\n" HOST "A:\r\n\r\n", TROTH_HTTP_OK, NULL},
    {"a length", "POST / HTTP/1.1\r\n" HOST "content-LENGTH: \t 7 \r\n\r\n1234567", TROTH_HTTP_OK, NULL},
    {"the same length twice", "POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nContent-Length: 7\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"a list of lengths", "POST / HTTP/1.1\r\n" HOST "Content-Length: 7, 7\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"a sign", "POST / HTTP/1.1\r\n" HOST "Content-Length: +7\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"a negative length", "POST / HTTP/1.1\r\n" HOST "Content-Length: -7\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"no length in it", "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"a length in hex", "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x7\r\n\r\n", TROTH_HTTP_BAD, "content-length"},
    {"the longest body", "POST / HTTP/1.1\r\n" HOST "Content-Length: 65536\r\n\r\n", TROTH_HTTP_OK, NULL},
    {"one more", "POST / HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n", TROTH_HTTP_TOO_LARGE, "content-length"},
    {"2^64", "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551616\r\n\r\n", TROTH_HTTP_TOO_LARGE, "content-length"},
    {"chunks", "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", TROTH_HTTP_LENGTH_REQUIRED, "transfer-encoding"},
    {"chunks and a length", "POST / HTTP/1.1\r\n" HOST "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n", TROTH_HTTP_LENGTH_REQUIRED, "transfer-encoding"},
    {"another expectation", "POST / HTTP/1.1\r\n" HOST "Expect: more\r\n\r\n", TROTH_HTTP_EXPECTATION, "expect"},
};

/* What is read of a good one. */
static const struct {
    const char *header;
    bool is_json, keeps_open, wants_continue;
} kinds[] = {
    {"", false, true, false},
    {"Content-Type: application/json\r\n", true, true, false},
    {"Content-Type: Application/JSON ; charset=UTF-8\r\n", true, true, false},
    {"Content-Type: application/json; charset=latin1\r\n", false, true, false},
    {"Content-Type: application/jsonp\r\n", false, true, false},
    {"Content-Type: text/plain\r\n", false, true, false},
    {"Content-Type: application/x-www-form-urlencoded\r\n", false, true, false},
    {"Connection: close\r\n", false, false, false},
    {"Connection: upgrade, Close\r\n", false, false, false},
    {"Connection: keep-alive\r\n", false, true, false},
    {"Expect: 100-continue\r\n", false, true, true},
};
/* clang-format on */

static void read_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_http_request request;
        const char *field = "unset";

        test_case("%s", rows[i].why);
        CHECK_INT(troth_http_parse(&request, &field, test_text(rows[i].text)),
                  rows[i].status);
        CHECK_TEXT(field, rows[i].field);
        CHECK((request.head_len > 0) == (rows[i].status == TROTH_HTTP_OK));
        CHECK((request.method.len > 0) == (rows[i].status == TROTH_HTTP_OK));
    }
}

static void read_kinds(void)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        struct troth_http_request request;
        const char *field;
        char text[256];

        test_case("what a head says of the body and of the connection, %zu", i + 1);
        (void)snprintf(text, sizeof text, "POST /v1/x HTTP/1.1\r\n" HOST "%s\r\n{}",
                       kinds[i].header);
        CHECK_INT(troth_http_parse(&request, &field, test_text(text)), TROTH_HTTP_OK);
        CHECK_SPAN(request.method, TROTH_LITERAL("POST"));
        CHECK_SPAN(request.target, TROTH_LITERAL("/v1/x"));
        CHECK_INT(request.head_len, strlen(text) - 2);
        CHECK_INT(request.is_json, kinds[i].is_json);
        CHECK_INT(request.keeps_open, kinds[i].keeps_open);
        CHECK_INT(request.wants_continue, kinds[i].wants_continue);
    }
}

/* Every beginning of a good head asks for more. */
static void cut_short(void)
{
    const struct troth_span text = TROTH_LITERAL(
        "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");

    test_case("cut anywhere, it waits for the rest");
    for (size_t len = 0; len < text.len; len++) {
        struct troth_http_request request;
        const char *field;

        CHECK_INT(troth_http_parse(&request, &field, (struct troth_span){text.ptr, len}),
                  len < text.len - 2 ? TROTH_HTTP_NEED_MORE : TROTH_HTTP_OK);
    }
}

static void too_large(void)
{
    static char text[2 * TROTH_HTTP_HEAD_MAX];
    struct troth_http_request request;
    const char *field;
    size_t len;

    test_case("the longest head, and one byte more");
    for (int over = 0; over < 2; over++) {
        memset(text, 'a', sizeof text);
        memcpy(text, "GET / HTTP/1.1\r\nHost: x\r\nA: ", 28);
        len = TROTH_HTTP_HEAD_MAX + (size_t)over;
        memcpy(text + len - 4, "\r\n\r\n", 4);
        CHECK_INT(
            troth_http_parse(&request, &field, (struct troth_span){(uint8_t *)text, len}),
            over ? TROTH_HTTP_HEAD_TOO_LARGE : TROTH_HTTP_OK);
    }
    test_case("a line that never ends");
    memset(text, 'a', sizeof text);
    CHECK_INT(troth_http_parse(&request, &field,
                               (struct troth_span){(uint8_t *)text, sizeof text}),
              TROTH_HTTP_HEAD_TOO_LARGE);
    CHECK_TEXT(field, "header");
    test_case("64 headers, and one more");
    for (int count = 63; count < 65; count++) {
        len = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\n" HOST);
        for (int i = 0; i < count; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, "A: b\r\n");
        len += (size_t)snprintf(text + len, sizeof text - len, "\r\n");
        CHECK_INT(
            troth_http_parse(&request, &field, (struct troth_span){(uint8_t *)text, len}),
            count == 63 ? TROTH_HTTP_OK : TROTH_HTTP_HEAD_TOO_LARGE);
    }
}

static void read_the_rest(void)
{
    const struct troth_span text = TROTH_LITERAL(
        "GET / HTTP/1.1\r\n" HOST
        "If-None-Match: \"a\" \r\nif-none-match: \"b\"\r\nOrigin: null\r\n"
        "Content-Length: 7\r\n\r\n");
    struct troth_http_request request;
    const char *field;

    test_case("what is known already, and that a page asks");
    CHECK_INT(troth_http_parse_up_to(&request, &field, 7, text), TROTH_HTTP_OK);
    CHECK_SPAN(request.if_none_match, TROTH_LITERAL("\"a\""));
    CHECK(request.is_a_pages);
    CHECK_INT(troth_http_parse_up_to(&request, &field, 6, text), TROTH_HTTP_TOO_LARGE);
    CHECK_INT(troth_http_parse(&request, &field,
                               TROTH_LITERAL("GET / HTTP/1.1\r\n" HOST "\r\n")),
              TROTH_HTTP_OK);
    CHECK_INT(request.if_none_match.len, 0);
    CHECK(!request.is_a_pages);

    test_case("a status, told to people");
    CHECK_TEXT(troth_http_reason(507), "Insufficient Storage");
    CHECK_TEXT(troth_http_reason(999), "Unknown");
}

int main(void)
{
    read_rows();
    read_the_rest();
    read_kinds();
    cut_short();
    too_large();
    return test_finish();
}

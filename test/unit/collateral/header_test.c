/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/header.h"

#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "test/harness.h"

static void test_write(void)
{
    static const uint8_t bytes[] = {0x0a, 0xff};
    uint8_t room[512];
    struct troth_writer w = troth_writer_over(room, sizeof room);

    test_case("lines as they are written");
    troth_header_write(&w, "A", "text");
    troth_header_write_uint(&w, "B", UINT64_MAX);
    troth_header_write_hex(&w, "C", (struct troth_span)TROTH_ARRAY_SPAN(bytes));
    troth_header_write_instant(&w, "D", 0);
    troth_header_write_instant(&w, "E", TROTH_INSTANT_NEVER);
    CHECK(!w.full);
    CHECK_SPAN(troth_writer_span(&w),
               test_text("A: text\r\nB: 18446744073709551615\r\nC: 0aff\r\n"
                         "D: 1970-01-01T00:00:00Z\r\nE: never\r\n"));

    test_case("no value ends its own line");
    for (const char *const *bad =
             (const char *const[]){"a\nb", "a\rb", "\x7f", "\xc3\xa9", NULL};
         *bad; bad++) {
        w = troth_writer_over(room, sizeof room);
        troth_header_write(&w, "A", *bad);
        CHECK(w.full);
    }
}

static const struct {
    const char *why, *headers, *copied;
} chains[] = {
    {"the headers with certificates, of either case",
     "HTTP/1.1 200 OK\r\nTCB-Info-Issuer-Chain: one\r\nsgx-pck-crl-issuer-chain: "
     "two\r\n\r\n",
     "TCB-Info-Issuer-Chain: one\r\nsgx-pck-crl-issuer-chain: two\r\n"},
    {"nothing else",
     "HTTP/1.1 200 OK\r\nDate: x-Issuer-Chain: y\r\nSet-Cookie: z\r\n\r\n", ""},
    {"nothing that pretends to be ours", "Troth-Name: x\r\nTroth-Expires: never\r\n\r\n",
     ""},
    {"no header that is all ending", "-Issuer-Chain: x\r\n\r\n", ""},
    {"lines that end without a return", "A-Issuer-Chain: x\nB: y\n\n",
     "A-Issuer-Chain: x\r\n"},
    {"a return inside a line", "A-Issuer-Chain: x\rTroth-Name: y\r\n\r\n", ""},
    {"nothing", "", ""},
};

static void test_copy(void)
{
    for (size_t i = 0; i < COUNT(chains); i++) {
        uint8_t room[512];
        struct troth_writer w = troth_writer_over(room, sizeof room);

        test_case("copied: %s", chains[i].why);
        troth_header_copy_chains(&w, test_text(chains[i].headers));
        CHECK_SPAN(troth_writer_span(&w), test_text(chains[i].copied));
    }
}

static const struct {
    const char *why, *file, *headers, *body; /* NULL: no answer */
} files[] = {
    {"headers and a body", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody",
     "HTTP/1.1 200 OK\r\nA: b\r\n", "body"},
    {"no body", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n", ""},
    {"a body with empty lines", "HTTP/1.1 200 OK\r\n\r\n\r\n\r\nx", "HTTP/1.1 200 OK\r\n",
     "\r\n\r\nx"},
    {"no end of headers", "HTTP/1.1 200 OK\r\nA: b\r\n", NULL, NULL},
    {"another status", "HTTP/1.1 404 Not Found\r\n\r\n", NULL, NULL},
    {"no answer", "hello", NULL, NULL},
    {"nothing", "", NULL, NULL},
};

static void test_split(void)
{
    struct troth_span headers, body;

    for (size_t i = 0; i < COUNT(files); i++) {
        bool wanted = files[i].headers != NULL;

        test_case("split: %s", files[i].why);
        CHECK(troth_header_split(&headers, &body, test_text(files[i].file)) == wanted);
        CHECK_SPAN(headers, test_text(wanted ? files[i].headers : ""));
        CHECK_SPAN(body, test_text(wanted ? files[i].body : ""));
    }
}

static void test_find(void)
{
    static const char texts[] =
        "HTTP/1.1 200 OK\0\0A: one\0\0AB: 12\0\0Big: 18446744073709551616\0\0"
        "At: 2026-05-01T00:00:00Z\0\0Ever: never\0\0Empty: \0";
    const struct troth_headers h = {texts, sizeof texts - 1};
    uint64_t number;
    int64_t instant_s;

    test_case("values by name");
    CHECK_TEXT(troth_header_find(&h, "A"), "one");
    CHECK_TEXT(troth_header_find(&h, "Empty"), "");
    CHECK(!troth_header_find(&h, "a"));
    CHECK(!troth_header_find(&h, "B"));
    CHECK(!troth_header_find(&h, "HTTP/1.1 200 OK"));
    CHECK(troth_header_uint(&number, &h, "AB") && number == 12);
    CHECK(!troth_header_uint(&number, &h, "A") && number == 0);
    CHECK(!troth_header_uint(&number, &h, "Big") && number == 0);
    CHECK(!troth_header_uint(&number, &h, "Empty") &&
          !troth_header_uint(&number, &h, "None"));
    CHECK(troth_header_instant(&instant_s, &h, "At") && instant_s == 1777593600);
    CHECK(troth_header_instant(&instant_s, &h, "Ever") &&
          instant_s == TROTH_INSTANT_NEVER);
    CHECK(!troth_header_instant(&instant_s, &h, "A") && instant_s == 0);
    CHECK(!troth_header_instant(&instant_s, &h, "None"));
}

int main(void)
{
    test_write();
    test_copy();
    test_split();
    test_find();
    return test_finish();
}

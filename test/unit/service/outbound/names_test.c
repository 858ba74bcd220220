/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/names.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define L63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"
#define N253                                                                             \
    L63 "." L63 "." L63 "."                                                              \
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg"

/* clang-format off */
static const struct {
    const char *why;
    const char *text;
    enum troth_name_kind kind;
    const char *name;
} names[] = {
    {"a name", "api.example.com", TROTH_NAME_HOST, "api.example.com"},
    {"one label", "localhost", TROTH_NAME_HOST, "localhost"},
    {"capitals", "API.Example.COM", TROTH_NAME_HOST, "api.example.com"},
    {"a dot behind", "api.example.com.", TROTH_NAME_HOST, "api.example.com"},
    {"punycode", "xn--bcher-kva.example", TROTH_NAME_HOST, "xn--bcher-kva.example"},
    {"digits before the last label", "1.2.3.example", TROTH_NAME_HOST, "1.2.3.example"},
    {"a label that only begins with digits", "1.2.3.4a", TROTH_NAME_HOST, "1.2.3.4a"},
    {"underscores", "_dmarc.my_bucket.example", TROTH_NAME_HOST, "_dmarc.my_bucket.example"},
    {"letters that would be hex", "de.ad.beef", TROTH_NAME_HOST, "de.ad.beef"},
    {"x without its zero", "a.x7f", TROTH_NAME_HOST, "a.x7f"},
    {"hex that ends in another letter", "a.0x7g", TROTH_NAME_HOST, "a.0x7g"},
    {"253 characters", N253, TROTH_NAME_HOST, N253},
    {"and a dot", N253 ".", TROTH_NAME_HOST, N253},
    {"254", N253 "g", TROTH_NAME_NONE, ""},
    {"a label of 64", L63 "h.test", TROTH_NAME_NONE, ""},
    {"nothing", "", TROTH_NAME_NONE, ""},
    {"a dot", ".", TROTH_NAME_NONE, ""},
    {"two dots", "..", TROTH_NAME_NONE, ""},
    {"two dots behind", "a.test..", TROTH_NAME_NONE, ""},
    {"an empty label", "a..test", TROTH_NAME_NONE, ""},
    {"a dot before", ".a.test", TROTH_NAME_NONE, ""},
    {"a hyphen first", "-a.test", TROTH_NAME_NONE, ""},
    {"a hyphen last", "a.test-", TROTH_NAME_NONE, ""},
    {"a wildcard", "*.test", TROTH_NAME_NONE, ""},
    {"a blank", "a test", TROTH_NAME_NONE, ""},
    {"a percent sign", "a%2e.test", TROTH_NAME_NONE, ""},
    {"an at sign", "a@b.test", TROTH_NAME_NONE, ""},
    {"a slash", "a/b.test", TROTH_NAME_NONE, ""},
    {"beyond ASCII", "\xc3\xa4.test", TROTH_NAME_NONE, ""},
    {"a full-width dot", "a\xef\xbc\x8etest", TROTH_NAME_NONE, ""},
    {"a control character", "a\x01.test", TROTH_NAME_NONE, ""},
    {"IPv4", "127.0.0.1", TROTH_NAME_ADDRESS, ""},
    {"with its dot", "127.0.0.1.", TROTH_NAME_ADDRESS, ""},
    {"short", "127.1", TROTH_NAME_ADDRESS, ""},
    {"one number", "2130706433", TROTH_NAME_ADDRESS, ""},
    {"hex", "0x7f000001", TROTH_NAME_ADDRESS, ""},
    {"hex in capitals", "0X7F.1", TROTH_NAME_ADDRESS, ""},
    {"hex behind a dot", "127.0.0.0x1", TROTH_NAME_ADDRESS, ""},
    {"octal", "0177.0.0.01", TROTH_NAME_ADDRESS, ""},
    {"0", "0", TROTH_NAME_ADDRESS, ""},
    {"0x", "0x", TROTH_NAME_ADDRESS, ""},
    {"a name that ends in a number", "api.example.7", TROTH_NAME_ADDRESS, ""},
    {"in hex", "api.example.0x7f", TROTH_NAME_ADDRESS, ""},
    {"IPv6", "::1", TROTH_NAME_ADDRESS, ""},
    {"in brackets", "[::1]", TROTH_NAME_ADDRESS, ""},
    {"with a zone", "[fe80::1%eth0]", TROTH_NAME_ADDRESS, ""},
    {"mapped", "::ffff:127.0.0.1", TROTH_NAME_ADDRESS, ""},
    {"brackets around a name", "[a.test]", TROTH_NAME_ADDRESS, ""},
};

static const struct {
    const char *text;
    enum troth_name_kind kind;
    uint16_t port;
} authorities[] = {
    {"a.test:443", TROTH_NAME_HOST, 443},
    {"a.test:1", TROTH_NAME_HOST, 1},
    {"a.test.:65535", TROTH_NAME_HOST, 65535},
    {"a.test:0", TROTH_NAME_NONE, 0},
    {"a.test:65536", TROTH_NAME_NONE, 0},
    {"a.test:65979", TROTH_NAME_NONE, 0},
    {"a.test:0443", TROTH_NAME_NONE, 0},
    {"a.test:+443", TROTH_NAME_NONE, 0},
    {"a.test:-1", TROTH_NAME_NONE, 0},
    {"a.test: 443", TROTH_NAME_NONE, 0},
    {"a.test:443 ", TROTH_NAME_NONE, 0},
    {"a.test:0x1bb", TROTH_NAME_NONE, 0},
    {"a.test:https", TROTH_NAME_NONE, 0},
    {"a.test:", TROTH_NAME_NONE, 0},
    {"a.test", TROTH_NAME_NONE, 0},
    {":443", TROTH_NAME_NONE, 0},
    {"", TROTH_NAME_NONE, 0},
    {"127.0.0.1:443", TROTH_NAME_ADDRESS, 0},
    {"[::1]:443", TROTH_NAME_ADDRESS, 0},
    {"::1:443", TROTH_NAME_ADDRESS, 0},
    {"a.test:1:443", TROTH_NAME_ADDRESS, 0},
};

static const struct {
    const char *text;
    enum troth_err err;
} rows[] = {
    {"api.example.com:443", TROTH_OK},
    {"*.example.org:443", TROTH_OK},
    {"example.org:443", TROTH_OK},
    {"*.deep.example.org:443/private", TROTH_OK},
    {"api.example.com:8443/private", TROTH_OK},
    {"API.example.com.:443", TROTH_ERR_DUPLICATE},
    {"api.example.com:443/private", TROTH_ERR_DUPLICATE},
    {"*.Example.org:443", TROTH_ERR_DUPLICATE},
    {"api.example.com", TROTH_ERR_VALUE},
    {"api.example.com:443/", TROTH_ERR_VALUE},
    {"api.example.com:443/public", TROTH_ERR_VALUE},
    {"api.example.com:443/private/private", TROTH_ERR_VALUE},
    {"/private", TROTH_ERR_VALUE},
    {"", TROTH_ERR_VALUE},
    {"*:443", TROTH_ERR_VALUE},
    {"*.:443", TROTH_ERR_VALUE},
    {"*.*.example.org:443", TROTH_ERR_VALUE},
    {"a.*.example.org:443", TROTH_ERR_VALUE},
    {"a*.example.org:443", TROTH_ERR_VALUE},
    {"*a.example.org:443", TROTH_ERR_VALUE},
    {"127.0.0.1:443", TROTH_ERR_KIND},
    {"*.1:443", TROTH_ERR_KIND},
    {"*.0.0.127:443", TROTH_ERR_KIND},
    {"[::1]:443/private", TROTH_ERR_KIND},
};

static const struct {
    const char *why;
    const char *asked;
    const char *row; /* as a row names it; NULL: none */
} asked[] = {
    {"its own row", "api.example.com:443", "api.example.com"},
    {"another port", "api.example.com:444", NULL},
    {"a port of another row", "example.org:8443", NULL},
    {"a name below it", "x.api.example.com:443", NULL},
    {"a name above it", "example.com:443", NULL},
    {"a wildcard", "a.example.org:443", "*.example.org"},
    {"two labels for it", "a.b.example.org:443", "*.example.org"},
    {"the name it stands before", "example.org:443", "example.org"},
    {"a name that only ends so", "evilexample.org:443", NULL},
    {"and with a hyphen", "evil-example.org:443", NULL},
    {"the longer of two wildcards", "x.deep.example.org:443", "*.deep.example.org"},
    {"whose own name the shorter one takes", "deep.example.org:443", "*.example.org"},
    {"a name that begins so", "example.org.evil.test:443", NULL},
};
/* clang-format on */

static void parse_names(void)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        struct troth_host_name name;

        test_case("%s", names[i].why);
        CHECK_INT(troth_host_name_parse(&name, test_text(names[i].text)), names[i].kind);
        CHECK_TEXT(name.text, names[i].name);
        CHECK_INT(name.len, strlen(names[i].name));
    }
    struct troth_host_name name;

    test_case("a zero in it");
    CHECK_INT(troth_host_name_parse(&name, TROTH_LITERAL("a.test\0.evil.test")),
              TROTH_NAME_NONE);
}

static void parse_authorities(void)
{
    for (size_t i = 0; i < COUNT(authorities); i++) {
        struct troth_host_name name;
        uint16_t port = 1;

        test_case("'%s'", authorities[i].text);
        CHECK_INT(troth_authority_parse(&name, &port, test_text(authorities[i].text)),
                  authorities[i].kind);
        CHECK_INT(port, authorities[i].port);
        CHECK((name.len > 0) == (authorities[i].kind == TROTH_NAME_HOST));
    }
}

static void compare_names(void)
{
    struct troth_host_name name;

    test_case("a TLS client's name is this one, in either case, and no other");
    CHECK_INT(troth_host_name_parse(&name, test_text("API.example.com.")),
              TROTH_NAME_HOST);
    CHECK(troth_host_name_is(&name, test_text("api.EXAMPLE.com")));
    CHECK(!troth_host_name_is(&name, test_text("api.example.com.")));
    CHECK(!troth_host_name_is(&name, test_text("api.example.co")));
    CHECK(!troth_host_name_is(&name, test_text("")));
    CHECK(!troth_host_name_is(&name, TROTH_LITERAL("api.example.com\0")));
    CHECK_INT(troth_host_name_parse(&name, test_text("")), TROTH_NAME_NONE);
    CHECK(!troth_host_name_is(&name, test_text("")));
}

static struct troth_allow allow;

static void add_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const size_t before = allow.count;

        test_case("a row '%s'", rows[i].text);
        CHECK_ERR(troth_allow_add(&allow, rows[i].text, i % 2), rows[i].err);
        CHECK_INT(allow.count, before + (rows[i].err == TROTH_OK));
        if (rows[i].err == TROTH_OK) {
            CHECK_INT(allow.rows[before].is_plain, i % 2);
            CHECK_INT(allow.rows[before].is_private,
                      strstr(rows[i].text, "/private") != NULL);
            CHECK_INT(allow.rows[before].is_wildcard, rows[i].text[0] == '*');
        }
    }
}

static void find_rows(void)
{
    for (size_t i = 0; i < COUNT(asked); i++) {
        struct troth_host_name name;
        const struct troth_allow_row *row;
        char text[300] = "";
        uint16_t port;

        test_case("%s", asked[i].why);
        CHECK_INT(troth_authority_parse(&name, &port, test_text(asked[i].asked)),
                  TROTH_NAME_HOST);
        row = troth_allow_find(&allow, &name, port);
        if (row)
            (void)snprintf(text, sizeof text, "%s%s", row->is_wildcard ? "*." : "",
                           row->name.text);
        CHECK_TEXT(text, asked[i].row ? asked[i].row : "");
    }
}

static void fill(void)
{
    static struct troth_allow full;
    char text[40];

    test_case("256 rows, and no more");
    for (int i = 0; i < TROTH_ALLOW_ROWS_MAX; i++) {
        (void)snprintf(text, sizeof text, "n%d.test:443", i);
        CHECK_ERR(troth_allow_add(&full, text, false), TROTH_OK);
    }
    CHECK_ERR(troth_allow_add(&full, "more.test:443", false), TROTH_ERR_LIMIT);
    CHECK_ERR(troth_allow_add(&full, "n0.test:443", true), TROTH_ERR_DUPLICATE);
    CHECK_INT(full.count, TROTH_ALLOW_ROWS_MAX);
}

int main(void)
{
    parse_names();
    parse_authorities();
    compare_names();
    add_rows();
    find_rows();
    fill();
    return test_finish();
}

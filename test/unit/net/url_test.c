/* SPDX-License-Identifier: Apache-2.0 */
#include "net/url.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

static const struct {
    const char *why, *url, *refusal; /* how the clause begins; NULL: it may be asked */
} addresses[] = {
    {"a vendor's", "https://api.trustedservices.intel.com/", NULL},
    {"with a port and a path", "https://pccs.example:8081/sgx/certification/v4/tcb?a=b",
     NULL},
    {"this machine by name", "http://localhost:8081/", NULL},
    {"this machine by name, written large", "http://LOCALHOST/", NULL},
    {"this machine by number", "http://127.0.0.1:1/x", NULL},
    {"any of this machine's numbers", "http://127.255.3.4/x", NULL},
    {"this machine by its longer number", "http://[::1]:99/", NULL},
    {"plain http elsewhere", "http://pccs.example/", "plain http"},
    {"a name that only begins like this machine's", "http://localhost.example/",
     "plain http"},
    {"a name that only begins like a number", "http://127.0.0.1.example/", "plain http"},
    {"another machine's number", "http://10.0.0.1/", "plain http"},
    {"another machine's longer number", "http://[::2]/", "plain http"},
    {"this machine as the user of another", "http://127.0.0.1@pccs.example/",
     "it holds a user"},
    {"a password", "https://me:secret@pccs.example/", "it holds a user"},
    {"a file", "file:///etc/passwd", "no address"},
    {"another protocol", "ftp://pccs.example/", "neither"},
    {"no protocol", "pccs.example", "no address"},
    {"nothing", "", "no address"},
    {"a fragment", "https://pccs.example/#x", "it holds a fragment"},
    {"a line end", "https://pccs.example/\r\nHost: x", "no address"},
};

static void test_refusal(void)
{
    static char long_url[TROTH_URL_ROOM + 1];

    for (size_t i = 0; i < COUNT(addresses); i++) {
        const char *why, *wanted = addresses[i].refusal;

        test_case("address: %s", addresses[i].why);
        why = troth_url_refusal(addresses[i].url);
        if (!wanted)
            CHECK(!why);
        else if (CHECK(why))
            CHECK(strncmp(why, wanted, strlen(wanted)) == 0);
    }
    test_case("address: too long");
    memset(long_url, 'a', sizeof long_url - 1);
    memcpy(long_url, "https://", 8);
    CHECK(troth_url_refusal(long_url));
}

static const struct {
    const char *why, *base, *path, *joined; /* NULL: refused */
} joins[] = {
    {"a base with its slash", "https://a.example/", "sgx/v4/tcb?fmspc=00",
     "https://a.example/sgx/v4/tcb?fmspc=00"},
    {"a base without", "https://a.example", "vcek/v1/Milan/crl",
     "https://a.example/vcek/v1/Milan/crl"},
    {"a base that is a folder", "https://a.example/mirror", "x",
     "https://a.example/mirror/x"},
    {"a base with a query", "https://a.example/?key=1", "x", NULL},
    {"a base with a fragment", "https://a.example/#", "x", NULL},
    {"no base", "", "x", NULL},
    {"a path with a blank", "https://a.example/", "x y", NULL},
    {"a path with a line end", "https://a.example/", "x\r\nHost: b", NULL},
    {"a path that goes up", "https://a.example/", "../x", NULL},
    {"a path that begins another address", "https://a.example/", "//b.example/x", NULL},
    {"a path that is not ASCII", "https://a.example/", "\xc3\xa9", NULL},
};

static void test_join(void)
{
    static char long_path[TROTH_URL_ROOM + 1];
    char out[TROTH_URL_ROOM];

    for (size_t i = 0; i < COUNT(joins); i++) {
        test_case("join: %s", joins[i].why);
        CHECK(troth_url_join(out, joins[i].base, joins[i].path) ==
              (joins[i].joined != NULL));
        CHECK_TEXT(out, joins[i].joined ? joins[i].joined : "");
    }
    test_case("join: too long");
    memset(long_path, 'a', sizeof long_path - 1);
    CHECK(!troth_url_join(out, "https://a.example/", long_path));
    CHECK_TEXT(out, "");
}

static void test_host(void)
{
    char out[TROTH_HOST_ROOM];

    test_case("host");
    CHECK(troth_url_host(out, "https://kdsintf.amd.com/vcek/v1/Milan/crl"));
    CHECK_TEXT(out, "kdsintf.amd.com");
    CHECK(troth_url_host(out, "http://127.0.0.1:8081/x"));
    CHECK_TEXT(out, "127.0.0.1:8081");
    CHECK(!troth_url_host(out, "no address"));
    CHECK_TEXT(out, "");
}

int main(void)
{
    test_refusal();
    test_join();
    test_host();
    return test_finish();
}

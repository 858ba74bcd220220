/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/request.h"

#include <string.h>

#include "test/harness.h"

#define HOST "Host: x\r\n"

/* clang-format off */
static const struct {
    const char *why;
    const char *text;
    unsigned status;
    const char *name; /* "" where none is known */
    uint16_t port;
    bool is_plain;
} rows[] = {
    {"as curl asks", "CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\nUser-Agent: curl/7.88.1\r\nProxy-Connection: Keep-Alive\r\n\r\n", 200, "api.test", 443, false},
    {"as older clients ask", "CONNECT api.test:443 HTTP/1.0\r\n\r\n", 200, "api.test", 443, false},
    {"a plain row", "CONNECT DB.test.:5432 HTTP/1.1\r\n" HOST "\r\n", 200, "db.test", 5432, true},
    {"a wildcard's", "CONNECT a.b.wild.test:443 HTTP/1.1\r\n" HOST "\r\n", 200, "a.b.wild.test", 443, false},
    {"without its end", "CONNECT api.test:443 HTTP/1.1\r\n" HOST, 0, "", 0, false},
    {"nothing yet", "", 0, "", 0, false},
    {"another name", "CONNECT evil.test:443 HTTP/1.1\r\n" HOST "\r\n", 403, "evil.test", 443, false},
    {"another port", "CONNECT api.test:5432 HTTP/1.1\r\n" HOST "\r\n", 403, "api.test", 5432, false},
    {"an address", "CONNECT 127.0.0.1:443 HTTP/1.1\r\n" HOST "\r\n", 403, "", 0, false},
    {"no port", "CONNECT api.test HTTP/1.1\r\n" HOST "\r\n", 400, "", 0, false},
    {"a URI", "CONNECT https//api.test:443 HTTP/1.1\r\n" HOST "\r\n", 400, "", 0, false},
    {"GET", "GET http://api.test:443/ HTTP/1.1\r\n" HOST "\r\n", 405, "", 0, false},
    {"a method that begins so", "CONNECTX api.test:443 HTTP/1.1\r\n" HOST "\r\n", 405, "", 0, false},
    {"a body", "CONNECT api.test:443 HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", 400, "", 0, false},
    {"a body of none", "CONNECT api.test:443 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 200, "api.test", 443, false},
    {"chunks", "CONNECT api.test:443 HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 411, "", 0, false},
    {"an expectation", "CONNECT api.test:443 HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n", 400, "", 0, false},
    {"no host", "CONNECT api.test:443 HTTP/1.1\r\n\r\n", 400, "", 0, false},
    {"line feeds alone", "CONNECT api.test:443 HTTP/1.1\n" "Host: x\n\n", 400, "", 0, false},
    {"HTTP/2", "CONNECT api.test:443 HTTP/2.0\r\n" HOST "\r\n", 505, "", 0, false},
};
/* clang-format on */

int main(void)
{
    static struct troth_allow allow;

    test_case("what is allowed");
    CHECK_ERR(troth_allow_add(&allow, "api.test:443", false), TROTH_OK);
    CHECK_ERR(troth_allow_add(&allow, "*.wild.test:443", false), TROTH_OK);
    CHECK_ERR(troth_allow_add(&allow, "db.test:5432", true), TROTH_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_connect asked;
        const unsigned status = troth_connect_parse(&asked, &allow,
                                                    test_text(rows[i].text));

        test_case("%s", rows[i].why);
        CHECK_INT(status, rows[i].status);
        CHECK_TEXT(asked.name.text, rows[i].name);
        CHECK_INT(asked.port, rows[i].port);
        CHECK((asked.row != NULL) == (rows[i].status == 200));
        CHECK((asked.why != NULL) == (rows[i].status >= 400));
        CHECK_INT(asked.head_len, rows[i].status == 200 ? strlen(rows[i].text) : 0);
        if (asked.row)
            CHECK_INT(asked.row->is_plain, rows[i].is_plain);
    }
    return test_finish();
}

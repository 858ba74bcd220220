/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/target.h"

#include "test/harness.h"

static const struct {
    const char *text;
    bool fits;
    const char *host, *port; /* of a name; NULL: it is none */
} rows[] = {
    {"127.0.0.1:8443", true, NULL, NULL},
    {"[::1]:8443", true, NULL, NULL},
    {"vsock:3:8443", true, NULL, NULL},
    {"/run/app.sock", true, NULL, NULL},
    {"app.example:8443", true, "app.example", "8443"},
    {"localhost:1", true, "localhost", "1"},
    {"[fe80::1%lo]:65535", true, "fe80::1%lo", "65535"},
    {"app.example", false, NULL, NULL},
    {"app.example:", false, NULL, NULL},
    {"app.example:0", false, NULL, NULL},
    {"app.example:65536", false, NULL, NULL},
    {"app.example:http", false, NULL, NULL},
    {"app.example:+1", false, NULL, NULL},
    {":8443", false, NULL, NULL},
    {"", false, NULL, NULL},
    {"::1:8443", false, NULL, NULL},
    {"https://app.example:8443", false, NULL, NULL},
    {"app.example/x:8443", false, NULL, NULL},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_target target;
        struct troth_problem problem = {0};
        const char *host = rows[i].host;

        test_case("'%s'", rows[i].text);
        CHECK_INT(troth_target_parse(&target, &problem, rows[i].text), rows[i].fits);
        CHECK_INT(target.is_name, host != NULL);
        if (host) {
            CHECK_TEXT(target.host, host);
            CHECK_TEXT(target.port, rows[i].port);
        } else if (rows[i].fits) {
            CHECK_INT(target.count, 1);
            CHECK(!troth_target_look_up(&target));
            CHECK_INT(target.count, 1);
        } else {
            CHECK(problem.hint[0] != '\0');
        }
    }
    return test_finish();
}

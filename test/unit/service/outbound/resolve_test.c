/* SPDX-License-Identifier: Apache-2.0 */
/* The C library's own word for the resolver's state. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#define _DEFAULT_SOURCE
#include "service/outbound/resolve.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#include "test/harness.h"

/* What other names lead to is the machine's affair: test/run/outbound_test.py has a
 * resolver of its own. */
int main(void)
{
    struct troth_addresses found;
    char text[TROTH_ADDRESS_TEXT_MAX];
    bool has_loopback = false;

    test_case("localhost, by the machine's own settings, with the port");
    troth_resolve(&found, "localhost", 443);
    for (size_t i = 0; i < found.count; i++)
        has_loopback |= strcmp(troth_address_write(text, &found.list[i]),
                               "127.0.0.1:443") == 0 ||
                        strcmp(text, "[::1]:443") == 0;
    if (found.count == 0)
        test_skip("this machine does not know localhost: %s", found.why);
    else
        CHECK(has_loopback);

    test_case("what has no addresses says why");
    troth_resolve(&found, "", 443);
    CHECK_INT(found.count, 0);
    CHECK(found.why != NULL);

    test_case("one thread's later names are looked up like its first: as they stand");
    for (int i = 0; i < 5; i++) {
        troth_resolve(&found, "localhost", 443);
        CHECK_INT(_res.options & (RES_DNSRCH | RES_DEFNAMES), 0);
        CHECK_INT(_res.retry, 2);
        CHECK_INT(_res.retrans, 3);
    }
    return test_finish();
}

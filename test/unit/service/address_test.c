/* SPDX-License-Identifier: Apache-2.0 */
#include "service/address.h"

#include <string.h>

#include "test/harness.h"

struct row {
    const char *text;
    bool is_good, is_local;
    const char *peer;
};

static const struct row rows[] = {
    {"127.0.0.1:8080", true, true, "127.0.0.1"},
    {"127.9.9.9:1", true, true, "127.9.9.9"},
    {"192.0.2.7:65535", true, false, "192.0.2.7"},
    {"128.0.0.1:80", true, false, "128.0.0.1"},
    {"0.0.0.0:80", true, false, "0.0.0.0"},
    {"[::1]:8080", true, true, "::/64"},
    {"[2001:db8:1:2:3:4:5:6]:443", true, false, "2001:db8:1:2::/64"},
    {"[::ffff:192.0.2.7]:443", true, false, "192.0.2.7"},
    {"[ffff:ffff:ffff:ffff::]:443", true, false, "ffff:ffff:ffff:ffff::/64"},
    {"/run/app.sock", true, true, "local"},
    {"", false},
    {":80", false},
    {"localhost:80", false},
    {"127.0.0.1", false},
    {"127.0.0.1:", false},
    {"127.0.0.1:0", false},
    {"127.0.0.1:65536", false},
    {"127.0.0.1:+80", false},
    {"127.0.0.1:080000", false},
    {"127.0.0.1: 80", false},
    {"127.1:80", false},
    {"::1:80", false},
    {"[::1:80", false},
    {"[::1]80", false},
    {"[]:80", false},
    {"[:80", false},
    {"[127.0.0.1]:80", false},
    {"[0000:0000:0000:0000:0000:0000:255.255.255.2555]:80", false},
    {"/a/path/that/is/longer/than/the/hundred/and/seven/bytes/that/there/is/room/for/"
     "in/the/address/of/such/a/socket",
     false},
};

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        char peer[TROTH_ADDRESS_PEER_MAX];
        struct troth_address address;

        test_case("'%s'", row->text);
        CHECK_ERR(troth_address_parse(&address, row->text),
                  row->is_good ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_INT(address.len > 0, row->is_good);
        CHECK_INT(troth_address_is_local(&address), row->is_local);
        if (!row->is_good)
            continue;
        troth_address_peer(peer, &address);
        CHECK_TEXT(peer, row->peer);
    }
}

int main(void)
{
    test_rows();
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/address.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

static const struct {
    const char *why, *text, *canonical; /* NULL: refused */
} addresses[] = {
    {"version 4", "192.168.0.1", "192.168.0.1"},
    {"ends", "0.0.0.255", "0.0.0.255"},
    {"zeros before a number", "192.168.00.1", NULL},
    {"a number too large", "192.168.0.256", NULL},
    {"far too large", "192.168.0.4294967297", NULL},
    {"three numbers", "192.168.1", NULL},
    {"five numbers", "192.168.0.1.0", NULL},
    {"an empty number", "192..0.1", NULL},
    {"a dot at the end", "192.168.0.1.", NULL},
    {"white space", " 192.168.0.1", NULL},
    {"a sign", "+1.2.3.4", NULL},
    {"nothing", "", NULL},
    {"a network", "10.0.0.0/8", NULL},

    {"version 6", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
    {"either case", "2001:DB8::aBcD", "2001:db8::abcd"},
    {"zeros before a group", "2001:0db8::0068", "2001:db8::68"},
    {"all zeros", "::", "::"},
    {"a gap at the start", "::1", "::1"},
    {"a gap at the end", "fe80::", "fe80::"},
    {"a gap of one group", "1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
    {"zeros written out", "1:0:0:2:0:0:0:3", "1:0:0:2::3"},
    {"the first of two runs", "1:0:0:2:3:0:0:4", "1::2:3:0:0:4"},
    {"a gap for no group", "1:2:3:4::5:6:7:8", NULL},
    {"two gaps", "1::2::3", NULL},
    {"two gaps in one", "2001:db8:::68", NULL},
    {"nine groups", "1:2:3:4:5:6:7:8:9", NULL},
    {"seven groups", "1:2:3:4:5:6:7", NULL},
    {"five digits", "12345::", NULL},
    {"a colon at the start", ":1:2:3:4:5:6:7:8", NULL},
    {"a colon at the end", "1:2:3:4:5:6:7:8:", NULL},
    {"a colon after a gap", "1:::", NULL},
    {"a colon alone", ":", NULL},
    {"no digit", "fe80::g", NULL},
    {"a zone", "fe80::1%en0", NULL},
    {"brackets", "[::1]", NULL},

    {"dots at the end", "64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"dots after six groups", "1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"},
    {"dots after seven groups", "1:2:3:4:5:6:7:8.9.10.11", NULL},
    {"dots in the middle", "::1.2.3.4:5", NULL},
    {"version 4 in version 6", "::ffff:c0a8:1", "192.168.0.1"},
    {"the same written out", "0:0:0:0:0:FFFF:c0a8:1", "192.168.0.1"},
    {"the same with dots", "::ffff:192.168.0.1", NULL},
    {"nearly the same", "::fffe:192.168.0.1", "::fffe:c0a8:1"},
};

static void test_addresses(void)
{
    for (size_t i = 0; i < COUNT(addresses); i++) {
        struct troth_cel_address address;
        uint8_t text[TROTH_CEL_ADDRESS_TEXT_MAX];
        struct troth_writer w = troth_writer_over(text, sizeof text);
        const enum troth_err err = troth_cel_address_parse(&address,
                                                           test_text(addresses[i].text));

        test_case("an address: %s", addresses[i].why);
        CHECK_ERR(err, addresses[i].canonical ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK_INT(address.prefix_len, err ? 0 : address.is_v6 ? 128 : 32);
        if (err || !addresses[i].canonical)
            continue;
        troth_cel_write_address(&w, &address);
        CHECK_SPAN(troth_writer_span(&w), test_text(addresses[i].canonical));
    }
}

static const struct {
    const char *why, *text, *written, *masked; /* NULL: refused */
} networks[] = {
    {"version 4", "192.168.5.1/24", "192.168.5.1/24", "192.168.5.0/24"},
    {"a prefix within a byte", "192.168.255.255/21", "192.168.255.255/21",
     "192.168.248.0/21"},
    {"everything", "10.1.2.3/0", "10.1.2.3/0", "0.0.0.0/0"},
    {"one address", "10.1.2.3/32", "10.1.2.3/32", "10.1.2.3/32"},
    {"too long a prefix", "10.1.2.3/33", NULL, NULL},
    {"version 6", "2001:DB8::1/33", "2001:db8::1/33", "2001:db8::/33"},
    {"one address of version 6", "::1/128", "::1/128", "::1/128"},
    {"too long a prefix of version 6", "::1/129", NULL, NULL},
    {"a zero before the prefix", "10.0.0.0/08", NULL, NULL},
    {"no prefix", "192.168.0.0/", NULL, NULL},
    {"no slash", "192.168.0.0", NULL, NULL},
    {"two slashes", "192.168.0.0/8/", NULL, NULL},
    {"a sign", "192.168.0.0/+8", NULL, NULL},
    {"no address", "/8", NULL, NULL},
    {"a zone", "fe80::1%en0/24", NULL, NULL},
    {"version 4 in version 6", "::ffff:c0a8:0/120", NULL, NULL},
    {"the same with dots", "::ffff:192.168.0.1/24", NULL, NULL},
};

static void test_networks(void)
{
    for (size_t i = 0; i < COUNT(networks); i++) {
        struct troth_cel_address network;
        uint8_t text[2 * TROTH_CEL_ADDRESS_TEXT_MAX];
        struct troth_writer w = troth_writer_over(text, sizeof text);
        const enum troth_err err = troth_cel_network_parse(&network,
                                                           test_text(networks[i].text));

        test_case("a network: %s", networks[i].why);
        CHECK_ERR(err, networks[i].written ? TROTH_OK : TROTH_ERR_VALUE);
        CHECK(!err || troth_span_is_zero(
                          (struct troth_span){network.bytes, sizeof network.bytes}));
        if (err || !networks[i].written)
            continue;
        troth_cel_write_network(&w, &network);
        CHECK_SPAN(troth_writer_span(&w), test_text(networks[i].written));
        w.len = 0;
        troth_cel_address_mask(&network);
        troth_cel_write_network(&w, &network);
        CHECK_SPAN(troth_writer_span(&w), test_text(networks[i].masked));
    }
}

static const struct {
    const char *why, *inner, *network;
    bool is_in;
} members[] = {
    {"inside", "192.168.0.1/32", "192.168.0.0/24", true},
    {"outside", "192.168.1.1/32", "192.168.0.0/24", false},
    {"itself", "10.0.0.0/8", "10.0.0.0/8", true},
    {"a smaller network", "192.168.0.0/25", "192.168.0.0/24", true},
    {"a larger network", "192.168.0.0/23", "192.168.0.0/24", false},
    {"bits after the prefix", "10.1.0.0/16", "10.255.255.255/8", true},
    {"the bit after the prefix", "128.0.0.0/1", "0.0.0.0/0", true},
    {"another version", "0.0.0.0/32", "::/0", false},
    {"version 6", "2001:db8::/33", "2001:db8::/32", true},
    {"version 6, one bit away", "2001:db9::/33", "2001:db8::/32", false},
};

static void test_members(void)
{
    for (size_t i = 0; i < COUNT(members); i++) {
        struct troth_cel_address inner, network;

        test_case("what a network contains: %s", members[i].why);
        CHECK_ERR(troth_cel_network_parse(&inner, test_text(members[i].inner)), TROTH_OK);
        CHECK_ERR(troth_cel_network_parse(&network, test_text(members[i].network)),
                  TROTH_OK);
        CHECK_INT(troth_cel_address_is_in(&inner, &network), members[i].is_in);
    }
}

int main(void)
{
    test_addresses();
    test_networks();
    test_members();
    return test_finish();
}

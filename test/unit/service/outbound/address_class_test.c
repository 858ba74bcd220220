/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/address_class.h"

#include <arpa/inet.h>

#include "test/harness.h"

/* The first and the last of each, and who lives on either side. */
/* clang-format off */
static const struct {
    const char *address;
    enum troth_address_class class;
    const char *name;
} rows[] = {
    {"0.0.0.0", TROTH_ADDRESS_UNUSABLE, "this network"},
    {"0.255.255.255", TROTH_ADDRESS_UNUSABLE, "this network"},
    {"1.0.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"9.255.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"10.0.0.0", TROTH_ADDRESS_PRIVATE, "private"},
    {"10.255.255.255", TROTH_ADDRESS_PRIVATE, "private"},
    {"11.0.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"100.63.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"100.64.0.0", TROTH_ADDRESS_PRIVATE, "a provider's own"},
    {"100.100.100.199", TROTH_ADDRESS_PRIVATE, "a provider's own"},
    {"100.100.100.200", TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {"168.63.129.15", TROTH_ADDRESS_GLOBAL, "global"},
    {"168.63.129.16", TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {"168.63.129.17", TROTH_ADDRESS_GLOBAL, "global"},
    {"fd00:ec2::254", TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {"fd20:ce::254", TROTH_ADDRESS_UNUSABLE, "a cloud's service"},
    {"fd00:ec3::254", TROTH_ADDRESS_PRIVATE, "private"},
    {"100.127.255.255", TROTH_ADDRESS_PRIVATE, "a provider's own"},
    {"100.128.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"126.255.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"127.0.0.0", TROTH_ADDRESS_PRIVATE, "loopback"},
    {"127.255.255.255", TROTH_ADDRESS_PRIVATE, "loopback"},
    {"128.0.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"169.253.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"169.254.169.254", TROTH_ADDRESS_UNUSABLE, "link-local"},
    {"169.255.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"172.15.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"172.16.0.0", TROTH_ADDRESS_PRIVATE, "private"},
    {"172.31.255.255", TROTH_ADDRESS_PRIVATE, "private"},
    {"172.32.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"192.0.0.170", TROTH_ADDRESS_UNUSABLE, "reserved for protocols"},
    {"192.0.1.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"192.0.2.255", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"192.0.3.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"192.88.98.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"192.88.99.0", TROTH_ADDRESS_UNUSABLE, "a relay's"},
    {"192.167.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"192.168.0.0", TROTH_ADDRESS_PRIVATE, "private"},
    {"192.169.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"198.17.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"198.18.0.0", TROTH_ADDRESS_UNUSABLE, "for benchmarks"},
    {"198.19.255.255", TROTH_ADDRESS_UNUSABLE, "for benchmarks"},
    {"198.20.0.0", TROTH_ADDRESS_GLOBAL, "global"},
    {"198.51.100.7", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"203.0.113.7", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"223.255.255.255", TROTH_ADDRESS_GLOBAL, "global"},
    {"224.0.0.0", TROTH_ADDRESS_UNUSABLE, "multicast"},
    {"239.255.255.255", TROTH_ADDRESS_UNUSABLE, "multicast"},
    {"240.0.0.0", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"255.255.255.255", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"::", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"::1", TROTH_ADDRESS_PRIVATE, "loopback"},
    {"::2", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"::127.0.0.1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"::ffff:127.0.0.1", TROTH_ADDRESS_PRIVATE, "loopback"},
    {"::ffff:169.254.169.254", TROTH_ADDRESS_UNUSABLE, "link-local"},
    {"::ffff:8.8.8.8", TROTH_ADDRESS_GLOBAL, "global"},
    {"::fffe:8.8.8.8", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"::ffff:0:8.8.8.8", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"64:ff9b::8.8.8.8", TROTH_ADDRESS_GLOBAL, "global"},
    {"64:ff9b::10.0.0.1", TROTH_ADDRESS_PRIVATE, "private"},
    {"64:ff9b::1:8.8.8.8", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"64:ff9b:1::8.8.8.8", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"100::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"1fff:ffff::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"2000::", TROTH_ADDRESS_GLOBAL, "global"},
    {"2001::1", TROTH_ADDRESS_UNUSABLE, "reserved for protocols"},
    {"2001:1ff:ffff::", TROTH_ADDRESS_UNUSABLE, "reserved for protocols"},
    {"2001:200::", TROTH_ADDRESS_GLOBAL, "global"},
    {"2001:db7:ffff::", TROTH_ADDRESS_GLOBAL, "global"},
    {"2001:db8::1", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"2001:db9::", TROTH_ADDRESS_GLOBAL, "global"},
    {"2002:7f00:1::1", TROTH_ADDRESS_UNUSABLE, "a relay's"},
    {"2003::1", TROTH_ADDRESS_GLOBAL, "global"},
    {"2606:4700::6810:84e5", TROTH_ADDRESS_GLOBAL, "global"},
    {"3ffe::1", TROTH_ADDRESS_GLOBAL, "global"},
    {"3fff::1", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"3fff:fff:ffff::", TROTH_ADDRESS_UNUSABLE, "for documentation"},
    {"3fff:1000::", TROTH_ADDRESS_GLOBAL, "global"},
    {"4000::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"5f00::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"fbff::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"fc00::", TROTH_ADDRESS_PRIVATE, "private"},
    {"fdff:ffff::1", TROTH_ADDRESS_PRIVATE, "private"},
    {"fe00::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"fe80::1", TROTH_ADDRESS_UNUSABLE, "link-local"},
    {"febf::1", TROTH_ADDRESS_UNUSABLE, "link-local"},
    {"fec0::1", TROTH_ADDRESS_UNUSABLE, "reserved"},
    {"ff02::1", TROTH_ADDRESS_UNUSABLE, "multicast"},
};
/* clang-format on */

int main(void)
{
    const char *name;

    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[16];
        size_t len = inet_pton(AF_INET, rows[i].address, bytes) == 1 ? 4 : 16;

        test_case("%s is %s", rows[i].address, rows[i].name);
        if (len == 16)
            CHECK_INT(inet_pton(AF_INET6, rows[i].address, bytes), 1);
        CHECK_INT(troth_address_classify(&name, (struct troth_span){bytes, len}),
                  rows[i].class);
        CHECK_TEXT(name, rows[i].name);
    }
    test_case("what is neither");
    for (size_t len = 0; len < 16; len++)
        if (len != 4)
            CHECK_INT(
                troth_address_classify(
                    &name, (struct troth_span){(const uint8_t[16]){8, 8, 8, 8}, len}),
                TROTH_ADDRESS_UNUSABLE);
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/address.h"
#include "test/support/cel_rows.h"

/* clang-format off */
#define ADDRESS(...) {.kind = TROTH_CEL_ADDRESS, .as.address = &(const struct troth_cel_address){__VA_ARGS__}}
#define NETWORK(...) {.kind = TROTH_CEL_NETWORK, .as.address = &(const struct troth_cel_address){__VA_ARGS__}}
#define HOST   ADDRESS(false, {192, 168, 0, 1}, 32)
#define HOST_6 ADDRESS(true, {0x20, 0x01, 0x0d, 0xb8, [15] = 0x68}, 128)
#define LAN    NETWORK(false, {192, 168, 0, 1}, 24)
#define V4(a, b, c, d) ADDRESS(false, {a, b, c, d}, 32)
#define V6(a, b)       ADDRESS(true, {a, b, [15] = 1}, 128)
/* clang-format on */

static const struct cel_row rows[] = {
    {"version 4", "ip", {S("192.168.0.1")}, HOST},
    {"version 6", "ip", {S("2001:db8::68")}, HOST_6},
    {"no address", "ip", {S("192.168.0.1.0")}, E(CONVERT)},
    {"one address", "isIP", {S("192.168.0.1")}, B(true)},
    {"no address", "isIP", {S("192.168.0.1/32")}, B(false)},
    {"as it is written", "ip.isCanonical", {S("127.0.0.1")}, B(true)},
    {"upper case", "ip.isCanonical", {S("2001:DB8::68")}, B(false)},
    {"no address", "ip.isCanonical", {S("127.0.0.1.0")}, E(CONVERT)},
    {"of version 4", "string", {HOST}, S("192.168.0.1")},
    {"of version 6", "string", {HOST_6}, S("2001:db8::68")},
    {"of version 4", ".family", {HOST}, I(4)},
    {"of version 6", ".family", {HOST_6}, I(6)},

    {"zero", ".isUnspecified", {V4(0, 0, 0, 0)}, B(true)},
    {"not zero", ".isUnspecified", {V4(0, 0, 0, 1)}, B(false)},
    {"zero of version 6", ".isUnspecified", {ADDRESS(true, {0}, 128)}, B(true)},
    {"the block", ".isLoopback", {V4(127, 9, 9, 9)}, B(true)},
    {"beside it", ".isLoopback", {V4(128, 0, 0, 1)}, B(false)},
    {"one", ".isLoopback", {ADDRESS(true, {[15] = 1}, 128)}, B(true)},
    {"two", ".isLoopback", {ADDRESS(true, {[15] = 2}, 128)}, B(false)},
    {"the block", ".isLinkLocalUnicast", {V4(169, 254, 169, 254)}, B(true)},
    {"beside it", ".isLinkLocalUnicast", {V4(169, 253, 0, 1)}, B(false)},
    {"the end of its block", ".isLinkLocalUnicast", {V6(0xfe, 0xbf)}, B(true)},
    {"beside that", ".isLinkLocalUnicast", {V6(0xfe, 0xc0)}, B(false)},
    {"the block", ".isLinkLocalMulticast", {V4(224, 0, 0, 255)}, B(true)},
    {"beside it", ".isLinkLocalMulticast", {V4(224, 0, 1, 1)}, B(false)},
    {"the scope", ".isLinkLocalMulticast", {V6(0xff, 0x02)}, B(true)},
    {"whatever the flags", ".isLinkLocalMulticast", {V6(0xff, 0x12)}, B(true)},
    {"another scope", ".isLinkLocalMulticast", {V6(0xff, 0x05)}, B(false)},
    {"no multicast", ".isLinkLocalMulticast", {V6(0xfd, 0x02)}, B(false)},
    {"private", ".isGlobalUnicast", {HOST}, B(true)},
    {"broadcast", ".isGlobalUnicast", {V4(255, 255, 255, 255)}, B(false)},
    {"multicast", ".isGlobalUnicast", {V4(239, 1, 1, 1)}, B(false)},
    {"loopback", ".isGlobalUnicast", {V4(127, 0, 0, 1)}, B(false)},
    {"unspecified", ".isGlobalUnicast", {V4(0, 0, 0, 0)}, B(false)},
    {"link-local", ".isGlobalUnicast", {V4(169, 254, 0, 1)}, B(false)},
    {"of version 6", ".isGlobalUnicast", {HOST_6}, B(true)},
    {"multicast of version 6", ".isGlobalUnicast", {V6(0xff, 0x0e)}, B(false)},

    {"bits after the prefix stay", "cidr", {S("192.168.0.1/24")}, LAN},
    {"no network", "cidr", {S("192.168.0.0/")}, E(CONVERT)},
    {"one", "isCIDR", {S("2001:db8::/32")}, B(true)},
    {"none", "isCIDR", {S("2001:db8::")}, B(false)},
    {"of a network", "string", {LAN}, S("192.168.0.1/24")},
    {"inside", ".containsIP", {LAN, V4(192, 168, 0, 200)}, B(true)},
    {"outside", ".containsIP", {LAN, V4(192, 168, 1, 1)}, B(false)},
    {"as text", ".containsIP", {LAN, S("192.168.0.200")}, B(true)},
    {"as bad text", ".containsIP", {LAN, S("192.168.0")}, E(CONVERT)},
    {"another version", ".containsIP", {LAN, HOST_6}, B(false)},
    {"smaller", ".containsCIDR", {LAN, NETWORK(false, {192, 168, 0, 128}, 25)}, B(true)},
    {"as text", ".containsCIDR", {LAN, S("192.168.0.0/23")}, B(false)},
    {"an address as text", ".containsCIDR", {LAN, S("192.168.0.1")}, E(CONVERT)},
    {"of a network", ".ip", {LAN}, HOST},
    {"zeros after the prefix", ".masked", {LAN}, NETWORK(false, {192, 168}, 24)},
    {"bits", ".prefixLength", {LAN}, I(24)},
};

static const struct cel_expression expressions[] = {
    {"cidr('10.0.0.0/8').containsIP(ip('10.1.2.3')) && isIP('::')"},
    {"ip('::ffff:c0a8:1') == ip('192.168.0.1') && ip('1.1.1.1') != ip('::101:101')"},
    {"string(cidr('2001:DB8::/32')) == '2001:db8::/32' && string(1) == '1'"},
    {"cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')"},
    {"type(ip('::')) == net.IP && type(cidr('::/0')) == net.CIDR"},
    {"ip.isCanonical('127.0.0.1') && cidr('127.0.0.1/8').ip().isLoopback()"},
    {"ip('::1%eth0') == ip('::1')", FAILS(CONVERT)},
    {"isIP(cidr('10.0.0.0/8'))", IS_REFUSED},
};

int main(void)
{
    cel_rows_check(&troth_cel_network, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}

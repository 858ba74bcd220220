/* address_class.h - what an address is good for: everybody's, this house's, nobody's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_OUTBOUND_ADDRESS_CLASS_H
#define TROTH_SERVICE_OUTBOUND_ADDRESS_CLASS_H

#include <stdbool.h>

#include "troth/span.h"

enum troth_address_class {
    TROTH_ADDRESS_UNUSABLE = 0, /* link-local, multicast, reserved, for documentation */
    TROTH_ADDRESS_PRIVATE,      /* this machine's, its network's, its provider's */
    TROTH_ADDRESS_GLOBAL
};

/*
 * troth_address_classify - by IANA's registries of special-purpose addresses.
 *
 *   bytes      4 or 16, as in a packet; any other number is unusable
 *   out_name   of its class, for people: "loopback"
 *
 * Shape    an IPv4 address in IPv6's clothes counts as what it is inside. What is in no
 *          row is global in IPv4, and unusable in IPv6 outside of 2000::/3.
 * Spec     [RFC6890], and the registries as of 2025
 */
enum troth_address_class troth_address_classify(const char **out_name,
                                                struct troth_span bytes);

#endif

/* address.h - IP addresses and networks: their text, and which is in which. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_ADDRESS_H
#define TROTH_CEL_ADDRESS_H

#include "base/writer.h"
#include "troth/cel_value.h"

#define TROTH_CEL_ADDRESS_TEXT_MAX 43 /* eight groups of four, a slash, three digits */

/*
 * troth_cel_address_parse - "192.0.2.1" or "2001:db8::1".
 *
 * Shape    decimal numbers without zeros before them; hexadecimal ones of either case; no
 *          zone. A version 4 address within version 6 (::ffff:0:0/96) is that version 4
 *          address, and written with dots refused: readers differ in what it is
 * Errors   TROTH_ERR_VALUE
 * Spec     [RFC4291] 2.2
 */
TROTH_MUST_USE enum troth_err troth_cel_address_parse(struct troth_cel_address *out,
                                                      struct troth_span text);

/* "192.0.2.0/24"; bits after the prefix may be set. No version 4 within version 6. */
TROTH_MUST_USE enum troth_err troth_cel_network_parse(struct troth_cel_address *out,
                                                      struct troth_span text);

/* As [RFC5952] has it, a network with its prefix's length. */
void troth_cel_write_address(struct troth_writer *w,
                             const struct troth_cel_address *address);
void troth_cel_write_network(struct troth_writer *w,
                             const struct troth_cel_address *network);

/* Zero all bits after the first prefix_len. */
void troth_cel_address_mask(struct troth_cel_address *address);

/* Are the first prefix_len bits of `network` those of `inner`, which has at least as many
 * of its own? */
bool troth_cel_address_is_in(const struct troth_cel_address *inner,
                             const struct troth_cel_address *network);

#endif

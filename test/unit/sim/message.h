/* message.h - a Nitro document as libcbor, which shares nothing with sim/cbor.c, sees it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_UNIT_SIM_MESSAGE_H
#define TROTH_TEST_UNIT_SIM_MESSAGE_H

#include <cbor.h>

#include "sim/cert.h"

struct message {
    cbor_item_t *whole;
    cbor_item_t *payload; /* a map */
    cbor_item_t **parts;  /* protected, unprotected, payload, signature */
    bool is_tagged;
};

/* False where it is no COSE_Sign1 with a map in it; to be finished in either case. */
bool message_init(struct message *out, struct troth_span bytes);
void message_finish(struct message *message);

/* The contents of a byte string. */
struct troth_span message_bytes(const cbor_item_t *bytes);

/* Keys, order, types, lengths, one line an entry; a text. The caller frees it. */
struct sim_bytes message_describe(const struct message *message);

/* By the key of this certificate: Sig_structure by libcbor's encoder, OpenSSL's word. */
bool message_is_signed_by(const struct message *message, const struct sim_cert *leaf);

/* The certificate that stands in the document at this enum sim_nitro_place. */
struct troth_span message_cert(const struct message *message, size_t place);

#endif

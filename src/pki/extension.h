/* extension.h - one extension of a certificate, a list, or an entry of a list. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_EXTENSION_H
#define TROTH_PKI_EXTENSION_H

#include "pki/cert.h"

/* The OIDs met so far in one sequence of extensions. */
struct troth_extensions_met {
    struct troth_span oids[TROTH_CERT_EXTENSIONS_MAX];
    size_t count;
};

struct troth_extension {
    struct troth_span oid; /* contents of the OBJECT IDENTIFIER */
    bool critical;
    struct troth_cursor value; /* over the contents of the OCTET STRING */
};

/* Read the next extension; TROTH_ERR_DUPLICATE if `met` has its OID already.
 * [RFC5280] 4.2 */
struct troth_extension troth_extension_read(struct troth_cursor *c,
                                            struct troth_extensions_met *met,
                                            const char *field);

/* The last arc of an OID of the form 2.5.29.x, below 128; 0 for any other OID. */
unsigned troth_extension_id_ce(struct troth_span oid);

/* The keyIdentifier of an AuthorityKeyIdentifier, empty when it has none; an issuer and
 * serial number beside it are TROTH_ERR_UNSUPPORTED. [RFC5280] 4.2.1.1 */
struct troth_span troth_authority_key_id_read(struct troth_cursor *c, const char *field);

#endif

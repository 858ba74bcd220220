/*
 * binding.h - what our own evidence commits to, in 64 bytes.
 *
 * One schema for everything we mint:
 *     SHA-512( LP("troth/<domain>/v1") ‖ LP(field) … )
 * with LP(x) = the length of x in eight bytes, big-endian, then x. The domains and the
 * order and type of their fields are one table, so that no two meanings share a value.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BINDING_H
#define TROTH_BINDING_H

#include "troth/crypto.h"

#define TROTH_BINDING_SIZE 64

enum troth_binding_domain {
    TROTH_BINDING_APP = 0,   /* an application's own evidence */
    TROTH_BINDING_AIK,       /* an attestation identity key, for an epoch */
    TROTH_BINDING_STRICT,    /* one connection */
    TROTH_BINDING_COMPOSITE, /* a machine and its devices */
    TROTH_BINDING_KEY,       /* a key made inside, for an application's use */
    TROTH_BINDING_DOMAIN_COUNT
};

enum troth_binding_type {
    TROTH_BINDING_BYTES,           /* any length up to `size` */
    TROTH_BINDING_FIXED,           /* exactly `size` bytes */
    TROTH_BINDING_DIGEST_OR_EMPTY, /* `size` bytes or none */
    TROTH_BINDING_TEXT,            /* UTF-8, up to `size` bytes, not empty */
    TROTH_BINDING_UINT             /* eight bytes, big-endian */
};

struct troth_binding_field {
    const char *name;
    enum troth_binding_type type;
    size_t size;
};

#define TROTH_BINDING_FIELDS_MAX 8

struct troth_binding_schema {
    const char *domain; /* "app" */
    size_t count;
    struct troth_binding_field fields[TROTH_BINDING_FIELDS_MAX];
};

const struct troth_binding_schema *troth_binding_schema(enum troth_binding_domain domain);

/*
 * troth_binding_compute - the 64 bytes for a domain and its fields.
 *
 *   out      TROTH_BINDING_SIZE bytes
 *   fields   one span for each row of the schema, in its order; integers already as
 *            eight big-endian bytes
 *
 * Errors   TROTH_ERR_VALUE, TROTH_ERR_LIMIT: a field does not fit its type (fault.field
 *          names it); TROTH_ERR_CRYPTO
 * Effects  none
 */
TROTH_MUST_USE enum troth_err
troth_binding_compute(uint8_t out[static TROTH_BINDING_SIZE], struct troth_fault *fault,
                      const struct troth_crypto *crypto, enum troth_binding_domain domain,
                      const struct troth_span *fields);

/*
 * troth_binding_parse - the same from text: "app:nonce=00ff,user_data=".
 *
 * Every field of the domain once, in any order; hex for bytes, decimal for integers,
 * text as it is (it cannot hold a comma).
 *
 * Errors   as above; TROTH_ERR_MISSING, TROTH_ERR_DUPLICATE, TROTH_ERR_KIND (no such
 *          domain or field)
 */
TROTH_MUST_USE enum troth_err troth_binding_parse(uint8_t out[static TROTH_BINDING_SIZE],
                                                  struct troth_fault *fault,
                                                  const struct troth_crypto *crypto,
                                                  struct troth_span text);

#endif

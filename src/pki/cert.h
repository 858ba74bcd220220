/* cert.h - the part of an X.509 v3 certificate that attestation chains use. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_PKI_CERT_H
#define TROTH_PKI_CERT_H

#include "base/cursor.h"
#include "troth/crypto.h"

/* KeyUsage bits, as troth_der_named_bits() gives them. [RFC5280] 4.2.1.3 */
enum troth_key_usage {
    TROTH_USE_DIGITAL_SIGNATURE = 1 << 0,
    TROTH_USE_CERT_SIGN = 1 << 5,
    TROTH_USE_CRL_SIGN = 1 << 6
};

/* More extensions than any vendor's certificate has; more is TROTH_ERR_LIMIT. */
#define TROTH_CERT_EXTENSIONS_MAX 32

/* Borrows the DER it was read from. */
struct troth_cert {
    struct troth_span raw;    /* the whole certificate */
    const uint8_t *sha256;    /* of raw, 32 bytes; NULL where nobody has computed it */
    struct troth_span tbs;    /* what is signed, header included */
    struct troth_span serial; /* big-endian, no leading zero */
    struct troth_span issuer; /* distinguished names, DER, header included */
    struct troth_span subject;
    /* Of the names above, as troth_name_attribute() has them. */
    struct troth_span issuer_common_name, common_name, organization;
    int64_t not_before_s, not_after_s;
    struct troth_public_key key;
    enum troth_signature_algorithm signed_with;
    struct troth_span signature; /* as encoded: ECDSA is still a DER sequence */

    bool is_ca; /* basicConstraints says so */
    bool has_path_length;
    unsigned path_length;
    bool has_key_usage;
    uint16_t key_usage;                                 /* enum troth_key_usage */
    struct troth_span subject_key_id, authority_key_id; /* empty when absent */
    struct troth_span
        unknown_critical;         /* OID of the first extension this reader does not
                                     know although it is marked critical, or empty */
    struct troth_span extensions; /* contents of the extensions sequence, or empty */
    uint64_t arcs;                /* bit n: 2.5.29.n is among them; n below 64 */
};

/*
 * troth_cert_parse - split a certificate; judges nothing but its encoding.
 *
 *   out    filled on success, zeroed on failure; borrows `der`
 *   fault  offsets count from the start of `der`
 *   der    one certificate, exactly
 *
 * Shape    version 3; both signature algorithm fields equal, byte for byte, and one of
 *          troth_signature_algorithm's; key P-256, P-384 (uncompressed), RSA or Ed25519;
 *          no extension twice
 * Errors   the DER reader's; TROTH_ERR_VERSION, TROTH_ERR_ALGORITHM, TROTH_ERR_KEY,
 *          TROTH_ERR_DUPLICATE, TROTH_ERR_LIMIT
 * Spec     [RFC5280] 4.1, 4.2
 */
TROTH_MUST_USE enum troth_err troth_cert_parse(struct troth_cert *out,
                                               struct troth_fault *fault,
                                               struct troth_span der);

/*
 * The value (the OCTET STRING's contents) of the extension with this OID (contents of the
 * OBJECT IDENTIFIER); {NULL, 0} when the certificate has none.
 */
struct troth_span troth_cert_extension(const struct troth_cert *cert,
                                       struct troth_span oid);

/*
 * The first of these extensions that the certificate lacks, as "subjectKeyIdentifier";
 * NULL if it has all. `arcs` are last arcs of 2.5.29, ending with 0.
 */
const char *troth_cert_lacks(const struct troth_cert *cert, const uint8_t *arcs);

/* Last arcs of 2.5.29, for the above. [RFC5280] 4.2.1 */
enum troth_cert_arc {
    TROTH_ARC_SUBJECT_KEY_ID = 14,
    TROTH_ARC_KEY_USAGE = 15,
    TROTH_ARC_BASIC_CONSTRAINTS = 19,
    TROTH_ARC_CRL_DISTRIBUTION_POINTS = 31,
    TROTH_ARC_AUTHORITY_KEY_ID = 35
};

/* The one attribute value of this type in a distinguished name, e.g. common name
 * (OID contents 55 04 03); {NULL, 0} when it is absent, repeated, or not plain text. */
struct troth_span troth_name_attribute(struct troth_span name, struct troth_span oid);
#define TROTH_OID_COMMON_NAME  TROTH_LITERAL("\x55\x04\x03")
#define TROTH_OID_ORGANIZATION TROTH_LITERAL("\x55\x04\x0a")

/*
 * troth_signed_by - does `key` verify this X.509 signature over `tbs`?
 *
 * ECDSA signatures are taken from their DER sequence, strictly.
 *
 * Errors   TROTH_ERR_SIGNATURE, TROTH_ERR_KEY, TROTH_ERR_ALGORITHM (the key is of another
 *          kind), TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_signed_by(const struct troth_crypto *crypto,
                                              const struct troth_public_key *key,
                                              enum troth_signature_algorithm algorithm,
                                              struct troth_span tbs,
                                              struct troth_span signature);

/* The same for a signature that is handed to the provider as it stands: r ‖ s. */
TROTH_MUST_USE enum troth_err
troth_signed_by_raw(const struct troth_crypto *crypto, const struct troth_public_key *key,
                    enum troth_signature_algorithm algorithm, struct troth_span tbs,
                    struct troth_span signature);

/* Bytes of r ‖ s for a key of this kind; 0 where it makes no ECDSA signatures. */
size_t troth_raw_signature_size(enum troth_key_kind kind);

#endif

/*
 * x509.h - what certificates and revocation lists are made of.
 *
 * Plain values, so that a test copies a default and changes one thing.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_X509_H
#define TROTH_SIM_X509_H

#include <stdbool.h>

#include "sim/der.h"
#include "sim/key.h"

/* AlgorithmIdentifiers, DER. AMD's CAs spell out the default trailerField, AMD's chip
 * certificates leave it out. */
struct troth_span sim_algorithm_ecdsa_sha256(void);
struct troth_span sim_algorithm_ecdsa_sha384(void);
struct troth_span sim_algorithm_pss_sha384(void);
struct troth_span sim_algorithm_pss_sha384_trailer(void);

struct sim_attribute {
    char type[16]; /* "2.5.4.3" */
    uint8_t tag;   /* of its string */
    char text[72];
};

struct sim_name {
    struct sim_attribute rows[8]; /* one to a set, in order */
    size_t count;
};

/* Append "C", "ST", "L", "O", "OU" or "CN": C as a PrintableString, others UTF8String. */
void sim_name_add(struct sim_name *name, const char *key, const char *text);

/* Replace the text of the common name. */
void sim_name_set_common(struct sim_name *name, const char *text);

#define SIM_SERIAL_MAX 24

/* The contents of an INTEGER as they are written: a leading zero is the caller's. */
struct sim_serial {
    uint8_t bytes[SIM_SERIAL_MAX];
    size_t len;
};

struct sim_serial sim_serial_from(struct troth_span contents);

struct sim_extension {
    char oid[32];
    bool critical;
    uint8_t value[1024]; /* contents of the OCTET STRING */
    size_t value_len;
};

#define SIM_EXTENSIONS_MAX 16

struct sim_extensions {
    struct sim_extension rows[SIM_EXTENSIONS_MAX];
    size_t count;
};

/* The extensions that evidence uses, by name. */
#define SIM_OID_SUBJECT_KEY_ID    "2.5.29.14"
#define SIM_OID_KEY_USAGE         "2.5.29.15"
#define SIM_OID_BASIC_CONSTRAINTS "2.5.29.19"
#define SIM_OID_CRL_NUMBER        "2.5.29.20"
#define SIM_OID_CRL_POINTS        "2.5.29.31"
#define SIM_OID_AUTHORITY_KEY_ID  "2.5.29.35"

/* NULL where there is none. */
struct sim_extension *sim_extensions_find(struct sim_extensions *list, const char *oid);

/* Replace the value in place, or append. */
void sim_extensions_set(struct sim_extensions *list, const char *oid, bool critical,
                        struct troth_span value);

/* True if there was one to take out. */
bool sim_extensions_remove(struct sim_extensions *list, const char *oid);

#define SIM_PATH_UNLIMITED (-1)
#define SIM_PATH_NO_CA     (-2)

/* `path_len` is a length, or one of the two words above. */
void sim_extensions_set_constraints(struct sim_extensions *list, int path_len);

/* The two bytes of keyUsage's BIT STRING: unused bits as written, then the bits. */
void sim_extensions_set_usage(struct sim_extensions *list, bool critical, uint8_t unused,
                              uint8_t bits);
void sim_extensions_set_subject_key(struct sim_extensions *list,
                                    const struct sim_key *key);
void sim_extensions_set_authority_key(struct sim_extensions *list,
                                      const struct sim_key *key);
void sim_extensions_set_crl_point(struct sim_extensions *list, const char *url);

/* Each appends one element. */
void sim_name_put(struct sim_bytes *out, const struct sim_name *name);
void sim_extensions_put(struct sim_bytes *out, uint8_t context_tag,
                        const struct sim_extensions *list);

/* How a certificate or list is signed, and what may go wrong in doing so. */
struct sim_signing {
    const struct sim_key *key;
    struct troth_span inner_algorithm; /* inside what is signed */
    struct troth_span outer_algorithm; /* beside the signature */
    struct sim_edit edit_signed;       /* the encoded fields, before they are signed */
    struct sim_edit edit_signature;
};

/* The whole object: the signed fields (taken), the algorithm, the signature. */
struct sim_bytes sim_signing_mint(const struct sim_signing *how, struct sim_bytes fields);

#endif

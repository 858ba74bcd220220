/*
 * key.h - a private key that a seed and a label decide, and its signatures.
 *
 * Everyone knows these keys, so they may be weak where nobody can see it: the modulus of
 * an RSA key is the product of four primes, which takes a tenth of the time to make.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_KEY_H
#define TROTH_SIM_KEY_H

#include "sim/bytes.h"
#include "sim/random.h"

enum sim_key_kind { SIM_KEY_P256, SIM_KEY_P384, SIM_KEY_RSA4096 };

struct sim_key;

struct sim_key *sim_key_create(enum sim_key_kind kind, const struct sim_seed *seed,
                               const char *label);
void sim_key_destroy(struct sim_key *key);

enum sim_key_kind sim_key_kind_of(const struct sim_key *key);

/* What a certificate's subjectPublicKey holds: an uncompressed point, an RSAPublicKey. */
struct troth_span sim_key_public(const struct sim_key *key);

/* SubjectPublicKeyInfo, DER; the caller frees it. */
struct sim_bytes sim_key_info(const struct sim_key *key);

/* SHA-1 of sim_key_public(): how both vendors make key identifiers. */
struct sim_key_id {
    uint8_t bytes[20];
};
struct sim_key_id sim_key_id_of(const struct sim_key *key);

/* ECDSA, by a P-256 key with SHA-256 and by a P-384 key with SHA-384. One key and message
 * give one signature. */
struct sim_ecdsa {
    size_t width;         /* bytes of r and of s: 32 or 48 */
    uint8_t r[48], s[48]; /* big-endian */
};
struct sim_ecdsa sim_key_sign_ecdsa(const struct sim_key *key, struct troth_span message);

/* The same as COSE and Intel write it, r before s, each of the curve's width. The caller
 * frees it. */
struct sim_bytes sim_key_sign_raw(const struct sim_key *key, struct troth_span message);

/* As certificates carry it: by an EC key the DER of r and s, by an RSA key PSS with
 * SHA-384, MGF1 of the same and 48 bytes of salt. The caller frees it. */
struct sim_bytes sim_key_sign(const struct sim_key *key, struct troth_span message);

#endif

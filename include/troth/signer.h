/*
 * signer.h - something that signs, and whose private key nobody here sees.
 *
 * The core hands it bytes and gets a signature. The key stays in the library's own memory
 * (troth_signer_from_pem), or wherever the caller's table leads.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIGNER_H
#define TROTH_SIGNER_H

#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_SIGNATURE_MAX 96

struct troth_signer {
    enum troth_signature_algorithm algorithm; /* ECDSA, or ED25519 */
    struct troth_public_key key;
    /* `out` receives 64 bytes, of P-384 96: r ‖ s, or Ed25519's. TROTH_ERR_CRYPTO */
    enum troth_err (*sign)(void *state, uint8_t out[static TROTH_SIGNATURE_MAX],
                           size_t *out_len, struct troth_span message);
    void *state;
};

/*
 * troth_signer_from_pem - a P-256, P-384 or Ed25519 private key in PEM (PKCS#8 or SEC1),
 * not encrypted.
 *
 *   out    zeroed on failure; give it to troth_signer_destroy()
 *   pem    the caller wipes it
 *
 * Errors   TROTH_ERR_KEY: not such a key; TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 */
TROTH_MUST_USE enum troth_err troth_signer_from_pem(struct troth_signer *out,
                                                    struct troth_span pem);
/*
 * troth_signer_generate - a new P-256 key, made here and never written or given away.
 *
 *   out    zeroed on failure; give it to troth_signer_destroy()
 *
 * Errors   TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 * Effects  random numbers of OpenSSL's own generator, which the system seeds; the key is
 *          in OpenSSL's secure heap if the program has set one up
 */
TROTH_MUST_USE enum troth_err troth_signer_generate(struct troth_signer *out);

/*
 * troth_signer_generate_ed25519 - a new Ed25519 key, and its PEM (PKCS#8) to be kept.
 *
 *   out       zeroed on failure; give it to troth_signer_destroy()
 *   out_pem   the private key: the caller wipes it; wiped here on failure
 *
 * Errors   TROTH_ERR_MEMORY, TROTH_ERR_CRYPTO
 * Effects  as troth_signer_generate()
 */
#define TROTH_SIGNER_PEM_ROOM 128
TROTH_MUST_USE enum troth_err
troth_signer_generate_ed25519(struct troth_signer *out,
                              uint8_t out_pem[static TROTH_SIGNER_PEM_ROOM],
                              size_t *out_len);

/* Takes a zeroed one too. */
void troth_signer_destroy(struct troth_signer *signer);

/*
 * troth_public_key_from_pem - SubjectPublicKeyInfo of one of these keys, by our own
 * strict reader.
 *
 *   out    borrows the arena
 *
 * Errors   TROTH_ERR_KEY, TROTH_ERR_MEMORY, the readers' own
 */
TROTH_MUST_USE enum troth_err troth_public_key_from_pem(struct troth_public_key *out,
                                                        struct troth_span pem,
                                                        struct troth_arena *arena);

#endif

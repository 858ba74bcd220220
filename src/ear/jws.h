/* jws.h - JSON Web Signature, compact form: three base64url texts with dots between. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EAR_JWS_H
#define TROTH_EAR_JWS_H

#include "base/writer.h"
#include "troth/signer.h"

/* A longer token is refused: TROTH_ERR_LIMIT. */
#define TROTH_JWS_MAX ((size_t)256 * 1024)

/*
 * troth_jws_write - header, payload and signature.
 *
 * Errors   TROTH_ERR_LIMIT: does not fit; TROTH_ERR_ALGORITHM: neither ES256 nor EdDSA;
 *          the signer's own
 * Spec     [RFC7515] 3.1, 7.1; [RFC7518] 3.4; [RFC8037] 3.1
 */
TROTH_MUST_USE enum troth_err troth_jws_write(struct troth_writer *w,
                                              struct troth_span payload,
                                              const struct troth_signer *signer);

/*
 * troth_jws_verify - the payload, if `key` signed it.
 *
 *   payload  in the arena; empty on failure
 *   token    white space around it is ignored
 *
 * Shape    the header is a JSON object; "alg" must be the key's own, "typ" may be "JWT"
 * or absent, "crit" and "b64" are refused, other members are ignored Errors
 * TROTH_ERR_VALUE (not three parts), the base64 and JSON readers' own,
 *          TROTH_ERR_ALGORITHM, TROTH_ERR_UNSUPPORTED, TROTH_ERR_SIGNATURE,
 * TROTH_ERR_KEY, TROTH_ERR_CRYPTO, TROTH_ERR_LIMIT, TROTH_ERR_MEMORY; fault.field
 * "ear.header", "ear.payload", "ear.signature" or "ear.token" Spec     [RFC7515] 5.2;
 * [RFC8725] 3.1
 */
TROTH_MUST_USE enum troth_err
troth_jws_verify(struct troth_span *payload, struct troth_fault *fault,
                 struct troth_span token, const struct troth_public_key *key,
                 const struct troth_crypto *crypto, struct troth_arena *arena);

#endif

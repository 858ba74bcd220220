/* rsa.h - the arithmetic of RSA-4096 with four primes; key.h is the way in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_RSA_H
#define TROTH_SIM_RSA_H

#include <gmp.h>

#include "sim/bytes.h"
#include "sim/random.h"

#define SIM_RSA_PRIMES 4
#define SIM_RSA_BYTES  512

struct sim_rsa {
    mpz_t modulus;
    mpz_t prime[SIM_RSA_PRIMES];
    mpz_t exponent[SIM_RSA_PRIMES]; /* 1/65537 modulo prime - 1 */
    mpz_t factor[SIM_RSA_PRIMES];   /* 1 modulo its prime, 0 modulo the others */
};

void sim_rsa_init(struct sim_rsa *out, struct sim_random *random);
void sim_rsa_finish(struct sim_rsa *key);

/* RSAPublicKey, DER; the caller frees it. */
struct sim_bytes sim_rsa_public(const struct sim_rsa *key);

/* RSASSA-PSS: SHA-384 throughout, 48 bytes of salt from `random`. */
struct sim_bytes sim_rsa_sign_pss(const struct sim_rsa *key, struct troth_span message,
                                  struct sim_random *random);

#endif

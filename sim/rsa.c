/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/rsa.h"

#include <nettle/pss.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#include "sim/der.h"

#define PUBLIC_EXPONENT 65537
#define PRIME_BYTES     (SIM_RSA_BYTES / SIM_RSA_PRIMES)

/* At least 7/8 of the range, so that the product of four has its top bit set. */
static void make_prime(mpz_t out, struct sim_random *random)
{
    uint8_t start[PRIME_BYTES];

    do {
        sim_random_bytes(random, sizeof start, start);
        start[0] |= 0xe0;
        mpz_import(out, sizeof start, 1, 1, 1, 0, start);
        mpz_nextprime(out, out);
    } while (mpz_fdiv_ui(out, PUBLIC_EXPONENT) == 1);
}

static void make_exponent(mpz_t out, const mpz_t prime)
{
    mpz_t order;

    mpz_init(order);
    mpz_sub_ui(order, prime, 1);
    mpz_set_ui(out, PUBLIC_EXPONENT);
    if (!mpz_invert(out, out, order))
        sim_die("an RSA prime does not fit its exponent");
    mpz_clear(order);
}

static void make_factor(mpz_t out, const mpz_t modulus, const mpz_t prime)
{
    mpz_t others;

    mpz_init(others);
    mpz_divexact(others, modulus, prime);
    if (!mpz_invert(out, others, prime))
        sim_die("an RSA prime was drawn twice");
    mpz_mul(out, out, others);
    mpz_clear(others);
}

void sim_rsa_init(struct sim_rsa *out, struct sim_random *random)
{
    mpz_init_set_ui(out->modulus, 1);
    for (size_t i = 0; i < SIM_RSA_PRIMES; i++) {
        mpz_inits(out->prime[i], out->exponent[i], out->factor[i], NULL);
        make_prime(out->prime[i], random);
        make_exponent(out->exponent[i], out->prime[i]);
        mpz_mul(out->modulus, out->modulus, out->prime[i]);
    }
    for (size_t i = 0; i < SIM_RSA_PRIMES; i++)
        make_factor(out->factor[i], out->modulus, out->prime[i]);
}

void sim_rsa_finish(struct sim_rsa *key)
{
    mpz_clear(key->modulus);
    for (size_t i = 0; i < SIM_RSA_PRIMES; i++)
        mpz_clears(key->prime[i], key->exponent[i], key->factor[i], NULL);
}

static void put_modulus_sized(uint8_t out[static SIM_RSA_BYTES], const mpz_t number)
{
    size_t len = mpz_sgn(number) ? (mpz_sizeinbase(number, 2) + 7) / 8 : 0;

    memset(out, 0, SIM_RSA_BYTES);
    mpz_export(out + SIM_RSA_BYTES - len, NULL, 1, 1, 1, 0, number);
}

struct sim_bytes sim_rsa_public(const struct sim_rsa *key)
{
    uint8_t modulus[SIM_RSA_BYTES];
    struct sim_bytes fields = {0};
    struct sim_bytes out = {0};

    put_modulus_sized(modulus, key->modulus);
    sim_der_integer(&fields, SIM_ARRAY(modulus));
    sim_der_number(&fields, PUBLIC_EXPONENT);
    sim_der_wrap(&out, SIM_DER_SEQUENCE, fields);
    return out;
}

/* message^d, one prime at a time, put together by the Chinese remainder theorem. */
static void private_power(mpz_t out, const struct sim_rsa *key, const mpz_t message)
{
    mpz_t part;

    mpz_init(part);
    mpz_set_ui(out, 0);
    for (size_t i = 0; i < SIM_RSA_PRIMES; i++) {
        mpz_powm(part, message, key->exponent[i], key->prime[i]);
        mpz_addmul(out, part, key->factor[i]);
    }
    mpz_mod(out, out, key->modulus);
    mpz_clear(part);
}

struct sim_bytes sim_rsa_sign_pss(const struct sim_rsa *key, struct troth_span message,
                                  struct sim_random *random)
{
    struct sha384_ctx hash;
    uint8_t digest[SHA384_DIGEST_SIZE];
    uint8_t salt[SHA384_DIGEST_SIZE];
    uint8_t signature[SIM_RSA_BYTES];
    struct sim_bytes out = {0};
    mpz_t number, power;

    sha384_init(&hash);
    sha384_update(&hash, message.len, message.ptr);
    sha384_digest(&hash, sizeof digest, digest);
    sim_random_bytes(random, sizeof salt, salt);
    mpz_inits(number, power, NULL);
    if (!pss_encode_mgf1(number, 8 * SIM_RSA_BYTES - 1, &nettle_sha384, sizeof salt, salt,
                         digest))
        sim_die("PSS does not fit the RSA key");
    private_power(power, key, number);
    put_modulus_sized(signature, power);
    mpz_clears(number, power, NULL);
    sim_bytes_append(&out, SIM_ARRAY(signature));
    return out;
}

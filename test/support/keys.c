/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

/* All that a program asks for. */
static uint8_t room[64 * 1024];
static size_t used;

static struct troth_span contents(BIO *text)
{
    char *from;
    size_t len = (size_t)BIO_get_mem_data(text, &from);
    uint8_t *copy = room + used;

    if (len > sizeof room - used)
        abort();
    memcpy(copy, from, len);
    used += len;
    BIO_free(text);
    return (struct troth_span){copy, len};
}

static EVP_PKEY *generate(const char *kind)
{
    if (strcmp(kind, "RSA") == 0)
        return EVP_RSA_gen(2048);
    if (strcmp(kind, "ED25519") == 0)
        return EVP_PKEY_Q_keygen(NULL, NULL, kind);
    return EVP_EC_gen(kind);
}

struct test_pem test_pem_key(const char *kind, const char *passphrase)
{
    EVP_PKEY *key = generate(kind);
    BIO *secret = BIO_new(BIO_s_mem()), *public = BIO_new(BIO_s_mem());
    const EVP_CIPHER *cipher = passphrase ? EVP_aes_256_cbc() : NULL;
    int len = passphrase ? (int)strlen(passphrase) : 0;

    if (!key || !secret || !public ||
        PEM_write_bio_PKCS8PrivateKey(secret, key, cipher, passphrase, len, NULL, NULL) <=
            0 ||
        PEM_write_bio_PUBKEY(public, key) <= 0)
        abort();
    EVP_PKEY_free(key);
    return (struct test_pem){contents(secret), contents(public)};
}

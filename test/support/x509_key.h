/*
 * x509_key.h - a few keys for tests: the same in every run but for the RSA one.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_X509_KEY_H
#define TROTH_TEST_X509_KEY_H

#include <openssl/evp.h>

#include "troth/crypto.h"

enum x509_key {
    X509_P384_A,
    X509_P384_B,
    X509_P384_C,
    X509_P384_D,
    X509_P384_OTHER,
    X509_P256_A,
    X509_P256_B,
    X509_P256_C,
    X509_P256_D,
    X509_P256_OTHER,
    X509_RSA_A,
    X509_ED25519_A,
    X509_KEYS
};

/* The library's object, and the raw numbers; both live until the program ends. */
EVP_PKEY *x509_key(enum x509_key key);
const struct troth_public_key *x509_public_key(enum x509_key key);

#endif

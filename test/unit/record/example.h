/*
 * example.h - one record with a private value, by which known answers are computed.
 *
 * The numbers were made with Python's hashlib, hmac and cryptography, from the formulas
 * of docs/records.md: log.example/2026, id 00…0f, salt 40…5f, tag key 80…9f, epoch key
 * c0…df, wrapped 00…4f.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_RECORD_EXAMPLE_H
#define TROTH_TEST_RECORD_EXAMPLE_H

#include "test/harness.h"
#include "troth/provider.h"
#include "troth/sealed.h"

#define EXAMPLE_ORIGIN "log.example/2026"
#define EXAMPLE_VALUE  "{\"to\":\"alice\",\"amount\":5}"
#define EXAMPLE_COMMITMENT                                                               \
    "50e7ee38f123f741927205bddd859f3378718bc5b2435bc088ec985ecf8d4375"
#define EXAMPLE_TAG "2b1f708e1ec156791377848f011c3d85"
#define EXAMPLE_WRAPPED                                                                  \
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"   \
    "PD0+P0BBQkNERUZHSElKS0xNTk8="
#define EXAMPLE_SEALED                                                                   \
    "UOfuOPEj90GScgW9fbnnf45EzF+0avMfGplviBPnHDwJJrqwjUpY7ZA6lql4wbq4iHPS5SH8SyTUOlXsL7" \
    "qiJt/X6opBEs5OmVw2RFkxzWpYz/zjoA=="

/* A decision with the commitment. */
#define EXAMPLE_ENTRY                                                                    \
    "{\"record\":\"troth/v1\",\"kind\":\"decision\",\"id\":"                             \
    "\"000102030405060708090a0b0c0d0e0f\",\"time_ms\":1700000000000,\"principal\":"      \
    "\"p7\",\"action\":\"call\",\"tool\":\"pay\",\"outcome\":\"allow\",\"commitments\":" \
    "{\"arguments\":\"" EXAMPLE_COMMITMENT "\"},\"tags\":{\"arguments\":\"" EXAMPLE_TAG  \
    "\"}}"

extern struct troth_crypto example_crypto; /* after example_begin() */
void example_begin(void);
void example_end(void);

struct troth_record_secret example_secret(void);
struct troth_seal_epoch example_epoch(void);

/* The record of an entry, which must be one; it lives until the next. */
const struct troth_record *example_record(const char *entry);

#endif

/*
 * x509_exhibit.h - a chain and its lists: sound, spoilt, and shown to both judges.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_X509_EXHIBIT_H
#define TROTH_TEST_X509_EXHIBIT_H

#include "test/support/x509_make.h"
#include "troth/cache.h"

#define DAY   ((int64_t)86400)
/* 2026-01-01T03:25:45Z, and every sound date a few minutes off full days from it: no
 * spoilt date is ever this very second, where OpenSSL takes notAfter for exclusive and
 * RFC 5280 for inclusive. */
#define CLOCK ((int64_t)1767237945)

enum { ROOT, FIRST, SECOND, LEAF, PLACES, LISTS = 3, OBJECTS = PLACES + LISTS };

struct recipes {
    struct x509_cert_recipe certs[PLACES];
    struct x509_crl_recipe crls[LISTS];
};

/* What both are shown: DER only. */
struct exhibit {
    struct troth_span certs[PLACES];
    struct troth_span crls[LISTS];
    bool with_lists;
};

struct recipes sound_recipes(void);
struct exhibit make_exhibit(const struct recipes *recipes, bool with_lists);

/* The sound one with its lists, with the same bytes in every run. */
struct exhibit sound_exhibit(void);

/* Certificates first, then lists; and who signed the sound one. */
struct troth_span *exhibit_object(struct exhibit *e, size_t index);
enum x509_key exhibit_signer(size_t index);

/* What of an object is signed; and the object anew over another such, signed properly. */
struct troth_span tbs_of(struct troth_span der);
struct troth_span sign_again(uint8_t *out, size_t size, struct troth_span tbs,
                             enum x509_key signer);

/* One thing changed, or more, in up to three places. */
void spoil_recipes(struct recipes *recipes, bool with_lists, struct test_random *random);
void spoil_byte(uint8_t *bytes, size_t len, struct test_random *random);

/* ---- the judges ---- */

struct ours {
    bool accepted;
    char why[120];
};
struct ours ask_us(const struct exhibit *e, const struct troth_crypto *crypto,
                   struct troth_cache *cache);

/* With X509_V_FLAG_X509_STRICT, and CRL_CHECK_ALL where there are lists. */
struct theirs {
    int errors[32]; /* X509_V_ERR_…: every one it met, in order */
    size_t count;
};
struct theirs ask_openssl(const struct exhibit *e);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Thousands of spoilt chains: whatever we accept, OpenSSL accepts too. */
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "test/differential/x509_classes.h"
#include "test/differential/x509_exhibit.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static struct test_random dice = {0x7407};

static struct {
    int error;
    const char *why;
    unsigned times;
} laxer[] = {
#define X(error, why) {error, why, 0},
    LAXER_CLASSES(X)
#undef X
};

static struct {
    const char *what, *why;
    unsigned times;
} stricter[] = {
#define X(what, why) {what, why, 0},
    STRICTER_CLASSES(X)
#undef X
};

static unsigned both_accept, both_refuse;

/* The first error of OpenSSL's that no row allows us to overlook, or X509_V_OK. */
static int not_overlooked(const struct theirs *theirs)
{
    for (size_t i = 0; i < theirs->count; i++) {
        bool known = false;

        for (size_t j = 0; j < COUNT(laxer); j++)
            if (laxer[j].error == theirs->errors[i]) {
                laxer[j].times++;
                known = true;
            }
        if (!known)
            return theirs->errors[i];
    }
    return X509_V_OK;
}

static bool is_known_stricter(const char *why)
{
    for (size_t i = 0; i < COUNT(stricter); i++)
        if (strncmp(stricter[i].what, why, strlen(stricter[i].what)) == 0) {
            stricter[i].times++;
            return true;
        }
    return false;
}

static void compare(const struct exhibit *e, struct troth_cache *cache, const char *how,
                    unsigned trial)
{
    struct ours ours = ask_us(e, &crypto, cache);
    struct theirs theirs = ask_openssl(e);

    if (ours.accepted) {
        int error = not_overlooked(&theirs);

        both_accept += theirs.count == 0;
        if (!CHECK(error == X509_V_OK))
            printf("# %s %u: we accept, OpenSSL says %s\n", how, trial,
                   X509_verify_cert_error_string(error));
        return;
    }
    both_refuse += theirs.count > 0;
    if (theirs.count == 0 && !CHECK(is_known_stricter(ours.why)))
        printf("# %s %u: OpenSSL accepts, we say %s\n", how, trial, ours.why);
}

static void test_structures(unsigned trials)
{
    test_case("%u chains from spoilt recipes", trials);
    for (unsigned trial = 0; trial < trials; trial++) {
        struct recipes recipes = sound_recipes();
        bool with_lists = test_random_below(&dice, 2);

        x509_forget();
        spoil_recipes(&recipes, with_lists, &dice);
        const struct exhibit e = make_exhibit(&recipes, with_lists);

        compare(&e, NULL, "recipe", trial);
    }
}

/* The sound chain with some bytes of one object spoilt, or of what is signed of it. */
static void test_bytes(bool signed_again, struct troth_cache *cache, unsigned trials)
{
    const struct exhibit base = sound_exhibit();
    const char *how = signed_again ? "signed byte" : "byte";

    test_case("%u chains with a spoilt %s", trials, how);
    for (unsigned trial = 0; trial < trials; trial++) {
        struct exhibit e = base;
        uint8_t copy[1000], again[1200];

        e.with_lists = test_random_below(&dice, 2);
        size_t which = test_random_below(&dice, e.with_lists ? OBJECTS : PLACES);
        struct troth_span *object = exhibit_object(&e, which);
        struct troth_span old = signed_again ? tbs_of(*object) : *object;

        memcpy(copy, old.ptr, old.len);
        for (unsigned times = 1 + test_random_below(&dice, 2); times > 0; times--)
            spoil_byte(copy, old.len, &dice);
        *object = (struct troth_span){copy, old.len};
        if (signed_again)
            *object = sign_again(again, sizeof again, *object, exhibit_signer(which));
        compare(&e, cache, how, trial);
    }
}

static void report(void)
{
    printf("# both accept %u, both refuse %u\n", both_accept, both_refuse);
    for (size_t i = 0; i < COUNT(laxer); i++)
        printf("# laxer %u: %s: %s\n", laxer[i].times,
               X509_verify_cert_error_string(laxer[i].error), laxer[i].why);
    for (size_t i = 0; i < COUNT(stricter); i++)
        printf("# stricter %u: %s: %s\n", stricter[i].times, stricter[i].what,
               stricter[i].why);
    test_case("the trials reach both answers");
    CHECK(both_accept > 500);
    CHECK(both_refuse > 1000);
}

int main(void)
{
    static struct troth_cache_entry entries[1024];
    struct troth_cache cache;

    if (troth_provider_create(&crypto))
        return 1;
    troth_cache_init(&cache, entries, COUNT(entries));
    test_case("the sound chain");
    const struct exhibit base = sound_exhibit();

    CHECK(ask_us(&base, &crypto, &cache).accepted);
    CHECK_INT(ask_openssl(&base).count, 0);
    test_structures(2000);
    test_bytes(false, &cache, 500);
    test_bytes(true, &cache, 2000);
    report();
    troth_provider_destroy(&crypto);
    return test_finish();
}

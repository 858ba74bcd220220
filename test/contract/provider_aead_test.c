/* SPDX-License-Identifier: Apache-2.0 */
/* AES-256-GCM of every crypto table that has it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/contract/tables.h"
#include "test/harness.h"

enum { ROOM = 64 * 1024 };

static uint8_t out[ROOM];

/* [GCM], test cases 13 to 16 */
#define KEY16 "feffe9928665731c6d6a8f9467308308"
static const struct {
    const char *why, *key, *nonce, *associated, *plain, *sealed;
} known[] = {
    {"nothing", "0000000000000000000000000000000000000000000000000000000000000000",
     "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"a block of zeroes",
     "0000000000000000000000000000000000000000000000000000000000000000",
     "000000000000000000000000", "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"associated data, and a block that is not whole", KEY16 KEY16,
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f"
     "cf0e2449a6b525b16aedf5aa0de657ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7"
     "b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
};

struct sealing {
    struct troth_span key, nonce, associated, plain, sealed;
};

static struct sealing row(size_t i)
{
    return (struct sealing){test_hex(known[i].key), test_hex(known[i].nonce),
                            test_hex(known[i].associated), test_hex(known[i].plain),
                            test_hex(known[i].sealed)};
}

static struct troth_aead_lock lock_of(const struct sealing *s)
{
    return (struct troth_aead_lock){s->key.ptr, s->nonce.ptr, {&s->associated, 1}};
}

static void check_known(const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        const struct sealing s = row(i);
        const struct troth_aead_lock lock = lock_of(&s);

        test_case("%s: %s", crypto->ops->name, known[i].why);
        CHECK_ERR(crypto->ops->seal(crypto->state, out, &lock, s.plain), TROTH_OK);
        CHECK_SPAN(((struct troth_span){out, s.sealed.len}), s.sealed);
        CHECK_ERR(crypto->ops->open(crypto->state, out, &lock, s.sealed), TROTH_OK);
        CHECK_SPAN(((struct troth_span){out, s.plain.len}), s.plain);
    }
}

static void check_places(const struct troth_crypto *crypto)
{
    const struct sealing s = row(COUNT(known) - 1);
    const struct troth_span parts[] = {
        {s.associated.ptr, 3}, {NULL, 0}, {s.associated.ptr + 3, s.associated.len - 3}};
    const struct troth_aead_lock lock = {s.key.ptr, s.nonce.ptr, {parts, COUNT(parts)}};

    test_case("%s: in its place, with associated data in parts", crypto->ops->name);
    memcpy(out, s.plain.ptr, s.plain.len);
    CHECK_ERR(crypto->ops->seal(crypto->state, out, &lock,
                                (struct troth_span){out, s.plain.len}),
              TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, s.sealed.len}), s.sealed);
    CHECK_ERR(crypto->ops->open(crypto->state, out, &lock,
                                (struct troth_span){out, s.sealed.len}),
              TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, s.plain.len}), s.plain);
}

static bool is_zero(size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (out[i] != 0)
            return false;
    return true;
}

static void check_refused(const struct troth_crypto *crypto, const struct sealing *s)
{
    const struct troth_aead_lock lock = lock_of(s);

    memset(out, 0xaa, sizeof out);
    CHECK_ERR(crypto->ops->open(crypto->state, out, &lock, s->sealed),
              TROTH_ERR_SIGNATURE);
    CHECK(s->sealed.len < TROTH_AEAD_TAG_SIZE ||
          is_zero(s->sealed.len - TROTH_AEAD_TAG_SIZE));
}

static void check_changes(const struct troth_crypto *crypto)
{
    const struct sealing s = row(COUNT(known) - 1);
    struct troth_span members[] = {s.key, s.nonce, s.associated, s.sealed};

    test_case("%s: a bit changed anywhere, and nothing is left", crypto->ops->name);
    for (size_t m = 0; m < COUNT(members); m++) {
        for (size_t i = 0; i < members[m].len; i++) {
            uint8_t changed[128];
            struct sealing t = s;
            struct troth_span *const spans[] = {&t.key, &t.nonce, &t.associated,
                                                &t.sealed};

            memcpy(changed, members[m].ptr, members[m].len);
            changed[i] ^= 1;
            spans[m]->ptr = changed;
            check_refused(crypto, &t);
        }
    }
    test_case("%s: cut short anywhere", crypto->ops->name);
    for (size_t len = 0; len < s.sealed.len; len++) {
        struct sealing t = s;

        t.sealed.len = len;
        check_refused(crypto, &t);
    }
}

/* ---- Wycheproof's ---- */

static struct troth_span hex_field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    CHECK(text != NULL);
    return test_hex(text ? text : "");
}

static struct troth_span join(struct troth_span a, struct troth_span b)
{
    static uint8_t both[ROOM];

    if (a.len + b.len > sizeof both)
        abort();
    if (a.len)
        memcpy(both, a.ptr, a.len);
    if (b.len)
        memcpy(both + a.len, b.ptr, b.len);
    return (struct troth_span){both, a.len + b.len};
}

static void run(const struct troth_crypto *crypto, const json_t *test)
{
    const struct sealing s = {hex_field(test, "key"), hex_field(test, "iv"),
                              hex_field(test, "aad"), hex_field(test, "msg"),
                              join(hex_field(test, "ct"), hex_field(test, "tag"))};
    const struct troth_aead_lock lock = lock_of(&s);
    const char *result = json_string_value(json_object_get(test, "result"));

    if (strcmp(result, "valid") != 0) {
        check_refused(crypto, &s);
        return;
    }
    CHECK_ERR(crypto->ops->open(crypto->state, out, &lock, s.sealed), TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, s.plain.len}), s.plain);
    CHECK_ERR(crypto->ops->seal(crypto->state, out, &lock, s.plain), TROTH_OK);
    CHECK_SPAN(((struct troth_span){out, s.sealed.len}), s.sealed);
}

static bool is_ours(const json_t *group)
{
    return json_integer_value(json_object_get(group, "keySize")) == 256 &&
           json_integer_value(json_object_get(group, "ivSize")) == 96;
}

static void check_wycheproof(const struct troth_crypto *crypto)
{
    test_case("%s: Wycheproof", crypto->ops->name);
    if (!test_vectors_dir()) {
        test_skip("no vectors");
        return;
    }

    const struct troth_span text = test_vector("wycheproof/aes_gcm_test.json");
    json_t *file = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    const json_t *group = NULL, *test = NULL;
    size_t i = 0, k = 0, count = 0;

    json_array_foreach(json_object_get(file, "testGroups"), i, group)
    {
        if (!is_ours(group))
            continue;
        json_array_foreach(json_object_get(group, "tests"), k, test)
        {
            run(crypto, test);
            count++;
        }
    }
    CHECK(count > 50);
    json_decref(file);
}

static void check_none(const struct troth_crypto *crypto)
{
    const struct sealing s = row(1);
    const struct troth_aead_lock lock = lock_of(&s);

    test_case("%s: has none, and says so", crypto->ops->name);
    memset(out, 0xaa, sizeof out);
    CHECK_ERR(crypto->ops->seal(crypto->state, out, &lock, s.plain), TROTH_ERR_ALGORITHM);
    CHECK(is_zero(s.sealed.len));
    memset(out, 0xaa, sizeof out);
    CHECK_ERR(crypto->ops->open(crypto->state, out, &lock, s.sealed),
              TROTH_ERR_ALGORITHM);
    CHECK(is_zero(s.plain.len));
}

int main(void)
{
    struct tables tables;

    tables_create(&tables);
    for (size_t i = 0; i < tables.count; i++) {
        const struct troth_crypto *crypto = &tables.crypto[i];

        if (tables_is_partial(crypto)) {
            check_none(crypto);
            continue;
        }
        check_known(crypto);
        check_places(crypto);
        check_changes(crypto);
        check_wycheproof(crypto);
    }
    tables_destroy(&tables);
    return test_finish();
}

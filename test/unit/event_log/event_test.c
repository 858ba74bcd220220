/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/event_log.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/failing_crypto.h"
#include "troth/provider.h"

#define TEN(x) x x x x x x x x x x
#define NAME64 TEN("abcdef") "abcd"

static struct troth_crypto crypto;

static struct troth_event event_of(const char *name, struct troth_span data)
{
    return (struct troth_event){test_text(name), data};
}

static void test_shape(void)
{
    static const uint8_t bytes[TROTH_EVENT_DATA_MAX + 1] = {0};
    static const struct {
        const char *why, *name;
        size_t data_len;
        enum troth_err err;
    } rows[] = {
        {"a name and no data", "a", 0, TROTH_OK},
        {"every kind of byte", "azAZ09._-/", 1, TROTH_OK},
        {"the longest name and data", NAME64, TROTH_EVENT_DATA_MAX, TROTH_OK},
        {"the boundary", "sealed", 0, TROTH_OK},
        {"in capitals it is another event", "Sealed", 1, TROTH_OK},
        {"no name", "", 0, TROTH_ERR_VALUE},
        {"a longer name", NAME64 "e", 0, TROTH_ERR_LIMIT},
        {"more data", "a", TROTH_EVENT_DATA_MAX + 1, TROTH_ERR_LIMIT},
        {"a space", "a b", 0, TROTH_ERR_VALUE},
        {"a quote", "a\"", 0, TROTH_ERR_VALUE},
        {"a colon", "a:b", 0, TROTH_ERR_VALUE},
        {"an equals sign", "a=b", 0, TROTH_ERR_VALUE},
        {"beyond ASCII", "\xc3\xa9", 0, TROTH_ERR_VALUE},
        {"a control character", "a\n", 0, TROTH_ERR_VALUE},
        {"the boundary with data", "sealed", 1, TROTH_ERR_VALUE},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_event event = event_of(
            rows[i].name, (struct troth_span){bytes, rows[i].data_len});
        uint8_t digest[48];

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_event_check(&event), rows[i].err);
        memset(digest, 0xff, sizeof digest);
        CHECK_ERR(troth_event_digest(digest, &crypto, &event), rows[i].err);
        CHECK(rows[i].err == TROTH_OK ||
              troth_span_is_zero((struct troth_span){digest, sizeof digest}));
    }
}

/* Values that another program computed: Python's hashlib over the same definition. */
static void test_digest(void)
{
    static const struct {
        const char *why, *name, *data, *digest;
    } rows[] = {
        {"a name and no data", "a", "",
         "d8a9b545e0a470f8b4be7869714b980aafb5bcb81daaa4c3cdbb776d8f2ff55b"
         "4bc7ed5e5832c7c12d40296e4b34fded"},
        {"a name and data", "a", "010203",
         "58d5398c80d8b327d68a2bb95b5e19eda05b3b2fddea700f81d4ae7bd5d512b6"
         "bc4491aa3574ede3e2a09d67f77b4a2e"},
        {"what is a name, and what is data", "ab", "",
         "542265c3a8ad7b4523e19c02b1949666b9687b8abfa29fe245c02bfa57aedcef"
         "d72a34212f5646d3f7bbae702e9828ef"},
        {"the boundary", "sealed", "",
         "78cc978c5a2639e4be272ccd761048bcaaf3af7bc703533bf168b7c0f36ce082"
         "cbdb8f9de3ceb8b1eb07170085a81fa1"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_event event = event_of(rows[i].name, test_hex(rows[i].data));
        uint8_t digest[48];

        test_case("digest: %s", rows[i].why);
        CHECK_ERR(troth_event_digest(digest, &crypto, &event), TROTH_OK);
        CHECK_SPAN(((struct troth_span){digest, sizeof digest}),
                   test_hex(rows[i].digest));
    }
}

static void test_replay(void)
{
    static const uint8_t data[] = {1, 2, 3};
    const struct troth_event events[] = {event_of("a", (struct troth_span){data, 3}),
                                         event_of("sealed", (struct troth_span){NULL, 0}),
                                         event_of("a", (struct troth_span){data, 3})};
    static const char *const wanted[] = {
        "0000000000000000000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000",
        "04f552fbe3fa1307cb17102e1bd77ee643833416b1307209d074b8c223242733"
        "83c95c83a42be51423de5d80d8a0222c",
        "d5ce14c54307d332c0729e630015619ce28358d5f345c8d79f76a1e2638a56fa"
        "217b4e04bc045fb3ca4d02d1f24279bc",
        "3056545ee0a93be6c4aaec70a0c67e4320df105799a1682cc0051aa20bbf3139"
        "a004dbe71ad0fc0147556be390daa10f",
    };
    struct troth_event_log log = {.events = events};

    for (; log.count < COUNT(wanted); log.count++) {
        uint8_t replayed[48];

        test_case("the register after %zu events", log.count);
        CHECK_ERR(troth_event_log_replay(replayed, &crypto, &log), TROTH_OK);
        CHECK_SPAN(((struct troth_span){replayed, sizeof replayed}),
                   test_hex(wanted[log.count]));
    }
}

static void test_failing(void)
{
    const struct troth_event events[] = {event_of("a", (struct troth_span){NULL, 0}),
                                         event_of("b", (struct troth_span){NULL, 0})};
    const struct troth_event_log log = {.events = events, .count = 2};

    test_case("a library that fails, at each of its calls");
    for (unsigned i = 1; i <= 4; i++) {
        struct failing_crypto failing;
        const struct troth_crypto broken = failing_crypto_over(&failing, &crypto, i);
        uint8_t replayed[48];

        memset(replayed, 0xff, sizeof replayed);
        CHECK_ERR(troth_event_log_replay(replayed, &broken, &log), TROTH_ERR_CRYPTO);
        CHECK(troth_span_is_zero((struct troth_span){replayed, sizeof replayed}));
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    test_shape();
    test_digest();
    test_replay();
    test_failing();
    troth_provider_destroy(&crypto);
    return test_finish();
}

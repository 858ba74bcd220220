/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/nsm_message.h"

#include <cbor.h>

#include "sim/nsm_device.h"
#include "test/harness.h"

static uint8_t room[TROTH_NSM_REQUEST_MAX];
static const uint8_t sixty_four[64] = {1, 2, 3, [63] = 64};
static const uint8_t forty_eight[48] = {9, 8, 7, [47] = 48};

static void write_attestation(struct troth_writer *w)
{
    troth_nsm_write_attestation(w, (struct troth_span)TROTH_ARRAY_SPAN(sixty_four));
}

static void write_describe(struct troth_writer *w)
{
    troth_nsm_write_describe(w, 16);
}

static void write_extend(struct troth_writer *w)
{
    troth_nsm_write_extend(w, 31, (struct troth_span)TROTH_ARRAY_SPAN(forty_eight));
}

static void write_lock(struct troth_writer *w)
{
    troth_nsm_write_lock(w, 16);
}

#define ZEROS_16 "00000000000000000000000000000000"
#define ZEROS_44 ZEROS_16 ZEROS_16 "000000000000000000000000"
#define ZEROS_60 ZEROS_44 ZEROS_16

/* As the vendor's library writes them: serde's externally tagged enums, in CBOR. The
 * last one's bytes stand in Linux's drivers/misc/nsm.c, too. */
static const struct {
    const char *name;
    void (*write)(struct troth_writer *w);
    const char *wanted;
} requests[] = {
    {"Attestation", write_attestation,
     "a1 6b 4174746573746174696f6e a3 69 757365725f64617461 5840 010203" ZEROS_60 "40"
     "65 6e6f6e6365 f6 6a 7075626c69635f6b6579 f6"},
    {"DescribePCR", write_describe, "a1 6b 4465736372696265504352 a1 65 696e646578 10"},
    {"ExtendPCR", write_extend,
     "a1 69 457874656e64504352 a2 65 696e646578 181f 64 64617461 5830 090807" ZEROS_44
     "30"},
    {"LockPCR", write_lock, "a1 67 4c6f636b504352 a1 65 696e646578 10"},
    {"GetRandom", troth_nsm_write_random, "69 47657452616e646f6d"},
};

static void test_requests(void)
{
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct cbor_load_result loaded;

        test_case("the request %s, byte for byte", requests[i].name);
        requests[i].write(&w);
        CHECK_SPAN(troth_writer_span(&w), test_hex(requests[i].wanted));

        test_case("… and libcbor reads it to its end");
        cbor_item_t *item = cbor_load(room, w.len, &loaded);

        CHECK(item != NULL && loaded.read == w.len);
        if (item)
            cbor_decref(&item);
    }
}

#define OK_ANSWER(kind, hex, bytes)                                                      \
    {                                                                                    \
        "done", TROTH_NSM_##kind, hex, TROTH_OK, bytes, ""                               \
    }
#define BAD(why, kind, hex, err)                                                         \
    {                                                                                    \
        why, TROTH_NSM_##kind, hex, TROTH_ERR_##err, "", ""                              \
    }
#define SAYS(kind, hex, word)                                                            \
    {                                                                                    \
        word, TROTH_NSM_##kind, hex, TROTH_OK, "", word                                  \
    }

/* clang-format off */
static const struct {
    const char *why;
    enum troth_nsm_kind kind;
    const char *hex;
    enum troth_err err;
    const char *bytes, *word;
    bool is_locked;
} answers[] = {
    OK_ANSWER(ATTESTATION, "a1 6b 4174746573746174696f6e a1 68 646f63756d656e74 43 d28443", "d28443"),
    OK_ANSWER(EXTEND_PCR, "a1 69 457874656e64504352 a1 64 64617461 42 aabb", "aabb"),
    OK_ANSWER(LOCK_PCR, "67 4c6f636b504352", ""),
    OK_ANSWER(GET_RANDOM, "a1 69 47657452616e646f6d a1 66 72616e646f6d 43 010203", "010203"),
    OK_ANSWER(GET_RANDOM, "a1 69 47657452616e646f6d a1 66 72616e646f6d 40", ""),
    {"done", TROTH_NSM_DESCRIBE_PCR,
     "a1 6b 4465736372696265504352 a2 64 6c6f636b f5 64 64617461 41 07", TROTH_OK, "07", "", true},
    {"done", TROTH_NSM_DESCRIBE_PCR,
     "a1 6b 4465736372696265504352 a2 64 64617461 41 07 64 6c6f636b f4", TROTH_OK, "07", "", false},

    SAYS(LOCK_PCR, "a1 65 4572726f72 6d 526561644f6e6c79496e646578", "ReadOnlyIndex"),
    SAYS(ATTESTATION, "a1 65 4572726f72 6d 496e707574546f6f4c61726765", "InputTooLarge"),
    SAYS(EXTEND_PCR, "a1 65 4572726f72 6c 496e76616c6964496e646578", "InvalidIndex"),

    {"a field of a later version is passed over", TROTH_NSM_GET_RANDOM,
     "a1 69 47657452616e646f6d a2 63 6e6577 82 01 f6 66 72616e646f6d 41 05", TROTH_OK, "05", ""},
    {"maps without a length", TROTH_NSM_GET_RANDOM,
     "bf 69 47657452616e646f6d bf 66 72616e646f6d 41 05 ff ff", TROTH_OK, "05", ""},

    BAD("nothing", LOCK_PCR, "", SHORT),
    BAD("the answer to another request", LOCK_PCR, "68 4c6f636b50435273", VALUE),
    BAD("the answer to another request", GET_RANDOM, "a1 69 457874656e64504352 a1 64 64617461 42 aabb", VALUE),
    BAD("a name alone, where fields belong to it", GET_RANDOM, "69 47657452616e646f6d", TYPE),
    BAD("fields, where a name is all", LOCK_PCR, "a1 67 4c6f636b504352 a0", VALUE),
    BAD("no such field", GET_RANDOM, "a1 69 47657452616e646f6d a0", MISSING),
    BAD("no flag", DESCRIBE_PCR, "a1 6b 4465736372696265504352 a1 64 64617461 41 07", MISSING),
    BAD("a flag that is a number", DESCRIBE_PCR,
        "a1 6b 4465736372696265504352 a2 64 6c6f636b 01 64 64617461 41 07", TYPE),
    BAD("text for bytes", GET_RANDOM, "a1 69 47657452616e646f6d a1 66 72616e646f6d 61 61", TYPE),
    BAD("a field twice", GET_RANDOM,
        "a1 69 47657452616e646f6d a2 66 72616e646f6d 41 05 66 72616e646f6d 41 06", DUPLICATE),
    BAD("two answers", GET_RANDOM,
        "a2 69 47657452616e646f6d a1 66 72616e646f6d 41 05 61 61 a0", TRAILING),
    BAD("no answer in the map", GET_RANDOM, "a0", MISSING),
    BAD("more behind it", LOCK_PCR, "67 4c6f636b504352 00", TRAILING),
    BAD("an error that is no word", LOCK_PCR, "a1 65 4572726f72 01", TYPE),
    BAD("an error without a word", LOCK_PCR, "a1 65 4572726f72 60", VALUE),
    BAD("a length that is longer than need be", LOCK_PCR, "78 07 4c6f636b504352", ENCODING),
    BAD("a number", LOCK_PCR, "00", TYPE),
    BAD("a length beyond the end", GET_RANDOM,
        "a1 69 47657452616e646f6d a1 66 72616e646f6d 5b ffffffffffffffff 00", SHORT),
};
/* clang-format on */

static void test_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct troth_span raw = test_hex(answers[i].hex);
        struct troth_nsm_answer answer;

        test_case("%s: %s", troth_nsm_name(answers[i].kind), answers[i].why);
        CHECK_ERR(troth_nsm_answer_parse(&answer, NULL, answers[i].kind, raw),
                  answers[i].err);
        CHECK_SPAN(answer.bytes, test_hex(answers[i].bytes));
        CHECK_SPAN(answer.error, test_text(answers[i].word));
        CHECK_INT(answer.is_locked, answers[i].is_locked);
    }
}

/* Every beginning of a good answer is refused, and zeroes what it would have filled. */
static void test_beginnings(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct troth_span raw = test_hex(answers[i].hex);

        if (answers[i].err)
            continue;
        test_case("beginnings of: %s", answers[i].hex);
        for (size_t len = 0; len < raw.len; len++) {
            struct troth_nsm_answer answer;

            CHECK(troth_nsm_answer_parse(&answer, NULL, answers[i].kind,
                                         (struct troth_span){raw.ptr, len}) != TROTH_OK);
            CHECK(!answer.bytes.ptr && !answer.error.ptr && !answer.is_locked);
        }
    }
}

/* The simulator reads requests by a reader of its own, and answers by a writer of its
 * own. */
static void test_against_the_simulator(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);
    static struct sim_nitro doc;
    static struct sim_nsm nsm;

    sim_nitro_default(&doc, ring, 0, 1755506509);
    sim_nsm_init(&nsm, &doc);
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_nsm_answer answer;

        test_case("the simulated module understands %s", requests[i].name);
        requests[i].write(&w);
        struct sim_bytes raw = sim_nsm_answer(&nsm, troth_writer_span(&w));

        CHECK_ERR(troth_nsm_answer_parse(&answer, NULL, (enum troth_nsm_kind)i,
                                         sim_bytes_span(raw)),
                  TROTH_OK);
        CHECK_INT(answer.error.len, 0);
        sim_bytes_free(&raw);
    }
    sim_keyring_destroy(ring);
}

int main(void)
{
    test_requests();
    test_answers();
    test_beginnings();
    test_against_the_simulator();
    return test_finish();
}

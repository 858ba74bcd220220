/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/nitro/nitro.h"
#include "test/harness.h"
#include "test/support/minted.h"

static struct trial t;

static void parse_into_arena(void)
{
    struct sim_keyring *ring = sim_keyring_create(1);
    static struct sim_nitro doc;
    struct troth_span raw;
    void *fields = NULL;

    test_case("parsed into the arena, with the time it signs");
    sim_nitro_default(&doc, ring, 0, MINTED_AT_S);
    raw = minted_nitro(&t, &doc);
    CHECK(troth_nitro_format.recognise(raw));
    CHECK_ERR(troth_nitro_format.parse(&fields, NULL, raw, &t.arena), TROTH_OK);
    CHECK_INT(troth_nitro_format.signed_time(fields), MINTED_AT_S);

    test_case("too little memory");
    t.arena.used = t.arena.size - 16;
    CHECK_ERR(troth_nitro_format.parse(&fields, NULL, raw, &t.arena), TROTH_ERR_MEMORY);
    CHECK(fields == NULL);

    test_case("a fault is handed on");
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    t.arena.used = 0;
    raw.len--;
    CHECK_ERR(troth_nitro_format.parse(&fields, &fault, raw, &t.arena), TROTH_ERR_SHORT);
    CHECK(fault.field != NULL);
    sim_keyring_destroy(ring);
}

static void check_words(void)
{
    const struct troth_format *f = &troth_nitro_format;

    test_case("the words of the family");
    CHECK_TEXT(f->name, "nitro");
    CHECK_TEXT(f->nonce_claim, "nitro.nonce");
    CHECK_TEXT(f->binding_claim, "nitro.user_data");
    CHECK_TEXT(f->identity[0].claim, "nitro.pcr0");
    CHECK_TEXT(f->identity[1].claim, "nitro.pcr1");
    CHECK_TEXT(f->identity[2].claim, "nitro.pcr2");
    CHECK_TEXT(f->identity[3].claim, NULL);
    CHECK_TEXT(f->findings[0], "debug");
    CHECK_TEXT(f->findings[1], NULL);
}

/* Never a wrong no: whatever the parser reads was recognised. */
static void recognise_all_heads(void)
{
    uint8_t head[3];

    test_case("every head the parser would go on from");
    for (unsigned tagged = 0; tagged < 2; tagged++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            size_t len = 0;

            if (tagged)
                head[len++] = 0xd2;
            head[len++] = 0x84;
            head[len++] = (uint8_t)byte;
            CHECK(troth_nitro_format.recognise((struct troth_span){head, len}) ==
                  (byte >= 0x40 && byte < 0x60));
            CHECK(!troth_nitro_format.recognise((struct troth_span){head, len - 1}));
        }
    }
    CHECK(!troth_nitro_format.recognise((struct troth_span){NULL, 0}));
}

int main(void)
{
    trial_begin(&t);
    parse_into_arena();
    check_words();
    recognise_all_heads();
    trial_end(&t);
    return test_finish();
}

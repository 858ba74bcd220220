/* SPDX-License-Identifier: Apache-2.0 */
/* Every family, and which bytes are whose. */
#include "evidence/format.h"

#include <string.h>

#include "base/span.h"
#include "test/harness.h"

/* clang-format off */
static const struct {
    const char *why;
    const char *hex;
    const char *family; /* NULL: nobody's */
} rows[] = {
    {"nothing", "", NULL},
    {"COSE_Sign1", "84 44 a1013822 a0", "nitro"},
    {"COSE_Sign1 with its tag", "d2 84 44 a1013822 a0", "nitro"},
    {"an empty protected header", "84 40", "nitro"},
    {"another tag", "d3 84 44 a1013822", NULL},
    {"an array of three", "83 44 a1013822", NULL},
    {"an array of four numbers", "84 01 02 03 04", NULL},
    {"an array without a length", "9f 44 a1013822", NULL},
    {"the tag alone", "d2", NULL},
    {"tag and array alone", "d2 84", NULL},
    {"a report of version 2", "02000000 00000000", "snp"},
    {"a report of version 5", "05000000 01000000", "snp"},
    {"a version to come: the parser says so", "ff000000 00000000", "snp"},
    {"a version with a high byte", "00010000 00000000", NULL},
    {"a device's response", "00000000 a0040000", "snp"},
    {"a response of another size", "00000000 a1040000", NULL},
    {"seven bytes", "02000000 000000", NULL},
    {"text", "7b22 6b65 7922 3a31 7d", NULL},
    {"a certificate", "30820100 30820100", NULL},
    {"zeros", "00000000 00000000", NULL},
};
/* clang-format on */

static void recognise_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_format *format = troth_format_recognise(test_hex(rows[i].hex));

        test_case("%s", rows[i].why);
        CHECK_TEXT(format ? format->name : NULL, rows[i].family);
    }
}

/* A report of version 0 is nobody's but for its size. */
static void recognise_by_size(void)
{
    static const uint8_t zeros[1185];

    test_case("1184 zeros are a report, of a version nobody reads");
    CHECK_TEXT(troth_format_recognise((struct troth_span){zeros, 1184})->name, "snp");
    CHECK(!troth_format_recognise((struct troth_span){zeros, 1183}));
    CHECK(!troth_format_recognise((struct troth_span){zeros, 1185}));
}

/* What appraisal and the command line rest on, said of every family. */
static void check_tables(void)
{
    const struct troth_format *const *formats = troth_formats();

    for (; *formats; formats++) {
        const struct troth_format *f = *formats;
        size_t rows_count = 0, plan_count = 0;

        test_case("%s is complete", f->name);
        CHECK(f->title && f->nonce_claim && f->binding_claim);
        CHECK(f->recognise && f->parse && f->verify && f->claims);
        for (; f->identity[rows_count].claim; rows_count++) {
            CHECK(f->identity[rows_count].label != NULL);
            CHECK(strncmp(f->identity[rows_count].claim, f->name, strlen(f->name)) == 0);
        }
        CHECK(rows_count >= 1 && rows_count <= TROTH_IDENTITY_ROWS_MAX);
        /* Only a table of one row may leave its label out. */
        CHECK((rows_count == 1) == (*f->identity[0].label == '\0'));
        CHECK(f->machine_claims[0] && f->findings[0]);
        for (; f->plan[plan_count] != TROTH_CHECK_COUNT; plan_count++) {
            CHECK(plan_count < TROTH_CHECK_COUNT);
            for (size_t k = 0; k < plan_count; k++)
                CHECK(f->plan[k] != f->plan[plan_count]);
            CHECK(f->plan[plan_count] != TROTH_CHECK_MEASUREMENT &&
                  f->plan[plan_count] != TROTH_CHECK_NONCE &&
                  f->plan[plan_count] != TROTH_CHECK_CLAIM);
        }
        /* No family may be judged without these. */
        bool has_signature = false, has_chain = false, has_anchor = false;
        bool has_validity = false, has_debug = false;
        for (size_t i = 0; i < plan_count; i++) {
            has_signature |= f->plan[i] == TROTH_CHECK_SIGNATURE;
            has_chain |= f->plan[i] == TROTH_CHECK_CHAIN;
            has_anchor |= f->plan[i] == TROTH_CHECK_ANCHOR;
            has_validity |= f->plan[i] == TROTH_CHECK_VALIDITY;
            has_debug |= f->plan[i] == TROTH_CHECK_DEBUG;
        }
        CHECK(has_signature && has_chain && has_anchor && has_validity && has_debug);
    }
}

int main(void)
{
    recognise_rows();
    recognise_by_size();
    check_tables();
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/vocabulary.h"

#include <string.h>

#include "base/span.h"
#include "evidence/format.h"
#include "test/harness.h"

/* test/cli/docs_test.c holds the words against claims of evidence, and against the page.
 */

static void test_order(void)
{
    const struct troth_vocabulary all = troth_vocabulary();

    test_case("sorted, each once, and found");
    for (size_t i = 0; i < all.count; i++) {
        if (i > 0)
            CHECK(strcmp(all.words[i - 1].name, all.words[i].name) < 0);
        CHECK(troth_word_find(troth_span_of_text(all.words[i].name)) == &all.words[i]);
        CHECK(all.words[i].kinds != 0 && all.words[i].kinds < 1u << TROTH_KIND_COUNT);
        CHECK(all.words[i].size == 0 || all.words[i].type == TROTH_VALUE_BYTES);
    }
    CHECK(!troth_word_find(TROTH_LITERAL("tdx.mr_t")));
    CHECK(!troth_word_find(TROTH_LITERAL("tdx.mr_tdd")));
    CHECK(!troth_word_find(TROTH_LITERAL("")));
}

static void test_kinds(void)
{
    const struct troth_format *const *formats = troth_formats();

    test_case("kinds are the families");
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++) {
        struct troth_span name = troth_span_of_text(
            troth_kind_name((enum troth_kind)kind));
        bool found = false;

        CHECK_INT(troth_kind_named(name), kind);
        for (size_t i = 0; formats[i]; i++)
            found = found || troth_span_is_text(name, formats[i]->name);
        CHECK(found);
    }
    CHECK_INT(troth_kind_named(TROTH_LITERAL("nitrotpm")), TROTH_KIND_COUNT);
}

/* What names code is bytes of one size, and only that family's. */
static void test_identities(void)
{
    const struct troth_format *const *formats = troth_formats();

    test_case("the rows of each identity table");
    for (size_t i = 0; formats[i]; i++)
        for (const struct troth_identity_row *row = formats[i]->identity; row->claim;
             row++) {
            const struct troth_word *word = troth_word_find(
                troth_span_of_text(row->claim));

            if (!CHECK(word != NULL))
                continue;
            CHECK_INT(word->type, TROTH_VALUE_BYTES);
            CHECK(word->size > 0);
            CHECK_INT(word->kinds,
                      1u << troth_kind_named(troth_span_of_text(formats[i]->name)));
        }
}

int main(void)
{
    test_order();
    test_kinds();
    test_identities();
    return test_finish();
}

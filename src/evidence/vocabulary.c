/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/vocabulary.h"

#include "base/span.h"

enum {
    NITRO = 1U << TROTH_KIND_NITRO,
    SNP = 1U << TROTH_KIND_SNP,
    SGX = 1U << TROTH_KIND_SGX,
    TDX = 1U << TROTH_KIND_TDX,
};

static const struct troth_word words[] = {
#include "evidence/vocabulary_data.inc"
};

enum { WORDS = sizeof words / sizeof words[0] };

static const char *const kind_names[TROTH_KIND_COUNT] = {
    [TROTH_KIND_NITRO] = "nitro",
    [TROTH_KIND_SNP] = "snp",
    [TROTH_KIND_SGX] = "sgx",
    [TROTH_KIND_TDX] = "tdx",
};

const char *troth_kind_name(enum troth_kind kind)
{
    return kind_names[kind];
}

enum troth_kind troth_kind_named(struct troth_span name)
{
    unsigned kind = 0;

    while (kind < TROTH_KIND_COUNT && !troth_span_is_text(name, kind_names[kind]))
        kind++;
    return (enum troth_kind)kind;
}

struct troth_vocabulary troth_vocabulary(void)
{
    return (struct troth_vocabulary){words, WORDS};
}

const struct troth_word *troth_word_find(struct troth_span name)
{
    size_t low = 0, high = WORDS;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = troth_span_compare(name, troth_span_of_text(words[middle].name));

        if (order == 0)
            return &words[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* bits.h - judge words in which each bit says something of its own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_BITS_H
#define TROTH_EVIDENCE_BITS_H

#include "evidence/judgement.h"

/* clang-format off */
#define TROTH_BIT_NAMES_TEN(word, ten)                                                  \
    word #ten "0", word #ten "1", word #ten "2", word #ten "3", word #ten "4",          \
    word #ten "5", word #ten "6", word #ten "7", word #ten "8", word #ten "9"
/* The 64 names that findings about bits go by: "snp.policy.bit" 0 to 63. */
#define TROTH_BIT_NAMES(word)                                                           \
    word "0", word "1", word "2", word "3", word "4",                                   \
    word "5", word "6", word "7", word "8", word "9",                                   \
    TROTH_BIT_NAMES_TEN(word, 1), TROTH_BIT_NAMES_TEN(word, 2),                         \
    TROTH_BIT_NAMES_TEN(word, 3), TROTH_BIT_NAMES_TEN(word, 4),                         \
    TROTH_BIT_NAMES_TEN(word, 5), word "60", word "61", word "62", word "63"
/* clang-format on */

/* What is wanted of a word; bits in none of the three may be either. */
struct troth_bit_rules {
    const char *const *names; /* 64 of them */
    uint64_t fixed;           /* set in all evidence there is: nothing allows otherwise */
    uint64_t set;             /* else a finding */
    uint64_t clear;           /* else a finding */
    const char *why_clear;    /* what it means that a bit of `set` is clear */
    const char *const *whys;  /* what a bit of `clear` says, NULL where nobody knows;
                                 NULL itself: of none */
};

/* A row for each bit that is not as wanted. Were there none? Then the check is the
 * caller's to pass. */
bool troth_judge_bits(struct troth_judgement *j, enum troth_check_id id, uint64_t word,
                      const struct troth_bit_rules *rules);

#endif

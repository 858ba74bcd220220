/*
 * vocabulary.h - every claim that evidence of any family can make, known before there is
 * any evidence: what policies are checked against.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_VOCABULARY_H
#define TROTH_VOCABULARY_H

#include "troth/claims.h"

/* Raised whenever a claim is renamed, changes its type or its meaning; part of a policy's
 * digest. */
#define TROTH_VOCABULARY_VERSION 1

/* Families, as bits of troth_word.kinds; troth_kind_name() names them. */
enum troth_kind {
    TROTH_KIND_NITRO = 0,
    TROTH_KIND_SNP,
    TROTH_KIND_SGX,
    TROTH_KIND_TDX,
    TROTH_KIND_COUNT
};

/* "nitro", as --json, policies and the claim "kind" spell it. */
const char *troth_kind_name(enum troth_kind kind);

/* The kind of that name, or TROTH_KIND_COUNT. */
enum troth_kind troth_kind_named(struct troth_span name);

struct troth_word {
    const char *name; /* "tdx.mr_td" */
    enum troth_value_type type;
    unsigned size;  /* BYTES: how many there always are; 0: it varies */
    bool is_list;   /* TEXT with commas between: a list of texts for policies */
    unsigned kinds; /* 1u << TROTH_KIND_…: the families that make the claim */
    const char *about;
};

struct troth_vocabulary {
    const struct troth_word *words; /* sorted by name, byte by byte */
    size_t count;
};
struct troth_vocabulary troth_vocabulary(void);

/* NULL if no evidence makes such a claim. */
const struct troth_word *troth_word_find(struct troth_span name);

#endif

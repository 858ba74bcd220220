/* reserved.h - fields of a quote that have no meaning, and have to be zero. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_RESERVED_H
#define TROTH_EVIDENCE_DCAP_RESERVED_H

#include "evidence/dcap/quote.h"
#include "evidence/judgement.h"

/* The first that is not zero. */
struct troth_reserved {
    const char *field; /* NULL: there is none */
    struct troth_span seen;
};

/* Among the header's: two words, from version 4 on. */
struct troth_reserved troth_quote_reserved(const struct troth_quote *quote);

/* TROTH_CHECK_RESERVED. */
void troth_judge_reserved(struct troth_judgement *j, struct troth_reserved reserved);

#endif

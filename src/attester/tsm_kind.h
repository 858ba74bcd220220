/* tsm_kind.h - who answers behind Linux's report interface, and what their answers are.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ATTESTER_TSM_KIND_H
#define TROTH_ATTESTER_TSM_KIND_H

#include <stdbool.h>

#include "troth/span.h"

struct troth_tsm_kind {
    const char *provider; /* "tdx_guest" */
    const char *kind;     /* "tdx" */
    bool has_table;       /* a certificate table comes with it, in auxblob */
    bool has_rtmr;        /* rtmr.h, where the kernel hands it out */

    /*
     * Is this a whole report, and about these bytes? A device that answers another
     * question than ours, or half of it, is found out before its answer is sent.
     */
    bool (*answers)(struct troth_span evidence, struct troth_span report_data);
};

/* By the text of the attribute `provider`; NULL where it is none of ours. */
const struct troth_tsm_kind *troth_tsm_kind_find(struct troth_span provider);

#endif

/*
 * witnessing.h - what a witness answers to a new checkpoint, as a function of what it
 * knows. Whoever serves it keeps what it knows, and keeps it before he answers.
 * [C2SP-WITNESS]
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TLOG_WITNESSING_H
#define TROTH_TLOG_WITNESSING_H

#include "base/writer.h"
#include "troth/log.h"

#define TROTH_WITNESS_REQUEST_MAX (TROTH_NOTE_MAX + (size_t)4 * 1024)

/* "old N", a consistency proof, a checkpoint. */
struct troth_witness_request {
    uint64_t old_size;
    struct troth_log_path path;
    struct troth_span checkpoint; /* a signed note */
    struct troth_span origin;     /* its first line: which log; nobody's word yet */
};

/*
 * troth_witness_request_parse - the body of add-checkpoint; judges nothing.
 *
 *   out     borrows `body`
 *   fault   field "request.…", "checkpoint.…"
 *
 * Errors   TROTH_ERR_LIMIT, TROTH_ERR_TEXT, TROTH_ERR_VALUE, TROTH_ERR_ENCODING,
 *          TROTH_ERR_SHORT, TROTH_ERR_MISSING; all of them are answered with 400
 */
TROTH_MUST_USE enum troth_err
troth_witness_request_parse(struct troth_witness_request *out, struct troth_fault *fault,
                            struct troth_span body);
TROTH_MUST_USE enum troth_err
troth_witness_request_write(struct troth_writer *w,
                            const struct troth_witness_request *request);

/* A log that a witness watches, and the tree it cosigned last: size 0 if none yet. */
struct troth_watched_log {
    struct troth_span origin;
    struct troth_span log_name; /* of its key; empty: the origin */
    uint8_t log_key[32];
    struct troth_log_tree seen;
};

enum troth_witness_status {
    TROTH_WITNESS_COSIGN = 200,
    TROTH_WITNESS_MALFORMED = 400,
    TROTH_WITNESS_UNTRUSTED = 403, /* not signed by the log, or badly */
    TROTH_WITNESS_UNKNOWN = 404,
    TROTH_WITNESS_CONFLICT = 409, /* another old size than what was cosigned last */
    TROTH_WITNESS_INCONSISTENT = 422,
    TROTH_WITNESS_FAILED = 500 /* the cryptographic library */
};

/* An answer. COSIGN: keep `tree`, then sign `text`; CONFLICT: send the log's seen.size.
 */
struct troth_witness_decision {
    enum troth_witness_status status;
    struct troth_log_tree tree;
    struct troth_span text;     /* of the note, for troth_note_cosign() */
    struct troth_span log_line; /* the log's signature line that was verified */
    struct troth_fault fault;   /* of every status but COSIGN */
};

/*
 * troth_witness_decide - may this checkpoint be cosigned?
 *
 *   out   borrows the request
 *   log   NULL: no such log is watched
 *
 * Shape    judged in this order: 404, 403, 400 (old size above the new one), 409, 422
 */
void troth_witness_decide(struct troth_witness_decision *out,
                          const struct troth_witness_request *request,
                          const struct troth_watched_log *log,
                          const struct troth_crypto *crypto);

#endif

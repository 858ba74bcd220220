/*
 * record.h - what goes into a log: typed entries, public but for what they commit to.
 *
 * An entry is one line of JSON in the only form it has, so that the same record is the
 * same leaf. A private field is a commitment in it, and a sealed value beside it: whoever
 * has the sealed value's key can show one field to somebody, who checks it against the
 * commitment and needs to trust no decryption. docs/records.md is the schema for people.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_RECORD_H
#define TROTH_RECORD_H

#include <stdbool.h>

#include "troth/arena.h"
#include "troth/crypto.h"

#define TROTH_RECORD_MAX             65535 /* bytes of an entry: TROTH_LOG_ENTRY_MAX */
#define TROTH_RECORD_ID_SIZE         16
#define TROTH_RECORD_FIELDS_MAX      24
#define TROTH_RECORD_PRIVATE_MAX     16
#define TROTH_RECORD_NAME_MAX        32 /* bytes of a field's name: a-z 0-9 _ */
#define TROTH_RECORD_SALT_SIZE       32
#define TROTH_RECORD_COMMITMENT_SIZE 32
#define TROTH_RECORD_TAG_SIZE        16
#define TROTH_RECORD_VALUE_MAX       ((size_t)16 * 1024) /* bytes of a private value */
#define TROTH_RECORD_MEASURED_MAX    48 /* kinds of evidence; names of a kind */

/* clang-format off */
#define TROTH_RECORD_KINDS(X)                                                            \
    /* id           name           what it says                                       */ \
    X(RELEASE,     "release",     "this is what a release measures as")                  \
    X(POLICY,      "policy",      "this policy is in force")                             \
    X(KEY_EPOCH,   "key-epoch",   "this key is used from now on")                        \
    X(RESULT,      "result",      "this was answered about evidence")                    \
    X(DECISION,    "decision",    "this was asked for, and allowed or refused")          \
    X(CERTIFICATE, "certificate", "this certificate was issued")
/* clang-format on */

enum troth_record_kind {
    TROTH_RECORD_NONE = 0,
#define X(id, name, meaning) TROTH_RECORD_##id,
    TROTH_RECORD_KINDS(X)
#undef X
};
const char *troth_record_kind_name(enum troth_record_kind kind); /* NULL of NONE */

/* What a field of a kind may hold; TROTH_RECORD_MEASUREMENTS is
 * {"nitro":{"pcr0":"…",…},…}, as policies write images. */
enum troth_record_type {
    TROTH_RECORD_TEXT = 1,
    TROTH_RECORD_HEX,
    TROTH_RECORD_UINT, /* at most 2^53 - 1 */
    TROTH_RECORD_MEASUREMENTS
};

/* A row of a kind's schema, in the order in which entries have them. */
struct troth_record_field {
    const char *name;
    const char *path; /* "record." and the name, for faults */
    enum troth_record_type type;
    size_t least; /* bytes of HEX */
    size_t most;  /* bytes of TEXT, HEX or MEASUREMENTS */
    bool is_required;
    const char *const *words; /* TEXT: only these; NULL: any */
    const char *meaning;      /* for docs/records.md, and --help */
};
/* Ends with a NULL name. NULL of NONE. */
const struct troth_record_field *troth_record_fields(enum troth_record_kind kind);

struct troth_record_value {
    const struct troth_record_field *field;
    struct troth_span text; /* TEXT: UTF-8, unescaped; HEX: its digits; MEASUREMENTS: its
                               canonical JSON */
    uint64_t number;        /* UINT */
};

/* A name and bytes: a commitment's 32, a tag's 16. */
struct troth_record_mark {
    struct troth_span name;
    uint8_t bytes[TROTH_RECORD_COMMITMENT_SIZE];
};

struct troth_record {
    enum troth_record_kind kind;
    uint8_t id[TROTH_RECORD_ID_SIZE]; /* random */
    uint64_t time_ms;                 /* since 1970, by the writer's clock */
    struct troth_record_value values[TROTH_RECORD_FIELDS_MAX];
    size_t value_count;
    struct troth_record_mark
        commitments[TROTH_RECORD_PRIVATE_MAX]; /* by name, ascending */
    size_t commitment_count;
    struct troth_record_mark tags[TROTH_RECORD_PRIVATE_MAX]; /* the same */
    size_t tag_count;
};

/*
 * troth_record_parse - read an entry, and refuse it in any other form than its own.
 *
 *   out     borrows `entry` and the arena; twice the entry's length suffices
 *   fault   field "record.…"
 *
 * Errors   the JSON reader's; TROTH_ERR_UNSUPPORTED: an unknown member or kind;
 *          TROTH_ERR_MISSING, TROTH_ERR_TYPE, TROTH_ERR_VALUE, TROTH_ERR_LIMIT;
 *          TROTH_ERR_ENCODING: the same record is written otherwise; TROTH_ERR_MEMORY
 */
TROTH_MUST_USE enum troth_err troth_record_parse(struct troth_record *out,
                                                 struct troth_fault *fault,
                                                 struct troth_span entry,
                                                 struct troth_arena *arena);

/* The entry of a record, without a newline. Errors as above; values in any order. */
TROTH_MUST_USE enum troth_err troth_record_write(uint8_t *out, size_t room,
                                                 size_t *out_len,
                                                 struct troth_fault *fault,
                                                 const struct troth_record *record);

/*
 * troth_record_commit - the commitment to a private value: SHA-256(LP(
 * "troth/record/commitment/v1") ‖ LP(origin) ‖ LP(id) ‖ LP(name) ‖ LP(salt) ‖ LP(value)).
 *
 *   origin   the log's, so that no commitment can be moved to another
 *   salt     random: without it a value of few possibilities could be guessed
 */
struct troth_record_secret {
    struct troth_span origin;
    uint8_t id[TROTH_RECORD_ID_SIZE];
    struct troth_span name;
    uint8_t salt[TROTH_RECORD_SALT_SIZE];
    struct troth_span value;
};
TROTH_MUST_USE enum troth_err
troth_record_commit(uint8_t out[static TROTH_RECORD_COMMITMENT_SIZE],
                    const struct troth_crypto *crypto,
                    const struct troth_record_secret *secret);

/* TROTH_ERR_MISSING: the record has no such commitment; TROTH_ERR_MISMATCH: to something
 * else. */
TROTH_MUST_USE enum troth_err
troth_record_check(const struct troth_record *record, const struct troth_crypto *crypto,
                   const struct troth_record_secret *secret);

/*
 * troth_record_tag - 16 bytes by which equal values are found without being read:
 * HMAC-SHA256(key, LP("troth/record/tag/v1") ‖ LP(origin) ‖ LP(name) ‖ LP(value)).
 *
 * It shows everybody which records of a log have equal values, and who has the key can
 * try values. So it is for what is looked for, and for nothing else.
 */
TROTH_MUST_USE enum troth_err troth_record_tag(uint8_t out[static TROTH_RECORD_TAG_SIZE],
                                               const struct troth_crypto *crypto,
                                               const uint8_t key[static 32],
                                               struct troth_span origin,
                                               struct troth_span name,
                                               struct troth_span value);

#endif

/* error.h - every way an operation can fail to give an answer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_ERROR_H
#define TROTH_ERROR_H

#include <stddef.h>

#if defined(__GNUC__)
#define TROTH_MUST_USE __attribute__((warn_unused_result))
#else
#define TROTH_MUST_USE
#endif

/*
 * An error says that the question could not be answered; a verdict
 * (troth/verdict.h) says what the answer is. No error ever means "yes" or "no".
 * Every function that returns one zeroes its outputs when it fails.
 */
/* clang-format off */
#define TROTH_ERRORS(X)                                                           \
    /* name          what the caller sees                                      */ \
    X(SHORT,         "input ends before the field")                               \
    X(TRAILING,      "bytes left over after the last field")                      \
    X(VALUE,         "field holds a value the format forbids")                    \
    X(TYPE,          "field is of another type than the format says")             \
    X(MISSING,       "required field is missing")                                 \
    X(DUPLICATE,     "field appears twice")                                       \
    X(ENCODING,      "value is not in its shortest, canonical encoding")          \
    X(TEXT,          "text is not valid UTF-8")                                   \
    X(DEPTH,         "nested deeper than the limit")                              \
    X(LIMIT,         "larger than the limit for this field")                      \
    X(UNSUPPORTED,   "well-formed, but a feature this format does not use")       \
    X(VERSION,       "format version not supported")                              \
    X(KIND,          "not a kind of evidence this build can read")                \
    X(ALGORITHM,     "algorithm not allowed here")                                \
    X(KEY,           "not a usable public key")                                   \
    X(SIGNATURE,     "signature does not verify")                                 \
    X(CRYPTO,        "the cryptographic library failed")                          \
    X(CLOCK,         "evidence of this kind carries no signed time")              \
    X(CLAIM,         "no such claim in this evidence")                            \
    X(MISMATCH,      "not what it has to be")                                     \
    X(MEMORY,        "out of memory")
/* clang-format on */

enum troth_err {
    TROTH_OK = 0,
#define X(name, text) TROTH_ERR_##name,
    TROTH_ERRORS(X)
#undef X
};

/* Where and why. Optional: pass NULL if the code alone is enough. */
struct troth_fault {
    enum troth_err err;
    const char *field; /* static dotted path, e.g. "snp.report.vmpl"; or NULL */
    size_t offset;     /* bytes from the start of the outermost input */
};

/* The one-line text for `err`. Never NULL, never freed. */
const char *troth_err_text(enum troth_err err);

/* The name for `err` as scripts see it, e.g. "SHORT". Never NULL, never freed. */
const char *troth_err_name(enum troth_err err);

#endif

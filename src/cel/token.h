/*
 * token.h - the words and signs that an expression is written in.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_TOKEN_H
#define TROTH_CEL_TOKEN_H

#include <stdbool.h>

#include "troth/span.h"

/* A sign comes before those that it begins with. */
/* clang-format off */
#define TROTH_CEL_SIGNS(X)                                                              \
    X(AND,           "&&")                                                              \
    X(OR,            "||")                                                              \
    X(EQUAL,         "==")                                                              \
    X(NOT_EQUAL,     "!=")                                                              \
    X(AT_MOST,       "<=")                                                              \
    X(AT_LEAST,      ">=")                                                              \
    X(LESS,          "<")                                                               \
    X(GREATER,       ">")                                                               \
    X(PLUS,          "+")                                                               \
    X(MINUS,         "-")                                                               \
    X(TIMES,         "*")                                                               \
    X(DIVIDE,        "/")                                                               \
    X(MODULO,        "%")                                                               \
    X(NOT,           "!")                                                               \
    X(QUESTION,      "?")                                                               \
    X(COLON,         ":")                                                               \
    X(COMMA,         ",")                                                               \
    X(DOT,           ".")                                                               \
    X(OPEN_PAREN,    "(")                                                               \
    X(CLOSE_PAREN,   ")")                                                               \
    X(OPEN_BRACKET,  "[")                                                               \
    X(CLOSE_BRACKET, "]")                                                               \
    X(OPEN_BRACE,    "{")                                                               \
    X(CLOSE_BRACE,   "}")
/* clang-format on */

enum troth_cel_token_kind {
    TROTH_CEL_TOKEN_END = 0,
    TROTH_CEL_TOKEN_WRONG, /* `wrong` says why */
    TROTH_CEL_TOKEN_NAME,
    TROTH_CEL_TOKEN_RESERVED,    /* a field's or method's name, but no other */
    TROTH_CEL_TOKEN_QUOTED_NAME, /* `a-b`, with its quotes: a field's name */
    TROTH_CEL_TOKEN_INT,         /* numbers have no sign */
    TROTH_CEL_TOKEN_UINT,
    TROTH_CEL_TOKEN_DOUBLE,
    TROTH_CEL_TOKEN_STRING, /* with its quotes and what comes before them */
    TROTH_CEL_TOKEN_BYTES,
    TROTH_CEL_TOKEN_TRUE,
    TROTH_CEL_TOKEN_FALSE,
    TROTH_CEL_TOKEN_NULL,
    TROTH_CEL_TOKEN_IN,
#define X(name, text) TROTH_CEL_TOKEN_##name,
    TROTH_CEL_SIGNS(X)
#undef X
        TROTH_CEL_TOKEN_KINDS
};

struct troth_cel_token {
    enum troth_cel_token_kind kind;
    uint32_t start, end; /* bytes of the source */
    const char *wrong;   /* one clause for people */
};

/*
 * troth_cel_token_at - the first token at or after a place in the source.
 *
 *   source  valid UTF-8, shorter than 4 GiB
 *
 * Spec     [CEL] langdef, Syntax
 */
struct troth_cel_token troth_cel_token_at(struct troth_span source, uint32_t at);

struct troth_span troth_cel_token_text(struct troth_span source,
                                       const struct troth_cel_token *token);

#endif

/*
 * number.h - numbers to text and back, exactly.
 *
 * No libm and no stdio: the same digits on every machine.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_NUMBER_H
#define TROTH_BASE_NUMBER_H

#include <stdbool.h>

#include "base/writer.h"

/* Digits alone, decimal or (base 16) hexadecimal of either case; TROTH_ERR_VALUE for
 * anything else, TROTH_ERR_LIMIT above 2^64 - 1. */
TROTH_MUST_USE enum troth_err troth_uint_parse(uint64_t *out, struct troth_span digits,
                                               unsigned base);

/*
 * troth_size_parse - a number of bytes: digits, and 'K', 'M', 'G' or 'T' behind them for
 * 2^10, 2^20, 2^30, 2^40 times as many.
 *
 * Errors   TROTH_ERR_VALUE: no size, or none at all; TROTH_ERR_LIMIT: above 2^63 - 1
 */
TROTH_MUST_USE enum troth_err troth_size_parse(uint64_t *out, struct troth_span text);

/* The same as troth_uint_parse() with an optional '-' (and '+' nowhere). */
TROTH_MUST_USE enum troth_err troth_int_parse(int64_t *out, struct troth_span text);
void troth_write_int(struct troth_writer *w, int64_t value);

/*
 * troth_double_parse - the double nearest to a decimal number, ties to even.
 *
 * Shape    [+-] digits [. digits] [e [+-] digits], also .5 and 5.; no white space. "inf",
 *          "infinity" and "nan", of either case and with a sign, are numbers too.
 * Errors   TROTH_ERR_VALUE: no number. Too large is infinity, too small zero.
 */
TROTH_MUST_USE enum troth_err troth_double_parse(double *out, struct troth_span text);

/* The fewest digits that read back as the same number, as JavaScript and CEL write them:
 * "0.1", "1e+21", "-0", "NaN", "Infinity" ([ECMA262] Number::toString). */
void troth_write_double(struct troth_writer *w, double value);

/* As printf("%.*f") and printf("%.*e"), correctly rounded; `precision` up to 1000. */
void troth_write_double_fixed(struct troth_writer *w, double value, unsigned precision);
void troth_write_double_scientific(struct troth_writer *w, double value,
                                   unsigned precision);

/* The parts of a double, and exact conversions: false where the value has a fraction that
 * is lost, is no number, or does not fit. Rounds towards zero in *out all the same where
 * it fits. */
bool troth_double_to_int(int64_t *out, double value);
bool troth_double_to_uint(uint64_t *out, double value);
bool troth_double_is_nan(double value);
bool troth_double_is_finite(double value);
/* Without libm. */
double troth_double_floor(double value);
double troth_double_ceil(double value);
double troth_double_trunc(double value);
double troth_double_round(double value); /* half away from zero */
double troth_double_sqrt(double value);  /* correctly rounded; NaN below zero */

#endif

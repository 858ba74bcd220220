/* strings.h - the functions of troth_cel_strings that have files of their own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_STRINGS_H
#define TROTH_CEL_STRINGS_H

#include "cel/library_types.h"
#include "cel/text.h"

/* strings_pieces.c: with and without a limit or a separator as the last argument. */
troth_cel_function troth_cel_join, troth_cel_join_with;
troth_cel_function troth_cel_split, troth_cel_split_at_most;
troth_cel_function troth_cel_replace, troth_cel_replace_at_most;

/*
 * "%s is %.2f".format([name, share]), in strings_format.c
 *
 * Shape    %% %s %d %b %o %x %X %f %e, the last two with a precision: %.3f; %s takes
 *          everything, keys of maps in the order of their texts
 */
troth_cel_function troth_cel_format;

/*
 * A value as %s shows it, in strings_value.c: [a, 1.5, null], {key: 2h}.
 *
 * Errors   TROTH_CEL_ERROR_ARGUMENT for what has no text; TROTH_CEL_ERROR_TEXT for bytes
 *          that are none
 */
enum troth_cel_error troth_cel_text_add_value(struct troth_cel_text *text,
                                              const struct troth_cel_value *value);

#endif

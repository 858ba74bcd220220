/* token.h - a result as a token that others can rely on. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_TOKEN_H
#define TROTH_CLI_TOKEN_H

#include "cli/order.h"

/*
 * troth_token_print - sign the result with the key of --ear and print it, one line.
 *
 * Shape    false, with a problem: no such key, or a result that no token can carry
 * Effects  reads the key into memory of its own and wipes it there (os/secret.h)
 */
bool troth_token_print(const struct troth_order *order, struct troth_problem *problem,
                       const struct troth_result *result,
                       const struct troth_crypto *crypto);

#endif

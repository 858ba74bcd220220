/* image_verbs.h - what `troth image` can do; each verb is a command. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_VERBS_H
#define TROTH_CLI_IMAGE_VERBS_H

#include "cli/commands.h"

/* Each returns the exit status. */
int troth_image_show_verb(const struct troth_command *command, const char *const *words);
int troth_image_diff_verb(const struct troth_command *command, const char *const *words);
int troth_image_extract_verb(const struct troth_command *command,
                             const char *const *words);
int troth_image_sign_verb(const struct troth_command *command, const char *const *words);

/* Their options; all end with a NULL name. */
extern const struct troth_option troth_image_show_options[];
extern const struct troth_option troth_image_diff_options[];
extern const struct troth_option troth_image_extract_options[];
extern const struct troth_option troth_image_sign_options[];

#endif

/* policy_page.h - what a policy says, for people and for programs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_POLICY_PAGE_H
#define TROTH_CLI_POLICY_PAGE_H

#include "cli/page.h"
#include "cli/policy_file.h"
#include "codec/json_writer.h"

/* One document, usable or not; `name` is the file's. */
void troth_policy_page_print(struct troth_page *page, const char *name,
                             const struct troth_policy_document *document);

/* The same as an object of docs/policy-check.schema.json. */
void troth_policy_page_write_json(struct troth_json_writer *w, const char *name,
                                  const struct troth_policy_document *document);

/* "sha-256:HEX", as tokens name a policy. */
#define TROTH_POLICY_ID_ROOM (8 + 2 * TROTH_POLICY_DIGEST_SIZE + 1)
void troth_policy_id(char out[static TROTH_POLICY_ID_ROOM],
                     const struct troth_policy *policy);

#endif

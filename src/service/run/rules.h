/* rules.h - what may stand for a value, in a run file or behind an option. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SERVICE_RUN_RULES_H
#define TROTH_SERVICE_RUN_RULES_H

#include <stdbool.h>

struct troth_run_rule {
    bool (*holds)(const char *text);
    const char *why;  /* a clause behind the value: "is no absolute path" */
    const char *hint; /* or NULL */
};

extern const struct troth_run_rule troth_run_rule_text;   /* anything but nothing */
extern const struct troth_run_rule troth_run_rule_listen; /* an address with a port */
/* 127.0.0.1 and a port, or an absolute path. */
extern const struct troth_run_rule troth_run_rule_upstream;
extern const struct troth_run_rule troth_run_rule_outside; /* a network's address */
extern const struct troth_run_rule troth_run_rule_ask;
extern const struct troth_run_rule troth_run_rule_path; /* absolute, nothing to resolve */
/* "api.example.com:443"; what a name is, troth-outbound says. */
extern const struct troth_run_rule troth_run_rule_name;
extern const struct troth_run_rule troth_run_rule_variable; /* a name of one */

#endif

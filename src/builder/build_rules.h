/* build_rules.h - what may stand for a value in a build file or a lock. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_BUILD_RULES_H
#define TROTH_BUILDER_BUILD_RULES_H

#include <stdbool.h>

struct troth_build_rule {
    bool (*holds)(const char *text);
    const char *why;  /* a clause behind the value: "is no path within the folder" */
    const char *hint; /* or NULL */
};

extern const struct troth_build_rule troth_build_rule_text; /* anything but nothing */
extern const struct troth_build_rule troth_build_rule_line; /* printable ASCII, short */
extern const struct troth_build_rule troth_build_rule_name; /* of an image */
/* What the kernel is told: one line of ASCII that fits. */
extern const struct troth_build_rule troth_build_rule_cmdline;
extern const struct troth_build_rule troth_build_rule_inside;   /* below the folder */
extern const struct troth_build_rule troth_build_rule_anywhere; /* a path of any kind */
extern const struct troth_build_rule troth_build_rule_place;    /* "/", "/usr/bin/x" */
extern const struct troth_build_rule troth_build_rule_module;
extern const struct troth_build_rule troth_build_rule_variable; /* a name of one */
extern const struct troth_build_rule troth_build_rule_monitor;  /* of SEV-SNP: its vmm */
/* A Debian package, "NAME" or "NAME=VERSION", and the parts of it. */
extern const struct troth_build_rule troth_build_rule_package;
bool troth_build_is_package_name(const char *text);
bool troth_build_is_package_version(const char *text);
bool troth_build_is_architecture(const char *text);

#endif

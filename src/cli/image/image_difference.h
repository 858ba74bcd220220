/* image_difference.h - what one image has and another has not: sections, files, what an
 * intruder would find. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_DIFFERENCE_H
#define TROTH_CLI_IMAGE_DIFFERENCE_H

#include "cli/image/image_members.h"
#include "cli/image/image_report.h"

#define TROTH_DIFFERENCE_NAMED 1000 /* files of one ramdisk; more are counted only */

enum troth_difference {
    TROTH_DIFFERENCE_SAME = 0,
    TROTH_DIFFERENCE_CHANGED,
    TROTH_DIFFERENCE_REMOVED, /* only in the first */
    TROTH_DIFFERENCE_ADDED,   /* only in the second */
    TROTH_DIFFERENCE_COUNT
};

/* "same", "changed", "removed", "added". */
const char *troth_difference_name(enum troth_difference difference);

/* NULL: it is not there. */
struct troth_member_difference {
    enum troth_difference difference;
    const struct troth_image_member *first, *second;
};

/* A section of either image. */
struct troth_section_difference {
    char label[TROTH_SECTION_LABEL_MAX];
    enum troth_eif_kind kind;
    enum troth_difference difference;
    const struct troth_eif_section *first, *second; /* NULL: it has none */
    /* Of ramdisks that differ. */
    struct troth_image_members members[2];
    uint64_t counts[TROTH_DIFFERENCE_COUNT];
    struct troth_member_difference *rows; /* the first that are not the same */
    size_t row_count;
};

/* Give it to troth_image_difference_release() in any case. */
struct troth_image_difference {
    struct troth_image_report first, second;
    struct troth_section_difference sections[2 * TROTH_EIF_SECTIONS_MAX];
    size_t count;
    bool registers_same[TROTH_PCR_COUNT];
    bool is_same; /* every register: whatever is measured */
};

/* False, with a problem: reading, no memory. The views have to stay. */
bool troth_image_difference_make(struct troth_image_difference *out,
                                 struct troth_problem *problem,
                                 struct troth_image_view *first,
                                 struct troth_image_view *second);
void troth_image_difference_release(struct troth_image_difference *difference);

#endif

/* image_view.h - an image that was named on a command line, read and measured. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_VIEW_H
#define TROTH_CLI_IMAGE_VIEW_H

#include "builder/image_file.h"
#include "cli/inputs.h"

#define TROTH_SECTION_LABEL_MAX 24

/* Zeroed, it may be closed. */
struct troth_image_view {
    const char *name; /* how messages call it */
    int file;
    bool is_open; /* and `file` is its own */
    struct troth_image_facts facts;
    struct troth_inputs inputs; /* owns what was read of it */
};

/* False, with a problem: no file, or no strict EIF. Its content is read at will, so it
 * cannot be a pipe. */
bool troth_image_view_open(struct troth_image_view *out, struct troth_problem *problem,
                           const struct troth_crypto *crypto, const char *path);
/* The same of what is open and stays the caller's. */
bool troth_image_view_over(struct troth_image_view *out, struct troth_problem *problem,
                           const struct troth_crypto *crypto, const char *name, int file);
void troth_image_view_close(struct troth_image_view *view);

/* All of one of the small sections: command line, metadata, signature. It lives as long
 * as the view. */
bool troth_image_view_text(struct troth_image_view *view, struct troth_problem *problem,
                           struct troth_span *out,
                           const struct troth_eif_section *section);

/* "kernel", "ramdisk 1". */
void troth_section_label(char out[static TROTH_SECTION_LABEL_MAX],
                         const struct troth_eif *eif, size_t index);

/* Would Linux see a plain archive in ramdisk `index` of all sections? It looks for one at
 * each fourth byte, counted from where the first began. */
bool troth_ramdisk_is_seen(const struct troth_eif *eif, size_t index);
#define TROTH_RAMDISK_UNSEEN "begins where Linux looks for no archive"

/* "pcr0", … "pcr8". */
const char *troth_pcr_label(enum troth_pcr pcr);

#endif

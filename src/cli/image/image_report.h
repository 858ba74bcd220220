/* image_report.h - all that `troth image show` tells of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_REPORT_H
#define TROTH_CLI_IMAGE_REPORT_H

#include "cli/image/image_view.h"
#include "image/eif_signature.h"
#include "image/surface.h"
#include "pki/cert.h"
#include "service/run/run_file.h"

#define TROTH_IMAGE_RUN_PATH "rootfs/etc/troth/run.yaml"

struct troth_ramdisk_report {
    uint64_t files, folders, links, others, bytes;
    char why[256]; /* why its contents are not known: "is compressed (gzip)"; or "" */
};

/* Borrows the view. About 100 KiB. */
struct troth_image_report {
    struct troth_image_view *view;
    struct troth_span cmdline, metadata; /* as they stand there */
    struct troth_ramdisk_report ramdisks[TROTH_EIF_SECTIONS_MAX];
    size_t ramdisk_count;
    struct troth_surface surface;
    struct troth_arena names; /* of the surface */
    bool is_whole;            /* the contents of all ramdisks are known */
    struct troth_eif_signature signature;
    struct troth_cert certificate;
    struct troth_span run_text; /* empty: there is no run file */
    struct troth_run_file run;  /* zeroed where it cannot be read */
    char run_why[256];          /* why it cannot; or "" */
};

bool troth_image_report_make(struct troth_image_report *out,
                             struct troth_problem *problem,
                             struct troth_image_view *view);

/* The part of it that is about what the ramdisks hold; the rest stays zeroed, but the run
 * file's text. It stays where it is. */
bool troth_image_report_contents(struct troth_image_report *out,
                                 struct troth_problem *problem,
                                 struct troth_image_view *view);

#endif

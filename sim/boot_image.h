/* boot_image.h - an image, measured and taken apart. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_BOOT_IMAGE_H
#define TROTH_SIM_BOOT_IMAGE_H

#include "builder/image_file.h"
#include "sim/bytes.h"

struct sim_boot_image {
    struct troth_image_facts facts;
    int file;
    const char *path;
    struct sim_bytes cmdline; /* text */
    char release[128];        /* of its kernel: "6.12.117+deb12-cloud-amd64"; or "" */
};

/* What is no image, or not for this machine, ends the program. */
struct sim_boot_image sim_boot_image_open(const char *path);

/*
 * sim_boot_image_copy - sections of a kind into a file without a name, behind `before`.
 *
 * Returns  its descriptor, which programs that are run from here inherit
 */
int sim_boot_image_copy(const struct sim_boot_image *image, enum troth_eif_kind kind,
                        struct troth_span before);

#endif

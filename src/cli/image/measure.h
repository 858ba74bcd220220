/* measure.h - what `troth measure` is asked, and what it finds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CLI_IMAGE_MEASURE_H
#define TROTH_CLI_IMAGE_MEASURE_H

#include "cli/problem.h"
#include "image/measurements.h"
#include "image/snp.h"
#include "image/tdx.h"
#include "troth/crypto.h"

enum troth_measure_format {
    TROTH_MEASURE_TEXT = 0,
    TROTH_MEASURE_JSON,
    TROTH_MEASURE_POLICY
};

struct troth_measure_kind;

/* Options that only some kinds know what to do with. */
/* clang-format off */
#define TROTH_MACHINE_OPTIONS(X) \
    X(VCPUS, "vcpus") X(VCPU, "vcpu") X(VMM, "vmm") X(FEATURES, "features")          \
    X(MEMORY, "memory") X(ORDER, "order") X(KERNEL_HEADER, "kernel-header")          \
    X(INITRD_OPTION, "initrd-option") X(KERNEL, "kernel") X(INITRD, "initrd")        \
    X(CMDLINE, "cmdline") X(EIF, "eif")
/* clang-format on */

enum troth_machine_option {
#define X(name, text) TROTH_MACHINE_##name,
    TROTH_MACHINE_OPTIONS(X)
#undef X
        TROTH_MACHINE_OPTION_COUNT
};

/* A machine that starts FILE as its firmware. */
struct troth_machine_order {
    unsigned given; /* of the options above, a bit each */
    uint32_t vcpus, signature;
    enum troth_snp_vmm vmm;
    uint64_t features;
    uint64_t memory;
    enum troth_tdx_order order;
    bool plain_kernel, initrd_first;
    const char *kernel, *initrd, *cmdline, *eif; /* NULL: not given */
};

#define TROTH_MEASURE_SETTINGS_MAX 16

/* --set CLAIM=HEX or, without a value, --any CLAIM. */
struct troth_measure_setting {
    char claim[40]; /* as it was given: "rtmr0", "tdx.rtmr0" */
    uint8_t value[48];
    size_t len;
};

/* A command line; borrows it. */
struct troth_measure_order {
    const struct troth_measure_kind *kind;
    const char *file;
    enum troth_measure_format format;
    const char *image; /* what a policy calls it; NULL: as the file is called */
    struct troth_machine_order machine;
    struct troth_measure_setting settings[TROTH_MEASURE_SETTINGS_MAX];
    size_t setting_count;
};

/* Something that a platform does not measure, and what follows from that. */
struct troth_not_measured {
    const char *name, *why;
};

struct troth_measure_finding {
    const char *title; /* what was measured, for people */
    struct troth_measurements measurements;
    const struct troth_not_measured *not_measured; /* ends with a NULL name */
    const char *uncovered; /* code that no measurement is of: "kernel"; NULL: all is */
    bool has_signature;    /* it is of a kind that may have one */
    bool is_signed, signature_good;
};

/* One way of measuring. */
struct troth_measure_kind {
    const char *name; /* of --kind, of the family of evidence */
    unsigned takes;   /* of enum troth_machine_option, a bit each */
    bool (*measure)(struct troth_measure_finding *out, struct troth_problem *problem,
                    const struct troth_crypto *crypto,
                    const struct troth_measure_order *order);
};

/* All of them, ending with a NULL name; the first is the one if none is named. */
const struct troth_measure_kind *troth_measure_kinds(void);

/* Does a setting mean this claim? By its whole name, or without its family's. */
bool troth_measure_means(const struct troth_measure_setting *setting, const char *claim);

/*
 * troth_measure_settle - give values to claims that no file says.
 *
 * Errors   false: a claim that is not of this kind, or that was computed
 */
bool troth_measure_settle(struct troth_measure_finding *finding,
                          struct troth_problem *problem,
                          const struct troth_measure_order *order);

/* measure_snp.c, measure_tdx.c: a machine with this firmware. */
bool troth_measure_snp(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order);
bool troth_measure_tdx(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order);

/* measure_eif.c: an image for AWS Nitro Enclaves. */
bool troth_measure_eif(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order);

#endif

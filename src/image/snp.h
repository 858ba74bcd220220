/*
 * snp.h - the launch digest of an AMD SEV-SNP machine: firmware, what it is told of the
 * kernel, and the state in which each processor starts.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_SNP_H
#define TROTH_IMAGE_SNP_H

#include <stdbool.h>

#include "image/measurements.h"
#include "image/ovmf.h"
#include "troth/crypto.h"

#define TROTH_SNP_CPUS_MAX 512

enum troth_snp_vmm { TROTH_SNP_QEMU = 0, TROTH_SNP_EC2, TROTH_SNP_GCE };

/* SHA-256 each; of the command line with its terminating zero. */
struct troth_kernel_hashes {
    uint8_t kernel[32], initrd[32], cmdline[32];
};

struct troth_snp_launch {
    const struct troth_ovmf *firmware;
    const struct troth_kernel_hashes *hashes; /* NULL: started without a kernel */
    uint32_t cpus;
    uint32_t cpu_signature; /* CPUID leaf 1's EAX */
    enum troth_snp_vmm vmm;
    uint64_t features; /* SEV features of the guest: bit 0 is SNP */
    /* The digest after the firmware's pages, if those are not given; NULL: they are. */
    const uint8_t *firmware_digest;
};

/* "EPYC-v4", "EPYC-Milan-v2", … to a signature; false if it is unknown. */
bool troth_snp_cpu_signature(uint32_t *out, struct troth_span name);
/* The names one by one; NULL behind the last. */
const char *troth_snp_cpu_name(size_t i);

/*
 * troth_snp_launch_digest - MEASUREMENT of the report of a machine started so.
 *
 * Errors   TROTH_ERR_MISSING: hashes are given and the firmware has no place for them, or
 *          several processors and it has no reset address; TROTH_ERR_LIMIT,
 * TROTH_ERR_VALUE (no processors), TROTH_ERR_CRYPTO Spec     [SNP-ABI] 8.17
 * (LAUNCH_UPDATE), [APM2] VMSA
 */
TROTH_MUST_USE enum troth_err
troth_snp_launch_digest(uint8_t out[static 48], struct troth_fault *fault,
                        const struct troth_crypto *crypto,
                        const struct troth_snp_launch *launch);

/* The same as rows, with what is not covered: firmware without a page for the hashes
 * leaves kernel, initrd and command line unmeasured. */
TROTH_MUST_USE enum troth_err troth_snp_measure(struct troth_measurements *out,
                                                struct troth_fault *fault,
                                                const struct troth_crypto *crypto,
                                                const struct troth_snp_launch *launch);

#endif

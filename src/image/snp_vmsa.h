/* snp_vmsa.h - the state in which a processor of an SEV-SNP machine starts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_SNP_VMSA_H
#define TROTH_IMAGE_SNP_VMSA_H

#include "image/snp.h"

/* Of a save area's page, what may be other than zero. */
#define TROTH_SNP_VMSA_SIZE 0x418

/* Where the first processor starts. */
#define TROTH_SNP_RESET_VECTOR UINT32_C(0xfffffff0)

/* The save area of a processor of this machine that starts at `start`. Spec [APM2] B-4 */
void troth_snp_vmsa(uint8_t out[static TROTH_SNP_VMSA_SIZE],
                    const struct troth_snp_launch *launch, uint32_t start);

#endif

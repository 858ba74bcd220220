/*
 * crc32_fold.h - the bulk of a CRC-32, where the processor multiplies without carries.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_OS_CRC32_FOLD_H
#define TROTH_OS_CRC32_FOLD_H

#include "troth/span.h"

#define TROTH_CRC32_FOLDED 16

/*
 * troth_crc32_fold - many bytes to sixteen of the same remainder.
 *
 *   out_rest  the CRC-32 of these, in a register that is zero before (that of a CRC that
 *             is 0xffffffff so far), is the CRC-32 of the bytes that were folded
 *   crc       of what was before them; 0 where nothing was
 *
 * Shape     how many bytes from the front were folded: the caller goes on behind them. 0:
 *           there are too few to be worth it, or the processor cannot
 */
size_t troth_crc32_fold(uint8_t out_rest[static TROTH_CRC32_FOLDED], uint32_t crc,
                        struct troth_span bytes);

#endif

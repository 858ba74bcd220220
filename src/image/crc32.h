/* crc32.h - CRC-32 as zlib, gzip and EIF have it (ISO-HDLC). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_IMAGE_CRC32_H
#define TROTH_IMAGE_CRC32_H

#include "troth/span.h"

/* Start from 0; the result of one piece is the start of the next. */
uint32_t troth_crc32(uint32_t crc, struct troth_span bytes);

#endif

/*
 * memory.h - the four functions the core may call in the world outside.
 *
 * Declared here rather than by <string.h>, so that the core also builds where there is
 * no C library (wasm32, riscv32im); tools/check-pure holds the core to this list.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BASE_MEMORY_H
#define TROTH_BASE_MEMORY_H

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);

#endif

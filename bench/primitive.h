/* primitive.h - bare signature verifications with keys ready: the arithmetic floor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BENCH_PRIMITIVE_H
#define TROTH_BENCH_PRIMITIVE_H

#include <stdbool.h>
#include <stddef.h>

/* States are shared by threads' worth of read-only keys; one for each thread is made. */
void *bench_p256_create(void);
bool bench_p256_run(void *state, size_t i);
void *bench_p384_openssl_create(void);
bool bench_p384_openssl_run(void *state, size_t i);
void *bench_p384_nettle_create(void);
bool bench_p384_nettle_run(void *state, size_t i);
void *bench_rsa4096_create(void);
bool bench_rsa4096_run(void *state, size_t i);

#endif

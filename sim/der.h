/*
 * der.h - write DER, and where genuine certificates do so, what is not quite DER.
 *
 * Shares nothing with src/codec: what reads these bytes must not have the same mistakes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_DER_H
#define TROTH_SIM_DER_H

#include "sim/bytes.h"

/* Tags by their X.680 names. */
#define SIM_DER_BOOLEAN          0x01
#define SIM_DER_INTEGER          0x02
#define SIM_DER_BIT_STRING       0x03
#define SIM_DER_OCTET_STRING     0x04
#define SIM_DER_NULL             0x05
#define SIM_DER_OID              0x06
#define SIM_DER_ENUMERATED       0x0a
#define SIM_DER_UTF8_STRING      0x0c
#define SIM_DER_PRINTABLE_STRING 0x13
#define SIM_DER_IA5_STRING       0x16
#define SIM_DER_UTC_TIME         0x17
#define SIM_DER_GENERALIZED_TIME 0x18
#define SIM_DER_SEQUENCE         0x30
#define SIM_DER_SET              0x31
#define SIM_DER_CONTEXT(number)  (0xa0 | (number))

/* Each appends one element. sim_der_wrap() takes its content and frees it. */
void sim_der_put(struct sim_bytes *out, uint8_t tag, struct troth_span content);
void sim_der_wrap(struct sim_bytes *out, uint8_t tag, struct sim_bytes content);

/* A non-negative integer from big-endian bytes, or from a number. */
void sim_der_integer(struct sim_bytes *out, struct troth_span big_endian);
void sim_der_number(struct sim_bytes *out, uint64_t number);

/* An object identifier from its dotted text. */
void sim_der_oid(struct sim_bytes *out, const char *dotted);

/* A bit string of whole bytes. */
void sim_der_bits(struct sim_bytes *out, struct troth_span content);

/* UTCTime before 2050, else GeneralizedTime ([RFC5280] 4.1.2.5). */
void sim_der_time(struct sim_bytes *out, int64_t time_s);

#endif

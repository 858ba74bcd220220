/* pem.h - DER in the text form that people pass around. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_PEM_H
#define TROTH_SIM_PEM_H

#include "sim/bytes.h"

/* `label` is "CERTIFICATE" or "X509 CRL"; the caller frees the text. */
struct sim_bytes sim_pem_mint(const char *label, struct troth_span der);

#endif

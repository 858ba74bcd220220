/* intel_pki.h - Intel's certificates and lists as they are; intel.h is the way in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_PKI_H
#define TROTH_SIM_INTEL_PKI_H

#include "sim/intel.h"

/*
 * sim_intel_pki_default - root, CAs, TCB signer, PCK certificate and both lists.
 *
 *   doc    zeros but for `ca`; its certs, root_crl and pck_crl are filled in
 *   label  of the platform: its key and its certificate's serial number
 */
void sim_intel_pki_default(struct sim_intel *doc, struct sim_keyring *ring,
                           const char *label, int64_t time_s);

#endif

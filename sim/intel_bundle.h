/* intel_bundle.h - the forms in which people pass Intel's collateral around. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_INTEL_BUNDLE_H
#define TROTH_SIM_INTEL_BUNDLE_H

#include "sim/intel.h"

/* The two chains that come with collateral, in PEM: TCB signer or the PCK's CA, then the
 * root. The caller frees all of these. */
struct sim_bytes sim_intel_signer_chain(const struct sim_intel *doc);
struct sim_bytes sim_intel_ca_chain(const struct sim_intel *doc);

/* All that a quote needs in one JSON object, by dcap-qvl's names; of quotes that embed no
 * chain the PCK's too. */
struct sim_bytes sim_intel_bundle(const struct sim_intel *doc);

enum sim_intel_answer { SIM_ANSWER_TCB_INFO, SIM_ANSWER_QE_IDENTITY, SIM_ANSWER_PCK_CRL };

/* What Intel's service answers, HTTP headers with the issuers' chain before it. */
struct sim_bytes sim_intel_answer(const struct sim_intel *doc,
                                  enum sim_intel_answer which);

#endif

/* roles.h - Intel's hierarchy: the names its certificates bear, what each place demands.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_ROLES_H
#define TROTH_EVIDENCE_DCAP_ROLES_H

#include "pki/chain.h"

/* Common names. */
#define TROTH_PCK_NAME              "Intel SGX PCK Certificate"
#define TROTH_PCK_PLATFORM_CA_NAME  "Intel SGX PCK Platform CA"
#define TROTH_PCK_PROCESSOR_CA_NAME "Intel SGX PCK Processor CA"
#define TROTH_TCB_SIGNER_NAME       "Intel SGX TCB Signing"

/* What each place demands. */
extern const struct troth_cert_role troth_dcap_platform_ca_role;
extern const struct troth_cert_role troth_dcap_processor_ca_role;
extern const struct troth_cert_role troth_dcap_pck_role;
extern const struct troth_cert_role troth_dcap_tcb_signer_role;

bool troth_cert_is_named(const struct troth_cert *cert, const char *common_name);

/* What people call the places and the statements. */
#define TROTH_DCAP_PCK_CA      "PCK CA certificate"
#define TROTH_DCAP_PCK         "PCK certificate"
#define TROTH_DCAP_TCB_SIGNER  "TCB signing certificate"
#define TROTH_DCAP_TCB_INFO    "TCB info"
#define TROTH_DCAP_QE_IDENTITY "QE identity"

#endif

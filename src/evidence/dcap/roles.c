/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/roles.h"

#include "base/span.h"

/* clang-format off */
/* spec: [PCK] 1.3 "PCK Certificate", [PCS] v4: what every certificate below the root has. */
static const uint8_t extensions[] = {
    TROTH_ARC_AUTHORITY_KEY_ID, TROTH_ARC_SUBJECT_KEY_ID, TROTH_ARC_CRL_DISTRIBUTION_POINTS,
    TROTH_ARC_KEY_USAGE, TROTH_ARC_BASIC_CONSTRAINTS, 0,
};

#define COMMON                                                                             \
    .signed_with = TROTH_ECDSA_P256_SHA256, .key = TROTH_KEY_P256,                         \
    .organization = "Intel Corporation", .may_be_revoked = true, .extensions = extensions
const struct troth_cert_role troth_dcap_platform_ca_role = {
    .name = TROTH_DCAP_PCK_CA, COMMON, .is_ca = true,
    .key_usage = TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN,
    .common_name = TROTH_PCK_PLATFORM_CA_NAME,
};
const struct troth_cert_role troth_dcap_processor_ca_role = {
    .name = TROTH_DCAP_PCK_CA, COMMON, .is_ca = true,
    .key_usage = TROTH_USE_CERT_SIGN | TROTH_USE_CRL_SIGN,
    .common_name = TROTH_PCK_PROCESSOR_CA_NAME,
};
const struct troth_cert_role troth_dcap_pck_role = {
    .name = TROTH_DCAP_PCK, COMMON, .key_usage = TROTH_USE_DIGITAL_SIGNATURE,
    .common_name = TROTH_PCK_NAME,
};
const struct troth_cert_role troth_dcap_tcb_signer_role = {
    .name = TROTH_DCAP_TCB_SIGNER, COMMON, .key_usage = TROTH_USE_DIGITAL_SIGNATURE,
    .common_name = TROTH_TCB_SIGNER_NAME,
};
/* clang-format on */

bool troth_cert_is_named(const struct troth_cert *cert, const char *common_name)
{
    return troth_span_is_text(cert->common_name, common_name);
}

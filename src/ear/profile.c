/* SPDX-License-Identifier: Apache-2.0 */
#include "ear/profile.h"

/* [EAR] draft-ietf-rats-ear-04, and the profile of 2023 that its readers still know. */
const struct troth_ear_names troth_ear_names[TROTH_EAR_PROFILES] = {
    [TROTH_EAR_DRAFT] =
        {
            .profile = "tag:ietf.org,2026:rats/ear#04",
            .status = "ear_status",
            .vector = "ear_trustworthiness_vector",
            .policy = "ear_appraisal_policy_ids",
            .verifier = "ear_verifier_id",
            .told = "ear_attester_claims",
            .concluded = "ear_verifier_claims",
            .policies_are_listed = true,
        },
    [TROTH_EAR_VERAISON] =
        {
            .profile = "tag:github.com,2023:veraison/ear",
            .status = "ear.status",
            .vector = "ear.trustworthiness-vector",
            .policy = "ear.appraisal-policy-id",
            .verifier = "ear.verifier-id",
            .told = "ear.veraison.annotated-evidence",
            .concluded = "ear.veraison.policy-claims",
        },
};

/* profile.h - how the claims of a result are spelled, by profile. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EAR_PROFILE_H
#define TROTH_EAR_PROFILE_H

#include "troth/ear.h"

#define TROTH_EAR_PROFILES 2

struct troth_ear_names {
    const char *profile; /* the value of "eat_profile" */
    const char *status, *vector, *policy, *verifier;
    const char *told;         /* an object with what the evidence says */
    const char *concluded;    /* an object with what we add */
    bool policies_are_listed; /* `policy` holds a list of identifiers, not one */
};

/* By enum troth_ear_profile. */
extern const struct troth_ear_names troth_ear_names[TROTH_EAR_PROFILES];

/* The "developer" of results that this program makes. */
#define TROTH_EAR_DEVELOPER "troth"

/* What stands before the digest, in hex, of a policy. */
#define TROTH_EAR_POLICY_PREFIX "sha-256:"

#endif

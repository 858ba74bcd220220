/* layout.h - the bits of an enclave's attributes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SGX_LAYOUT_H
#define TROTH_EVIDENCE_SGX_LAYOUT_H

/* clang-format off */
/* spec: [SDM] 38.7.1 "ATTRIBUTES": the flags. The default wants the first set and the
 * second clear; the others may be either. Bits without a row are findings:
 * sgx.attributes.bit<number>. */
#define TROTH_SGX_FLAGS(X)                                                               \
    /* bit name             what it says                                             */  \
    X(0,  init,             "the enclave was initialised, as all that run are")          \
    X(1,  debug,            "the host may debug the enclave")                            \
    X(2,  mode64bit,        "it runs in 64-bit mode")                                    \
    X(4,  provision_key,    "it may derive the key that identifies the platform")        \
    X(5,  einittoken_key,   "it may derive the key that launches enclaves")              \
    X(6,  cet,              "it uses control-flow enforcement")                          \
    X(7,  kss,              "it uses key separation and sharing")                        \
    X(10, aex_notify,       "it is told when it was interrupted")
/* clang-format on */

/* Features an enclave may have beyond those a trust domain may: MPX, which no later
 * processor has. */
#define TROTH_SGX_XFRM_MPX UINT64_C(0x18)

#endif

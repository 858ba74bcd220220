/* layout.h - names and limits of a Nitro attestation document. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_NITRO_LAYOUT_H
#define TROTH_EVIDENCE_NITRO_LAYOUT_H

/* spec: [NITRO] "COSE and CBOR"; sizes in bytes where nothing else is said. */
#define TROTH_NITRO_PAYLOAD_MAX 16384
#define TROTH_NITRO_PCRS        32
#define TROTH_NITRO_BUNDLE_MAX  8 /* genuine ones hold 4; the document sets no limit */
#define TROTH_NITRO_CERTIFICATE_MAX                                                      \
    2048 /* the document says 1024; genuine ones reach 800 */
#define TROTH_NITRO_OPTIONAL_MAX  1024 /* the CDDL; the prose says 512 for two of them */
#define TROTH_NITRO_MODULE_ID_MAX 256
#define TROTH_NITRO_DIGEST_SIZE   48 /* of each PCR, as "digest" is always SHA384 */

/* How far a document's signed time may be ahead of the verifier's clock. */
#define TROTH_NITRO_SKEW_S 60

/* The payload's keys, each with where it goes. */
/* clang-format off */
#define TROTH_NITRO_KEYS(X)             \
    /* id            key             */ \
    X(MODULE_ID,     "module_id")       \
    X(DIGEST,        "digest")          \
    X(TIMESTAMP,     "timestamp")       \
    X(PCRS,          "pcrs")            \
    X(NITROTPM_PCRS, "nitrotpm_pcrs")   \
    X(CERTIFICATE,   "certificate")     \
    X(CABUNDLE,      "cabundle")        \
    X(PUBLIC_KEY,    "public_key")      \
    X(USER_DATA,     "user_data")       \
    X(NONCE,         "nonce")

#define TROTH_NITRO_EACH_PCR(X)                                                  \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13)    \
    X(14) X(15) X(16) X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25)      \
    X(26) X(27) X(28) X(29) X(30) X(31)
/* clang-format on */

#endif

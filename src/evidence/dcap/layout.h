/* layout.h - what SGX and TDX quotes share: names, sizes, order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_LAYOUT_H
#define TROTH_EVIDENCE_DCAP_LAYOUT_H

/* clang-format off */
/* spec: [SGX-DCAP] "Quote Header", one row per field, in wire order; integers are
 * little-endian. The two at 8 and 10 are security versions in version 3 and reserved
 * later; neither is for policy: QE report and PCK certificate are authoritative. */
#define TROTH_QUOTE_HEADER(X)                                                            \
    X(version,                2)                                                         \
    X(attestation_key_type,   2)                                                         \
    X(tee_type,               4)                                                         \
    X(word_8,                 2)                                                         \
    X(word_10,                2)                                                         \
    X(qe_vendor_id,          16)                                                         \
    X(user_data,             20)

/* spec: [SDM] 38.15 "REPORT": the body of an SGX quote, and the QE's own report.
 *   UINT    an integer claim             BYTES  a claim of bytes
 *   ZERO    must be zero                 OTHER  read by name in the code */
#define TROTH_SGX_REPORT(X)                                                              \
    /* field               bytes  kind    what it is                                 */  \
    X(cpu_svn,               16,  BYTES,  "security version of processor and microcode") \
    X(misc_select,            4,  UINT,   "what the enclave reveals of itself on an exit") \
    X(reserved_20,           12,  ZERO,   "")                                            \
    X(isv_ext_prod_id,       16,  BYTES,  "extended product number its signer gave")     \
    X(attributes,            16,  BYTES,  "flags and extended features, 64 bits each")   \
    X(mr_enclave,            32,  BYTES,  "measurement of the enclave's code and data")  \
    X(reserved_96,           32,  ZERO,   "")                                            \
    X(mr_signer,             32,  BYTES,  "hash of the key that signed the enclave")     \
    X(reserved_160,          32,  ZERO,   "")                                            \
    X(config_id,             64,  BYTES,  "what the host put in at launch")              \
    X(isv_prod_id,            2,  UINT,   "product number its signer gave")              \
    X(isv_svn,                2,  UINT,   "security version its signer gave")            \
    X(config_svn,             2,  UINT,   "security version of what the host put in")    \
    X(reserved_262,          42,  ZERO,   "")                                            \
    X(isv_family_id,         16,  BYTES,  "product family its signer gave")              \
    X(report_data,           64,  BYTES,  "what the enclave chose to have signed")
/* clang-format on */

#define TROTH_QUOTE_HEADER_SIZE   48
#define TROTH_SGX_REPORT_SIZE     384
#define TROTH_TD10_REPORT_SIZE    584 /* these three: evidence/tdx/layout.h */
#define TROTH_TD15_REPORT_SIZE    648
#define TROTH_TD15_EX_REPORT_SIZE 885

#define TROTH_QUOTE_TEE_SGX 0U
#define TROTH_QUOTE_TEE_TDX 0x81U

/* Extended features of a processor (XCR0, IA32_XSS) as XFRM and XFAM have them: x87 and
 * SSE are always on; bits beyond the known ones are findings. */
#define TROTH_XFEATURES_FIXED UINT64_C(0x3)
#define TROTH_XFEATURES_KNOWN UINT64_C(0x6dbe7)

/* attestation_key_type; 3 (P-384) is reserved and refused. */
#define TROTH_QUOTE_KEY_P256 2

/* Certification data. 6 stands around the QE's report in versions 4 and 5. */
enum troth_certification_type {
    TROTH_CERTIFICATION_PPID = 1,
    TROTH_CERTIFICATION_PPID_RSA2048 = 2,
    TROTH_CERTIFICATION_PPID_RSA3072 = 3,
    TROTH_CERTIFICATION_PCK = 4,
    TROTH_CERTIFICATION_CHAIN = 5,
    TROTH_CERTIFICATION_QE_REPORT = 6,
    TROTH_CERTIFICATION_MANIFEST = 7
};

#endif

/* layout.h - the SNP attestation report: names, sizes, order, bits. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_SNP_LAYOUT_H
#define TROTH_EVIDENCE_SNP_LAYOUT_H

/* clang-format off */
/* spec: [SNP-ABI] table 23 "ATTESTATION_REPORT structure", one row per field, in wire
 * order. Integers are little-endian. `kind` says what becomes of the field:
 *   UINT    an integer claim             BYTES  a claim of bytes
 *   TCB     eight versions, split by product
 *   ZERO    must be zero                 OTHER  read by name in the code
 *   SINCE3, SINCE5   a field since that report version, and zero before */
#define TROTH_SNP_REPORT(X)                                                              \
    /* field               bytes  kind    what it is                                 */  \
    X(version,                4,  UINT,   "format of the report")                        \
    X(guest_svn,              4,  UINT,   "security version the guest's owner gave it")  \
    X(policy,                 8,  UINT,   "what the guest's owner demands of the platform") \
    X(family_id,             16,  BYTES,  "family the guest's owner gave it")            \
    X(image_id,              16,  BYTES,  "image the guest's owner gave it")             \
    X(vmpl,                   4,  UINT,   "privilege level that asked; 0 is the highest") \
    X(signature_algo,         4,  UINT,   "1: ECDSA P-384 with SHA-384")                 \
    X(current_tcb,            8,  TCB,    "firmware versions that run")                  \
    X(platform_info,          8,  UINT,   "state of the platform, one bit each")         \
    X(signer_info,            4,  UINT,   "which key signs, and how")                    \
    X(reserved_4c,            4,  ZERO,   "")                                            \
    X(report_data,           64,  BYTES,  "what the guest chose to have signed")         \
    X(measurement,           48,  BYTES,  "launch digest of the guest's memory")         \
    X(host_data,             32,  BYTES,  "what the host put in at launch")              \
    X(id_key_digest,         48,  BYTES,  "key that signed the guest's identity block")  \
    X(author_key_digest,     48,  BYTES,  "key that certified that key")                 \
    X(report_id,             32,  BYTES,  "this guest, this launch")                     \
    X(report_id_ma,          32,  BYTES,  "its migration agent; all ones: none")         \
    X(reported_tcb,           8,  TCB,    "firmware versions the signing key is made for") \
    X(cpuid_family,           1,  SINCE3, "processor family")                            \
    X(cpuid_model,            1,  SINCE3, "processor model")                             \
    X(cpuid_stepping,         1,  SINCE3, "processor stepping")                          \
    X(reserved_18b,          21,  ZERO,   "")                                            \
    X(chip_id,               64,  BYTES,  "the chip; zero if masked or signed by a VLEK") \
    X(committed_tcb,          8,  TCB,    "firmware versions that cannot be rolled back") \
    X(current_build,          1,  UINT,   "build of the firmware that runs")             \
    X(current_minor,          1,  UINT,   "ABI of the firmware that runs, minor")        \
    X(current_major,          1,  UINT,   "ABI of the firmware that runs, major")        \
    X(reserved_1eb,           1,  ZERO,   "")                                            \
    X(committed_build,        1,  UINT,   "build of the committed firmware")             \
    X(committed_minor,        1,  UINT,   "ABI of the committed firmware, minor")        \
    X(committed_major,        1,  UINT,   "ABI of the committed firmware, major")        \
    X(reserved_1ef,           1,  ZERO,   "")                                            \
    X(launch_tcb,             8,  TCB,    "firmware versions when the guest was launched") \
    X(launch_mit_vector,      8,  SINCE5, "mitigations active at launch, one bit each")  \
    X(current_mit_vector,     8,  SINCE5, "mitigations active now, one bit each")        \
    X(reserved_208,         152,  ZERO,   "")                                            \
    X(signature_r,           48,  OTHER,  "")                                            \
    X(reserved_r,            24,  ZERO,   "")                                            \
    X(signature_s,           48,  OTHER,  "")                                            \
    X(reserved_s,            24,  ZERO,   "")                                            \
    X(reserved_signature,   368,  ZERO,   "")

/* Guest policy bits from 16 on. `outcome`: KNOWN says nothing by itself; CHECKED has a
 * check of its own. Bits without a row are findings: snp.policy.bit<number>. */
#define TROTH_SNP_POLICY_BITS(X)                                                        \
    /* bit name                 what the guest's owner says                        */   \
    X(16, smt,                  "simultaneous multithreading is allowed")               \
    X(17, reserved_one,         "always set")                                           \
    X(18, migrate_ma,           "a migration agent may move the guest")                 \
    X(19, debug,                "the host may debug the guest")                         \
    X(20, single_socket,        "the guest runs on one socket only")                    \
    X(21, cxl_allow,            "CXL devices may be populated")                         \
    X(22, mem_aes_256_xts,      "memory must be encrypted with AES-256-XTS")            \
    X(23, rapl_dis,             "power metering must be off")                           \
    X(24, ciphertext_hiding,    "ciphertext must be hidden from the host")              \
    X(25, page_swap_disable,    "the host may not swap the guest's pages")

/* Platform bits, with what the default policy wants of each. Bit 6 has no published
 * meaning and is set on genuine Turin machines. Others are findings:
 * snp.platform.bit<number>. */
#define TROTH_SNP_PLATFORM_BITS(X)                                                      \
    /* bit name                 wanted  what the platform says                     */   \
    X(0, smt_en,                ANY,    "simultaneous multithreading is on")            \
    X(1, tsme_en,               ANY,    "all memory is encrypted")                      \
    X(2, ecc_en,                ANY,    "memory is error-correcting")                   \
    X(3, rapl_dis,              ANY,    "power metering is off")                        \
    X(4, ciphertext_hiding_en,  ANY,    "ciphertext is hidden from the host")           \
    X(5, alias_check_complete,  SET,    "memory was checked for aliases since boot (BadRAM)") \
    X(6, bit6,                  ANY,    "no published meaning")                         \
    X(7, tio_en,                ANY,    "trusted I/O is on")
/* clang-format on */

#define TROTH_SNP_REPORT_SIZE      1184
#define TROTH_SNP_SIGNED_SIZE      0x2a0 /* the signature covers what is before it */
#define TROTH_SNP_POLICY_FIRST_BIT 16
#define TROTH_SNP_TCB_SIZE         8

/* MSG_REPORT_RSP as /dev/sev-guest returns it: status, size, reserved, then the report.
 */
#define TROTH_SNP_RESPONSE_HEAD 32

/* signer_info */
#define TROTH_SNP_AUTHOR_KEY_EN            0x1U
#define TROTH_SNP_MASK_CHIP_KEY            0x2U
#define TROTH_SNP_SIGNING_KEY(signer_info) ((signer_info) >> 2 & 7U)
#define TROTH_SNP_SIGNER_RESERVED          0xffffffe0U
enum troth_snp_signing_key {
    TROTH_SNP_VCEK = 0,
    TROTH_SNP_VLEK = 1,
    TROTH_SNP_NO_KEY = 7
};

#define TROTH_SNP_VMPL_MAX 3 /* 0xffffffff: the host asked */

#endif

/* layout.h - a TD's report: names, sizes, order, bits. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_TDX_LAYOUT_H
#define TROTH_EVIDENCE_TDX_LAYOUT_H

/* clang-format off */
/* spec: [TDX-DCAP] A.3.2 "TD Quote Body", one row per field, in wire order. `kind` as in
 * evidence/dcap/layout.h. */
#define TROTH_TD10_REPORT(X)                                                             \
    /* field               bytes  kind    what it is                                 */  \
    X(tee_tcb_svn,           16,  BYTES,  "security versions of module and platform at launch") \
    X(mr_seam,               48,  BYTES,  "measurement of the TDX module")               \
    X(mr_signer_seam,        48,  BYTES,  "signer of the TDX module; zero for Intel's")  \
    X(seam_attributes,        8,  BYTES,  "attributes of the TDX module")                \
    X(td_attributes,          8,  BYTES,  "attributes of the trust domain, one bit each") \
    X(xfam,                   8,  BYTES,  "extended processor features it may use, one bit each") \
    X(mr_td,                 48,  BYTES,  "measurement of its initial contents: the firmware") \
    X(mr_config_id,          48,  BYTES,  "configuration its host gave, not its owner")  \
    X(mr_owner,              48,  BYTES,  "owner the host named")                        \
    X(mr_owner_config,       48,  BYTES,  "configuration its owner gave")                \
    X(rtmr0,                 48,  BYTES,  "measured by the firmware: its configuration") \
    X(rtmr1,                 48,  BYTES,  "measured by the firmware: boot loader and kernel") \
    X(rtmr2,                 48,  BYTES,  "measured by the boot loader or kernel: command line, initrd") \
    X(rtmr3,                 48,  BYTES,  "measured while it runs")                      \
    X(report_data,           64,  BYTES,  "what the trust domain chose to have signed")

#define TROTH_TD15_REPORT(X)                                                             \
    X(tee_tcb_svn2,          16,  BYTES,  "security versions of module and platform now") \
    X(mr_servicetd,          48,  BYTES,  "service trust domains bound to it; zero: none")

#define TROTH_TD15_EX_REPORT(X)                                                          \
    X(vm_id,                  1,  BYTES,  "which partition of the trust domain")         \
    X(td_id,                 32,  BYTES,  "the trust domain, for as long as it lives")   \
    X(device_info,           48,  BYTES,  "devices assigned to it")                      \
    X(init_servicetd_hash,   48,  BYTES,  "service trust domain when it was first launched") \
    X(init_servicetd_attributes, 8, BYTES, "that one's attributes")                      \
    X(init_cpu_svn,          16,  BYTES,  "processor's security version when it was first launched") \
    X(init_tee_tcb_svn,      16,  BYTES,  "security versions when it was first launched") \
    X(init_tee_fmspc,        12,  BYTES,  "kind of platform on which it was first launched") \
    X(current_servicetd_hash, 48, BYTES,  "service trust domain now")                    \
    X(current_servicetd_attributes, 8, BYTES, "that one's attributes")

/* TD attributes ([TDX-ABI] "ATTRIBUTES"), with what the default wants of each:
 *   ANY    says nothing by itself        SET, CLEAR  else a finding
 * Bits 0 to 7 (TUD) have the check debug; any of them set means the host can look inside.
 * Bits without a row are findings: tdx.td_attributes.bit<number>. */
#define TROTH_TD_ATTRIBUTES(X)                                                           \
    /* bit name             wanted  what it says                                     */  \
    X(0,  debug,            CLEAR,  "the host may debug the trust domain")               \
    X(4,  hgs_plus_prof,    CLEAR,  "the host may profile it (HGS+)")                    \
    X(5,  perf_prof,        CLEAR,  "the host may profile it (performance counters)")    \
    X(6,  pmt_prof,         CLEAR,  "the host may profile it (telemetry)")               \
    X(27, lass,             ANY,    "it may use linear address space separation")        \
    X(28, sept_ve_disable,  SET,    "pages taken away by the host stop it instead of being reported to it") \
    X(29, migratable,       CLEAR,  "it may be migrated to another machine")             \
    X(30, pks,              ANY,    "it may use supervisor protection keys")             \
    X(31, kl,               ANY,    "it may use Key Locker")                             \
    X(62, tpa,              CLEAR,  "it provisions devices for others (TDX Connect)")    \
    X(63, perfmon,          ANY,    "it may use performance monitoring")
/* clang-format on */

#endif

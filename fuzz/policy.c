/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a policy: what is taken has a canonical form that means the same; what is
 * refused is refused with a reason and a place.
 *
 * An input is a document, or changes to one that is whole: a first byte of 0xff, then
 * again and again an offset in two bytes, how many bytes go, how many come, and those.
 */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/span.h"
#include "test/support/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES = 0xff, DOCUMENT_MAX = 64 * 1024 };

#define HEX16 "00112233445566778899aabbccddeeff"
#define HEX48 HEX16 HEX16 HEX16
#define HEX64 HEX48 HEX16

static const char whole[] =
    "policy: payments-gateway\naccept: [nitro, sgx, snp, tdx]\nnonce: any\nmax_age: 5m\n"
    "allow: {snp: [debug], tdx: [tdx.td_attributes.bit29]}\nany: [snp.vmpl]\n"
    "expect: {snp.guest_svn: 7, tcb.date: 2026-01-01T00:00:00Z, debug: false}\n"
    "intel: {tcb: [UpToDate, OutOfDate], advisories: [INTEL-SA-00615], min_evaluation: "
    "18}\n"
    "amd:\n  min_tcb: {Genoa: {snp: 23}}\n  distrust: [Milan]\n  platform: {smt_en: "
    "false}\n"
    "images:\n  release-7:\n"
    "    nitro: {pcr0: " HEX48 ", pcr1: any, pcr2: any}\n"
    "    sgx: {mr_enclave: any, attributes: " HEX16 ", config_id: any}\n"
    "    snp: {measurement: " HEX48 "}\n"
    "    tdx: {mr_td: " HEX48 ", rtmr0: any, rtmr1: any, rtmr2: any, mr_config_id: any}\n"
    "machines: {nitro: any, sgx: any, snp: [" HEX64 "], tdx: [" HEX16 "]}\n"
    "rules:\n  - recent: kind != 'tdx' || tcb.date > now - duration('720h')\n"
    "  - low: |\n      kind != 'snp' ||\n      snp.vmpl < 2\n"
    "tests:\n  - {name: a, evidence: e, time: 2026-05-01T00:00:00Z, expect: refused, "
    "rule: low}\n";

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* At `at`, `gone` bytes go and `come` take their place; what does not fit is left out. */
static void change(uint8_t *text, size_t *len, size_t at, size_t gone,
                   struct troth_span come)
{
    at = at < *len ? at : *len;
    gone = gone < *len - at ? gone : *len - at;
    if (*len - gone + come.len > DOCUMENT_MAX)
        return;
    memmove(text + at + come.len, text + at + gone, *len - at - gone);
    if (come.len)
        memcpy(text + at, come.ptr, come.len);
    *len = *len - gone + come.len;
}

static struct troth_span changed(struct troth_span changes)
{
    static uint8_t text[DOCUMENT_MAX];
    struct troth_cursor c = troth_cursor_over(changes);
    size_t len = sizeof whole - 1;

    memcpy(text, whole, len);
    while (troth_cursor_left(&c) > 0) {
        const size_t at = troth_cursor_u16le(&c, NULL), gone = troth_cursor_u8(&c, NULL);
        const size_t come = troth_cursor_u8(&c, NULL);
        const struct troth_span bytes = troth_cursor_bytes(&c, come, NULL);

        if (c.fault.err)
            break;
        change(text, &len, at, gone, bytes);
    }
    return (struct troth_span){text, len};
}

static void check_canonical(const struct troth_policy *policy)
{
    const struct troth_span canonical = troth_policy_canonical(policy);
    const struct troth_policy *again;
    struct troth_policy_issue issue;

    require(test_policy_json(&again, &issue, canonical) == TROTH_OK);
    require(troth_span_equal(troth_policy_canonical(again), canonical));
    require(memcmp(troth_policy_digest(again), troth_policy_digest(policy),
                   TROTH_POLICY_DIGEST_SIZE) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct troth_span document = {data, size};
    const struct troth_policy *policy;
    struct troth_policy_issue issue;
    enum troth_err err;

    if (size > 0 && data[0] == CHANGES)
        document = changed((struct troth_span){data + 1, size - 1});
    err = test_policy_yaml(&policy, &issue, document);
    require((err == TROTH_OK) == (policy != NULL));
    require(err != TROTH_ERR_MEMORY && err != TROTH_ERR_CRYPTO);
    require(policy || size != 1 || data[0] != CHANGES); /* without any changes */
    if (policy)
        check_canonical(policy);
    else
        require(issue.text[0] != '\0' && issue.line >= 1 && issue.line <= size + 64);
    return 0;
}

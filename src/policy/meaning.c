/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/meaning.h"

#include "base/span.h"

/* clang-format off */
static const struct {
    const char *finding, *meaning;
} named[] = {
    {"debug", "the host can read the memory through debugging"},
    {"migrate_ma", "a migration agent may move the guest to another machine"},
    {"provisional", "the host can still roll the running firmware back"},
    {"masked_chip", "the host hides which chip reported"},
    {"trailing", "bytes that nothing signs follow the report"},
    {"alias_check", "the platform did not check its memory for aliases (BadRAM)"},
    {"service_td", "a service trust domain is bound to the trust domain"},
    {"SWHardeningNeeded", "the software has to be hardened against known attacks"},
    {"ConfigurationNeeded", "the platform has to be configured otherwise"},
    {"ConfigurationAndSWHardeningNeeded", "it has to be configured otherwise, and the software hardened"},
    {"OutOfDate", "the platform's firmware lacks security updates"},
    {"OutOfDateConfigurationNeeded", "the firmware lacks security updates, and has to be configured otherwise"},
    {"TDRelaunchAdvised", "the platform was updated since the trust domain was launched"},
    {"TDRelaunchAdvisedConfigurationNeeded", "it was updated since the launch, and has to be configured otherwise"},
};
/* Each bit of a word by its number. */
static const struct {
    const char *prefix, *meaning;
} numbered[] = {
    {"snp.policy.bit", "that bit of the guest policy is set and has no known meaning"},
    {"snp.platform.bit", "that bit of the platform's state is set and has no known meaning"},
    {"sgx.attributes.bit", "that bit of the enclave's attributes is set and has no known meaning"},
    {"sgx.xfrm.bit", "that bit of its extended features is set and has no known meaning"},
    {"tdx.td_attributes.bit", "that bit of the trust domain's attributes is not as it should be"},
    {"tdx.xfam.bit", "that bit of its extended features is set and has no known meaning"},
};
/* clang-format on */

const char *troth_finding_meaning(struct troth_span finding)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (troth_span_is_text(finding, named[i].finding))
            return named[i].meaning;
    for (size_t i = 0; i < sizeof numbered / sizeof numbered[0]; i++)
        if (troth_span_starts_with(finding, troth_span_of_text(numbered[i].prefix)))
            return numbered[i].meaning;
    return NULL;
}

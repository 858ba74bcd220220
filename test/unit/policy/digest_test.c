/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/support/policy.h"
#include "yaml/yaml.h"

#define HEX16  "00112233445566778899aabbccddeeff"
#define HEX32  HEX16 HEX16
#define HEX48  HEX32 HEX16
#define HEX64  HEX32 HEX32
#define OTHER  "f0112233445566778899aabbccddeeff"
#define ZERO16 "00000000000000000000000000000000"

/* Every key there is, and two kinds of values wherever there are two. */
/* clang-format off */
static const char full[] =
    "policy: payments-gateway\n"
    "accept: [nitro, sgx, snp, tdx]\n"
    "nonce: required\n"
    "max_age: 5m\n"
    "allow: {snp: [debug, snp.platform.bit8], tdx: [tdx.td_attributes.bit29]}\n"
    "any: [snp.vmpl]\n"
    "expect:\n"
    "  snp.guest_svn: 7\n"
    "  snp.policy: 9007199254740993\n"
    "  snp.host_data: " HEX32 "\n"
    "  snp.platform.ecc_en: true\n"
    "  tcb.date: 2026-01-01T00:00:00Z\n"
    "  dcap.current.status: UpToDate\n"
    "intel: {tcb: [UpToDate, SWHardeningNeeded, TDRelaunchAdvised], grace: 30d, advisories: [INTEL-SA-00615], min_evaluation: 18}\n"
    "amd:\n"
    "  min_tcb:\n"
    "    Genoa: {bootloader: 10, tee: 1, snp: 23, microcode: 84}\n"
    "    Turin: {fmc: 2}\n"
    "  distrust: [Milan]\n"
    "  platform: {smt_en: false}\n"
    "images:\n"
    "  release-7:\n"
    "    nitro: {pcr0: " HEX48 ", pcr1: any, pcr2: " HEX32 OTHER ", pcr8: " HEX48 "}\n"
    "    sgx: {mr_enclave: " HEX32 ", attributes: " HEX16 ", config_id: " HEX64 ", isv_svn: 3}\n"
    "    snp: {measurement: " HEX48 "}\n"
    "    tdx: {mr_td: " HEX48 ", rtmr0: any, rtmr1: any, rtmr2: any, mr_config_id: " ZERO16 ZERO16 ZERO16 "}\n"
    "  release-8:\n"
    "    snp: {measurement: any, snp.policy.debug: false}\n"
    "machines: {nitro: any, sgx: any, snp: [" HEX64 "], tdx: [" HEX16 ", " OTHER "]}\n"
    "rules:\n"
    "  - recent tcb: kind != 'tdx' || tcb.date > timestamp('2026-01-01T00:00:00Z')\n"
    "  - low vmpl: kind != 'snp' || snp.vmpl < 2\n"
    "tests:\n"
    "  - {name: a, evidence: e, time: 2026-05-01T00:00:00Z, expect: accepted}\n";

static const char canonical[] =
    "{\"accept\":[\"nitro\",\"sgx\",\"snp\",\"tdx\"],"
    "\"allow\":{\"snp\":[\"debug\",\"snp.platform.bit8\"],\"tdx\":[\"tdx.td_attributes.bit29\"]},"
    "\"amd\":{\"distrust\":[\"Milan\"],\"min_tcb\":{"
        "\"Genoa\":{\"bootloader\":10,\"fmc\":0,\"microcode\":84,\"snp\":23,\"tee\":1},"
        "\"Turin\":{\"bootloader\":0,\"fmc\":2,\"microcode\":0,\"snp\":0,\"tee\":0}}},"
    "\"any\":[\"snp.vmpl\"],"
    "\"expect\":{\"dcap.current.status\":\"UpToDate\",\"snp.guest_svn\":7,\"snp.host_data\":\"" HEX32 "\","
        "\"snp.platform.ecc_en\":true,\"snp.platform.smt_en\":false,\"snp.policy\":\"9007199254740993\","
        "\"tcb.date\":\"2026-01-01T00:00:00Z\"},"
    "\"images\":{\"release-7\":{"
        "\"nitro\":{\"nitro.pcr0\":\"" HEX48 "\",\"nitro.pcr1\":\"any\",\"nitro.pcr2\":\"" HEX32 OTHER "\",\"nitro.pcr8\":\"" HEX48 "\"},"
        "\"sgx\":{\"sgx.attributes\":\"" HEX16 "\",\"sgx.config_id\":\"" HEX64 "\",\"sgx.isv_svn\":3,\"sgx.mr_enclave\":\"" HEX32 "\"},"
        "\"snp\":{\"snp.measurement\":\"" HEX48 "\"},"
        "\"tdx\":{\"tdx.mr_config_id\":\"" ZERO16 ZERO16 ZERO16 "\",\"tdx.mr_td\":\"" HEX48 "\","
            "\"tdx.rtmr0\":\"any\",\"tdx.rtmr1\":\"any\",\"tdx.rtmr2\":\"any\"}},"
        "\"release-8\":{\"snp\":{\"snp.measurement\":\"any\",\"snp.policy.debug\":false}}},"
    "\"intel\":{\"advisories\":[\"INTEL-SA-00615\"],\"grace\":2592000,\"min_evaluation\":18,"
        "\"tcb\":[\"SWHardeningNeeded\",\"TDRelaunchAdvised\",\"UpToDate\"]},"
    "\"machines\":{\"nitro\":\"any\",\"sgx\":\"any\",\"snp\":[\"" HEX64 "\"],\"tdx\":[\"" HEX16 "\",\"" OTHER "\"]},"
    "\"max_age\":300,\"nonce\":\"required\",\"policy\":\"payments-gateway\","
    "\"rules\":[{\"recent tcb\":\"kind != 'tdx' || tcb.date > timestamp('2026-01-01T00:00:00Z')\"},"
        "{\"low vmpl\":\"kind != 'snp' || snp.vmpl < 2\"}],"
    "\"vocabulary\":1}";

/* Another way to write the same: in `full`, from → to. */
static const struct {
    const char *why, *from, *to;
} same[] = {
    {"a comment",                "nonce: required\n", "nonce: required # must\n"},
    {"quotes",                   "nonce: required\n", "nonce: \"required\"\n"},
    {"a default left out",       "nonce: required\n", ""},
    {"a default spelled out",    "tests:\n", "vocabulary: 1\ntests:\n"},
    {"kinds in another order",   "[nitro, sgx, snp, tdx]", "[tdx, snp, nitro, sgx]"},
    {"seconds",                  "max_age: 5m", "max_age: 300"},
    {"hours",                    "grace: 30d", "grace: 720h"},
    {"findings in another order", "[debug, snp.platform.bit8]", "[snp.platform.bit8, debug]"},
    {"a block of findings",      "{snp: [debug, snp.platform.bit8], tdx: [tdx.td_attributes.bit29]}",
                                 "\n  tdx:\n    - tdx.td_attributes.bit29\n  snp:\n    - debug\n    - snp.platform.bit8"},
    {"hex in capitals",          "mr_enclave: " HEX32, "mr_enclave: 00112233445566778899AABBCCDDEEFF00112233445566778899aaBBccDDeeFF"},
    {"an instant in another zone", "2026-01-01T00:00:00Z\n", "2026-01-01T01:00:00+01:00\n"},
    {"a claim's whole name",     "{mr_td:", "{tdx.mr_td:"},
    {"claims in another order",  "{measurement: any, snp.policy.debug: false}", "{snp.policy.debug: false, measurement: any}"},
    {"the rest of a claim's name", "snp.policy.debug: false", "policy.debug: false"},
    {"a zero minimum spelled out", "Turin: {fmc: 2}", "Turin: {fmc: 2, bootloader: 0, snp: 0, tee: 0, microcode: 0}"},
    {"statuses in another order", "[UpToDate, SWHardeningNeeded, TDRelaunchAdvised]", "[TDRelaunchAdvised, UpToDate, SWHardeningNeeded]"},
    {"machines in another order", "[" HEX16 ", " OTHER "]", "[" OTHER ", " HEX16 "]"},
    {"a rule in a block",        "low vmpl: kind != 'snp' || snp.vmpl < 2\n", "low vmpl: |\n      kind != 'snp' || snp.vmpl < 2\n"},
    {"a rule in quotes",         "low vmpl: kind != 'snp' || snp.vmpl < 2\n", "low vmpl: \"kind != 'snp' || snp.vmpl < 2\"\n"},
    {"another test",             "expect: accepted", "expect: refused"},
    {"a release's name in quotes", "release-8:", "'release-8':"},
};

/* Two ways to write one policy. */
static const struct {
    const char *why, *one, *other;
} pairs[] = {
    {"defaults spelled out",
     "policy: p\naccept: [snp, tdx]\nimages: any\n",
     "policy: p\naccept: [snp, tdx]\nimages: any\nnonce: required\nmax_age: any\nallow: none\nany: none\n"
     "expect: none\nmachines: {snp: any, tdx: any}\nrules: none\nvocabulary: 1\n"
     "intel: {tcb: [UpToDate], grace: 0, advisories: any, min_evaluation: 0}\n"
     "amd: {min_tcb: none, distrust: none, platform: none}\n"},
    {"any machine",
     "policy: p\naccept: [snp, tdx]\nimages: any\n",
     "policy: p\naccept: [snp, tdx]\nimages: any\nmachines: any\n"},
    {"findings of all kinds",
     "policy: p\naccept: [snp, tdx]\nimages: any\nallow: [debug]\n",
     "policy: p\naccept: [snp, tdx]\nimages: any\nallow: {snp: [debug], tdx: [debug]}\n"},
    {"the platform's bits are claims",
     "policy: p\naccept: [snp]\nimages: any\namd: {platform: {smt_en: false}}\n",
     "policy: p\naccept: [snp]\nimages: any\nexpect: {snp.platform.smt_en: false}\n"},
    {"a log's defaults spelled out",
     "policy: p\naccept: [snp]\nimages: any\nlog: {key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT}\n",
     "policy: p\naccept: [snp]\nimages: any\nlog:\n  origin: example.com/releases\n  needed: 0\n  max_age: any\n  key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT\n"},
    {"a release in quotes",
     "policy: p\naccept: [snp]\nimages: any\nlog: {key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT, release: any}\n",
     "policy: p\naccept: [snp]\nimages: any\nlog: {release: \"any\", key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT}\n"},
    {"witnesses in another order",
     "policy: p\naccept: [snp]\nimages: any\nlog: {key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT, needed: 1, max_age: 7d, witnesses: [witness.example/one+e6fb072b+BHaSw601QLuAPAILOu5mzYiHEjI06gxucUPArdc/9DHt, witness.example/two+e4a782dc+BD/EzP50WHDiwNmfcfMP8GVsje3UHMHX09N2sNvmheLz]}\n",
     "policy: p\naccept: [snp]\nimages: any\nlog: {key: example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT, witnesses: [witness.example/two+e4a782dc+BD/EzP50WHDiwNmfcfMP8GVsje3UHMHX09N2sNvmheLz, witness.example/one+e6fb072b+BHaSw601QLuAPAILOu5mzYiHEjI06gxucUPArdc/9DHt], max_age: 168h, needed: 1}\n"},
    {"YAML and JSON",
     "policy: p\naccept: [snp]\nimages: any\nrules:\n  - a b: |\n      snp.vmpl < 2 &&\n        !debug\n",
     "{\"rules\": [{\"a b\": \"snp.vmpl < 2 &&\\n  !debug\"}], \"images\": \"any\",\n \"accept\": [\"snp\"], \"policy\": \"p\"}"},
};

/* What means something else: no two of them have one digest. */
static const struct {
    const char *from, *to;
} different[] = {
    {"payments-gateway", "payments-gateways"},
    {"nonce: required", "nonce: any"},
    {"max_age: 5m", "max_age: 6m"},
    {"max_age: 5m", "max_age: any"},
    {"[debug, snp", "[migrate_ma, snp"},
    {"[debug, snp.platform.bit8]", "[debug, snp.platform.bit9]"},
    {"[debug, snp.platform.bit8]", "[debug]"},
    {"[tdx.td_attributes.bit29]", "[debug]"},
    {"any: [snp.vmpl]", "any: none"},
    {"guest_svn: 7", "guest_svn: 8"},
    {"snp.guest_svn: 7", "snp.version: 7"},
    {"9007199254740993", "9007199254740992"},
    {"host_data: 0", "host_data: 1"},
    {"ecc_en: true", "ecc_en: false"},
    {"tcb.date: 2026-01-01T00:00:00Z", "tcb.date: 2026-01-01T00:00:01Z"},
    {"dcap.current.status: UpToDate", "dcap.current.status: OutOfDate"},
    {"dcap.current.status: UpToDate", "dcap.platform.status: UpToDate"},
    {"SWHardeningNeeded", "ConfigurationNeeded"},
    {"UpToDate, SWHardeningNeeded, TDRelaunchAdvised", "UpToDate, SWHardeningNeeded"},
    {", TDRelaunchAdvised", ", TDRelaunchAdvisedConfigurationNeeded"},
    {"[UpToDate, SWHardeningNeeded, TDRelaunchAdvised]", "[UpToDate]"},
    {"grace: 30d", "grace: 31d"},
    {"INTEL-SA-00615", "INTEL-SA-00616"},
    {"[INTEL-SA-00615]", "any"},
    {"[INTEL-SA-00615]", "none"},
    {"min_evaluation: 18", "min_evaluation: 19"},
    {"bootloader: 10", "bootloader: 11"},
    {"tee: 1", "tee: 0"},
    {"snp: 23", "snp: 24"},
    {"microcode: 84", "microcode: 85"},
    {"fmc: 2", "fmc: 3"},
    {"distrust: [Milan]", "distrust: none"},
    {"    Turin: {fmc: 2}\n  distrust: [Milan]", "  distrust: [Turin]"},
    {"    Turin: {fmc: 2}\n", ""},
    {"smt_en: false", "smt_en: true"},
    {"smt_en: false", "tsme_en: false"},
    {"release-7", "release-6"},
    {"pcr0: 0", "pcr0: 1"},
    {"pcr1: any", "pcr1: " HEX48},
    {"pcr2: 0", "pcr2: 1"},
    {"pcr8: 0", "pcr8: 1"},
    {"pcr8: ", "pcr3: "},
    {", pcr8: " HEX48, ""},
    {"mr_enclave: 0", "mr_enclave: 1"},
    {"attributes: 0", "attributes: 1"},
    {"config_id: 0011", "config_id: 1011"},
    {"isv_svn: 3", "isv_svn: 4"},
    {"snp: {measurement: 0", "snp: {measurement: 1"},
    {"mr_td: 0", "mr_td: 1"},
    {"rtmr0: any", "rtmr0: " HEX48},
    {"rtmr1: any", "rtmr1: " HEX48},
    {"rtmr2: any", "rtmr2: " HEX48},
    {"mr_config_id: 0", "mr_config_id: 1"},
    {"measurement: any", "measurement: " HEX48},
    {"policy.debug: false", "policy.debug: true"},
    {"sgx: any, snp", "sgx: [" HEX16 "], snp"},
    {"snp: [0", "snp: [1"},
    {"tdx: [0", "tdx: [1"},
    {", " OTHER "]", "]"},
    {OTHER "]", "e0112233445566778899aabbccddeeff]"},
    {"recent tcb", "recent tcbs"},
    {"'2026-01-01T00:00:00Z'", "'2026-01-01T00:00:02Z'"},
    {"vmpl < 2", "vmpl < 3"},
    {"  - low vmpl: kind != 'snp' || snp.vmpl < 2\n", ""},
};
/* clang-format on */

/* `full` with its first `from` replaced. */
static struct troth_span replaced(const char *from, const char *to)
{
    static char text[2 * sizeof full];
    const char *at = strstr(full, from);

    if (!CHECK(at != NULL))
        return test_text(full);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - full), full, to,
                   at + strlen(from));
    return test_text(text);
}

static bool digest_of(uint8_t *out, struct troth_span yaml)
{
    const struct troth_policy *policy;
    struct troth_policy_issue issue;
    char why[512];

    if (test_policy_yaml(&policy, &issue, yaml) == TROTH_OK) {
        memcpy(out, troth_policy_digest(policy), TROTH_POLICY_DIGEST_SIZE);
        return true;
    }
    (void)snprintf(why, sizeof why, "%u:%u: %s: %s", (unsigned)issue.line,
                   (unsigned)issue.column, issue.path, issue.text);
    return FAIL(why);
}

static bool is_same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, TROTH_POLICY_DIGEST_SIZE) == 0;
}

static void test_same(void)
{
    uint8_t wanted[TROTH_POLICY_DIGEST_SIZE], seen[TROTH_POLICY_DIGEST_SIZE];

    if (!digest_of(wanted, test_text(full)))
        return;
    for (size_t i = 0; i < COUNT(same); i++) {
        test_case("the same: %s", same[i].why);
        if (digest_of(seen, replaced(same[i].from, same[i].to)))
            CHECK(is_same(seen, wanted));
    }
}

static void test_different(void)
{
    static uint8_t digests[COUNT(different) + 1][TROTH_POLICY_DIGEST_SIZE];

    if (!digest_of(digests[COUNT(different)], test_text(full)))
        return;
    for (size_t i = 0; i < COUNT(different); i++) {
        test_case("different: %s", different[i].to);
        if (!digest_of(digests[i], replaced(different[i].from, different[i].to)))
            continue;
        CHECK(!is_same(digests[i], digests[COUNT(different)]));
        for (size_t k = 0; k < i; k++)
            CHECK(!is_same(digests[i], digests[k]));
    }
}

static void test_pairs(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        uint8_t one[TROTH_POLICY_DIGEST_SIZE], other[TROTH_POLICY_DIGEST_SIZE];

        test_case("the same: %s", pairs[i].why);
        if (digest_of(one, test_text(pairs[i].one)) &&
            digest_of(other, test_text(pairs[i].other)))
            CHECK(is_same(one, other));
    }
}

static bool holds(struct troth_span text, const char *part)
{
    static char copy[4096];

    (void)snprintf(copy, sizeof copy, "%.*s", (int)text.len, (const char *)text.ptr);
    return strstr(copy, part) != NULL;
}

static void test_canonical(void)
{
    const struct troth_policy *policy = test_policy(full), *again;
    struct troth_policy_issue issue;

    test_case("the canonical form, byte for byte");
    if (!CHECK(policy != NULL))
        return;
    CHECK_SPAN(troth_policy_canonical(policy), test_text(canonical));

    test_case("the canonical form is a policy, and its own canonical form");
    CHECK_ERR(test_policy_json(&again, &issue, troth_policy_canonical(policy)), TROTH_OK);
    CHECK_TEXT(issue.text, "");
    if (!again)
        return;
    CHECK_SPAN(troth_policy_canonical(again), troth_policy_canonical(policy));
    CHECK(is_same(troth_policy_digest(again), troth_policy_digest(policy)));

    test_case("keys stand in the order of UTF-16");
    policy = test_policy("policy: p\naccept: [snp]\nimages:\n"
                         "  \uffe5: {snp: {measurement: any}}\n"
                         "  \U0001f600: {snp: {measurement: any}}\n"
                         "  \u00e9: {snp: {measurement: any}}\n"
                         "  z: {snp: {measurement: any}}\n");
    if (policy)
        CHECK(holds(troth_policy_canonical(policy),
                    "{\"z\":{\"snp\":{\"snp.measurement\":\"any\"}},"
                    "\"\u00e9\":{\"snp\":{\"snp.measurement\":\"any\"}},"
                    "\"\U0001f600\":{\"snp\":{\"snp.measurement\":\"any\"}},"
                    "\"\uffe5\":{\"snp\":{\"snp.measurement\":\"any\"}}}"));
}

static size_t offset_of(struct troth_place place)
{
    const char *line = full;

    for (uint32_t i = 1; i < place.line; i++)
        line = strchr(line, '\n') + 1;
    return (size_t)(line - full) + place.column - 1;
}

static bool is_changed(const struct troth_tree_node *leaf)
{
    const size_t start = offset_of(leaf->text_place), end = start + leaf->text.len;

    for (size_t i = 0; i < COUNT(different); i++) {
        const char *at = strstr(full, different[i].from);

        if (at && (size_t)(at - full) < end &&
            (size_t)(at - full) + strlen(different[i].from) > start)
            return true;
    }
    return false;
}

/* Which kinds are accepted cannot be changed without more changes, nor can what may only
 * be `any`; tests do not count. */
static bool is_fixed(const struct troth_tree_node *const *way, unsigned depth)
{
    return depth > 0 && (troth_span_is_text(way[1]->key, "tests") ||
                         troth_span_is_text(way[1]->key, "accept") ||
                         (depth > 1 && troth_span_is_text(way[1]->key, "machines") &&
                          troth_span_is_text(way[2]->key, "nitro")));
}

/* So that nobody adds a key above and forgets to change it. */
static void test_every_leaf(void)
{
    static uint8_t room[1 << 20];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    const struct troth_tree_node *way[TROTH_TREE_WAY];
    unsigned depth = 0;

    test_case("every value of the policy above is changed by one of the rows");
    CHECK_ERR(troth_tree_from_yaml(&way[0], NULL, test_text(full), &arena), TROTH_OK);
    do {
        const struct troth_tree_node *node = way[depth];

        if (node->kind == TROTH_TREE_TEXT && !is_fixed(way, depth) && !is_changed(node))
            FAIL((const char *)node->text.ptr);
    } while (troth_tree_next(way, &depth));
}

int main(void)
{
    test_same();
    test_pairs();
    test_different();
    test_every_leaf();
    test_canonical();
    return test_finish();
}

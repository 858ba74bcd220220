/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/services.h"

#include <string.h>

#include "test/harness.h"

static const struct troth_need needs[] = {
    {.kind = TROTH_NEED_TCB_INFO,
     .service = TROTH_SERVICE_INTEL_PCS,
     .path = "tdx/certification/v4/tcb?fmspc=00",
     .takes_update = true},
    {.kind = TROTH_NEED_QE_IDENTITY,
     .service = TROTH_SERVICE_INTEL_PCS,
     .path = "sgx/certification/v4/qe/identity",
     .takes_update = true},
    {.kind = TROTH_NEED_ROOT_CRL,
     .service = TROTH_SERVICE_INTEL_ROOT,
     .path = "root.der",
     .pccs_path = "sgx/certification/v4/rootcacrl"},
    {.kind = TROTH_NEED_VCEK,
     .service = TROTH_SERVICE_AMD_KDS,
     .path = "vcek/v1/Milan/00?blSPL=04"},
    {.kind = TROTH_NEED_VCEK,
     .service = TROTH_SERVICE_AMD_KDS,
     .path = "vcek/v1/Milan/00 "},
    {.kind = TROTH_NEED_VCEK, .service = TROTH_SERVICE_AMD_KDS},
};

static const struct {
    const char *why, *pccs, *kds;
    enum troth_update update;
    size_t need;
    const char *url; /* NULL: none */
} cases[] = {
    {"Intel's own service", NULL, NULL, TROTH_UPDATE_STANDARD, 0,
     "https://api.trustedservices.intel.com/tdx/certification/v4/tcb?fmspc=00"},
    {"the early answer", NULL, NULL, TROTH_UPDATE_EARLY, 0,
     "https://api.trustedservices.intel.com/tdx/certification/v4/"
     "tcb?fmspc=00&update=early"},
    {"the early answer to what has no query", NULL, NULL, TROTH_UPDATE_EARLY, 1,
     "https://api.trustedservices.intel.com/sgx/certification/v4/qe/"
     "identity?update=early"},
    {"what has no early answer", NULL, NULL, TROTH_UPDATE_EARLY, 2,
     "https://certificates.trustedservices.intel.com/root.der"},
    {"a PCCS", "https://p.example:8081/", NULL, TROTH_UPDATE_STANDARD, 0,
     "https://p.example:8081/tdx/certification/v4/tcb?fmspc=00"},
    {"a PCCS that answers another path", "https://p.example:8081", NULL,
     TROTH_UPDATE_STANDARD, 2, "https://p.example:8081/sgx/certification/v4/rootcacrl"},
    {"a PCCS as Intel's configuration spells it",
     "https://p.example/a/sgx/certification/v4/", NULL, TROTH_UPDATE_STANDARD, 1,
     "https://p.example/a/sgx/certification/v4/qe/identity"},
    {"a PCCS has nothing of AMD's", "https://p.example/", NULL, TROTH_UPDATE_STANDARD, 3,
     "https://kdsintf.amd.com/vcek/v1/Milan/00?blSPL=04"},
    {"a mirror of AMD's", NULL, "https://k.example/amd", TROTH_UPDATE_EARLY, 3,
     "https://k.example/amd/vcek/v1/Milan/00?blSPL=04"},
    {"a path that is none", NULL, NULL, TROTH_UPDATE_STANDARD, 4, NULL},
    {"no path", NULL, NULL, TROTH_UPDATE_STANDARD, 5, NULL},
};

static void test_urls(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_services services;
        char url[TROTH_URL_ROOM];

        test_case("%s", cases[i].why);
        troth_services_default(&services);
        if (cases[i].pccs)
            CHECK(!troth_services_use_pccs(&services, cases[i].pccs));
        if (cases[i].kds)
            CHECK(!troth_services_use_kds(&services, cases[i].kds));
        CHECK(troth_services_url(url, &services, &needs[cases[i].need],
                                 cases[i].update) == (cases[i].url != NULL));
        CHECK_TEXT(url, cases[i].url ? cases[i].url : "");
    }
}

int main(void)
{
    struct troth_services services;

    test_urls();

    test_case("addresses that are no services");
    CHECK(troth_services_use_pccs(&services, "http://p.example/"));
    CHECK(troth_services_use_pccs(&services, "https://p.example/?key=1"));
    CHECK(troth_services_use_kds(&services, "file:///x"));

    test_case("AMD's is asked once in ten seconds, wherever it is but on this machine");
    troth_services_default(&services);
    CHECK_INT(troth_services_interval_ms(&services, &needs[3]), 10000);
    CHECK_INT(troth_services_interval_ms(&services, &needs[0]), 0);
    CHECK(!troth_services_use_kds(&services, "https://k.example/"));
    CHECK_INT(troth_services_interval_ms(&services, &needs[3]), 10000);
    CHECK(!troth_services_use_kds(&services, "http://127.0.0.1:1/"));
    CHECK_INT(troth_services_interval_ms(&services, &needs[3]), 0);
    CHECK_TEXT(troth_update_name(TROTH_UPDATE_EARLY), "early");
    CHECK_TEXT(troth_update_name(TROTH_UPDATE_STANDARD), "standard");
    return test_finish();
}

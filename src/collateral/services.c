/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/services.h"

#include <stdio.h>
#include <string.h>

/* AMD publishes no number; those who ask more often are answered 429, and then shut out.
 */
enum { AMD_INTERVAL_MS = 10000 };

const char *troth_update_name(enum troth_update update)
{
    return update == TROTH_UPDATE_EARLY ? "early" : "standard";
}

void troth_services_default(struct troth_services *out)
{
    *out = (struct troth_services){
        .intel_pcs = "https://api.trustedservices.intel.com/",
        .intel_root = "https://certificates.trustedservices.intel.com/",
        .amd_kds = "https://kdsintf.amd.com/",
    };
}

/* With its slash at the end, and without what Intel's libraries add themselves. */
static const char *take(char out[static TROTH_URL_ROOM], const char *url)
{
    static const char *const endings[] = {"sgx/certification/v4/",
                                          "sgx/certification/v3/"};
    const char *refusal = troth_url_refusal(url);
    size_t len;

    if (refusal)
        return refusal;
    if (!troth_url_join(out, url, ""))
        return "an address of a service has no query";
    len = strlen(out);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t ending = strlen(endings[i]);

        if (len > ending && strcmp(out + len - ending, endings[i]) == 0) {
            out[len - ending] = '\0';
            break;
        }
    }
    return NULL;
}

const char *troth_services_use_pccs(struct troth_services *services, const char *url)
{
    const char *refusal = take(services->intel_pcs, url);

    if (refusal)
        return refusal;
    (void)snprintf(services->intel_root, sizeof services->intel_root, "%s",
                   services->intel_pcs);
    services->is_pccs = true;
    return NULL;
}

const char *troth_services_use_kds(struct troth_services *services, const char *url)
{
    return take(services->amd_kds, url);
}

static const char *address_of(const struct troth_services *services,
                              enum troth_service service)
{
    switch (service) {
    case TROTH_SERVICE_INTEL_PCS:
        return services->intel_pcs;
    case TROTH_SERVICE_INTEL_ROOT:
        return services->intel_root;
    case TROTH_SERVICE_AMD_KDS:
        return services->amd_kds;
    }
    return "";
}

bool troth_services_url(char out[static TROTH_URL_ROOM],
                        const struct troth_services *services,
                        const struct troth_need *need, enum troth_update update)
{
    bool is_intel = need->service != TROTH_SERVICE_AMD_KDS;
    bool is_pccs = services->is_pccs && is_intel && need->pccs_path;
    const char *path = is_pccs ? need->pccs_path : need->path;
    char whole[TROTH_URL_ROOM] = "";
    int written = -1;

    out[0] = '\0';
    if (path)
        written = snprintf(whole, sizeof whole, "%s%s%s", path,
                           strchr(path, '?') ? "&" : "?", "update=early");
    if (written < 0 || written >= (int)sizeof whole)
        return false;
    if (!need->takes_update || update != TROTH_UPDATE_EARLY)
        whole[strlen(path)] = '\0';
    return troth_url_join(out, address_of(services, need->service), whole);
}

int64_t troth_services_interval_ms(const struct troth_services *services,
                                   const struct troth_need *need)
{
    /* What may be asked without TLS is on this machine. */
    bool is_near = strncmp(services->amd_kds, "http:", 5) == 0;

    return need->service == TROTH_SERVICE_AMD_KDS && !is_near ? AMD_INTERVAL_MS : 0;
}

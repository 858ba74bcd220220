/* services.h - whom to ask for what, and by which address. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_SERVICES_H
#define TROTH_COLLATERAL_SERVICES_H

#include "net/url.h"
#include "troth/needs.h"

/*
 * Which of Intel's two answers: the standard one, or what already knows of a weakness
 * that platforms still have time to be mended against. Both are signed and valid.
 */
enum troth_update { TROTH_UPDATE_STANDARD = 0, TROTH_UPDATE_EARLY };
const char *troth_update_name(enum troth_update update); /* "standard", "early" */

/* Addresses, each ending in a slash. */
struct troth_services {
    char intel_pcs[TROTH_URL_ROOM], intel_root[TROTH_URL_ROOM], amd_kds[TROTH_URL_ROOM];
    bool is_pccs; /* the first two are one PCCS */
};

/* The vendors' own. */
void troth_services_default(struct troth_services *out);

/*
 * Ask a PCCS, or a mirror of AMD's service, instead. Returns why that cannot be, as a
 * clause, or NULL. An address that ends in "sgx/certification/v4/", as Intel's own
 * configuration files spell it, is taken without that ending.
 */
const char *troth_services_use_pccs(struct troth_services *services, const char *url);
const char *troth_services_use_kds(struct troth_services *services, const char *url);

/* The address that answers a need. False if there is none. */
bool troth_services_url(char out[static TROTH_URL_ROOM],
                        const struct troth_services *services,
                        const struct troth_need *need, enum troth_update update);

/*
 * How long the service that answers a need wants to be left alone between two requests;
 * 0: no time. AMD's shuts out who does not; a service on this machine takes any number.
 */
int64_t troth_services_interval_ms(const struct troth_services *services,
                                   const struct troth_need *need);

#endif

/* guest_serve.h - connections to a port of the simulated machine, a process each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_GUEST_SERVE_H
#define TROTH_SIM_GUEST_SERVE_H

/*
 * sim_guest_serve - listen at an address as service/address.h has them, say so, and hand
 * each connection to `meet`, which may block.
 */
_Noreturn void sim_guest_serve(int ready, const char *address, void (*meet)(int client));

#endif

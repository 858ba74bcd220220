/* qgs_server.h - the service that turns TDX reports into quotes, for this machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_QGS_SERVER_H
#define TROTH_SIM_QGS_SERVER_H

#include "sim/intel.h"

/*
 * sim_qgs_serve - listen at vsock port 4050 from now on, in a thread that ends with the
 * process; one connection at a time, one request each.
 *
 *   doc   the thread's own, as long as the process lives
 *
 * Errors   returns 0 or an errno
 */
int sim_qgs_serve(struct sim_intel *doc);

#endif

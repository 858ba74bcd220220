/* url.h - addresses: which of them may be asked, and what a request is made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_NET_URL_H
#define TROTH_NET_URL_H

#include <stdbool.h>
#include <stddef.h>

/* Room for any address that is asked, and for the host in it. */
#define TROTH_URL_ROOM  4096
#define TROTH_HOST_ROOM 264

/*
 * troth_url_refusal - why an address must not be asked, as a clause; NULL where it may.
 *
 * Shape    https, or http where the host is this machine's own (localhost, 127.0.0.0/8,
 *          ::1); no user, no password, no fragment
 */
const char *troth_url_refusal(const char *text);

/* The host, and ":PORT" where one is named: "kdsintf.amd.com". Empty, and false, where
 * there is none. */
bool troth_url_host(char out[static TROTH_HOST_ROOM], const char *text);

/* A service's address, one slash, and what is asked of it. False if it does not fit, if
 * the address has a query of its own, or if `path` holds anything but what stands in a
 * path and its query. */
bool troth_url_join(char out[static TROTH_URL_ROOM], const char *base, const char *path);

#endif

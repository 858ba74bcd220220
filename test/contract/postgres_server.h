/*
 * postgres_server.h - a PostgreSQL of this test's own: in a temporary folder, on a socket
 * that nobody else can reach, gone when the test is.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_POSTGRES_SERVER_H
#define TROTH_TEST_POSTGRES_SERVER_H

#include <stdbool.h>

/* Installed, initialised and started, once; NULL, or why there is none. */
const char *postgres_server_start(void);

/* For libpq; valid until the server has been stopped. */
const char *postgres_server_conninfo(void);

/* Dead at once, with all its processes; and up again. */
void postgres_server_kill(void);
bool postgres_server_restart(void);

/* As if the machine had stopped; and on again. */
void postgres_server_freeze(void);
void postgres_server_thaw(void);

/* Ask it something, as its owner; false if it does not like that. */
bool postgres_server_do(const char *statements);

/* Stopped, and its folder removed. */
void postgres_server_stop(void);

#endif

/*
 * cel_zone.h - what a host adds to CEL: calendar fields in zones by name.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_CEL_ZONE_H
#define TROTH_TEST_VECTORS_CEL_ZONE_H

#include "troth/cel_function.h"

/* getFullYear(timestamp, string) and its like, by the system's list of zones; a zone of
 * fixed offset is left to our own. Changes TZ: for one thread. */
extern const struct troth_cel_library cel_zones;

/* Does this system have the zones? */
bool cel_zones_are_there(void);

#endif

/* version.h - which troth this is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_VERSION_H
#define TROTH_VERSION_H

/* The version of the library in use, "0.1.0"; meson.build is where it is set. */
const char *troth_version(void);

#endif

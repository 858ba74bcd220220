/* places.h - where things are in an image, seen before the root file system is the
 * program's. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_INIT_PLACES_H
#define TROTH_INIT_PLACES_H

#define TROTH_INIT_ROOT     "/rootfs"  /* the application's ramdisk */
#define TROTH_INIT_MODULES  "/modules" /* the base's */
#define TROTH_INIT_PROGRAMS "/troth"   /* the base's; inside at the same path */

#endif

/* file_open.h - files and folders below an open folder, reached without following links.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_FILE_OPEN_H
#define TROTH_BUILDER_FILE_OPEN_H

/*
 * Both open for reading what lies at a plain path below `folder`; "" is the folder itself
 * anew. A link anywhere on the way is ELOOP or ENOTDIR, and so is another kind of thing.
 *
 * Errors   -1 with errno
 */
int troth_file_open_below(int folder, const char *path);
int troth_folder_open_below(int folder, const char *path);

#endif

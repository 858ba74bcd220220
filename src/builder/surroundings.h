/* surroundings.h - what this process was told by who started it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_BUILDER_SURROUNDINGS_H
#define TROTH_BUILDER_SURROUNDINGS_H

/* The variable's text, or NULL where there is none, or an empty one. Of the process; it
 * lives until somebody changes its environment. */
const char *troth_builder_variable(const char *name);

#endif

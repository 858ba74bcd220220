/*
 * type.h - compare types and fit them to one another.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_TYPE_H
#define TROTH_CEL_TYPE_H

#include "base/writer.h"
#include "troth/cel.h"

/* "map(string, list(dyn))". */
void troth_cel_write_type(struct troth_writer *w, const struct troth_cel_type *type);

/* The type that a name in CEL stands for ("int", "google.protobuf.Timestamp"), or NULL.
 */
const struct troth_cel_type *troth_cel_type_named(struct troth_span name);

#endif

/*
 * type.h - compare types, write them, and find them by name.
 *
 * Types are trees that may share branches; whatever is nested deeper than
 * TROTH_CEL_TYPE_DEPTH counts as dyn. A NULL type is dyn.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_TYPE_H
#define TROTH_CEL_TYPE_H

#include "base/writer.h"
#include "troth/cel.h"

/* Lists in lists: CEL demands 32 of any nesting, and this is half as much again. */
#define TROTH_CEL_TYPE_DEPTH 48

/* Nodes of a type that are looked at; a host's type that shares branches may have more,
 * and what comes after counts as dyn. */
#define TROTH_CEL_TYPE_NODES 256

enum troth_cel_kind troth_cel_type_kind(const struct troth_cel_type *type);

/* How many arguments: 1 for list and optional_type, 2 for map, as many as are there for
 * type and a host's own. */
unsigned troth_cel_type_arity(const struct troth_cel_type *type);

/* Argument number `n` of those; never NULL. */
const struct troth_cel_type *troth_cel_type_argument(const struct troth_cel_type *type,
                                                     unsigned n);

/* Are both the same constructor: list and list, a host's own of one name? */
bool troth_cel_type_is_alike(const struct troth_cel_type *a,
                             const struct troth_cel_type *b);

/* Alike, and so are all arguments. */
bool troth_cel_type_is_same(const struct troth_cel_type *a,
                            const struct troth_cel_type *b);

/* Is there a PARAMETER anywhere in it? */
bool troth_cel_type_has_parameter(const struct troth_cel_type *type);

/* "map(string, list(dyn))". */
void troth_cel_write_type(struct troth_writer *w, const struct troth_cel_type *type);

/* The type that a name in CEL stands for ("int", "google.protobuf.Timestamp"), or NULL.
 */
const struct troth_cel_type *troth_cel_type_named(struct troth_span name);

/* type(T), for a T that troth_cel_type_named() gives. */
const struct troth_cel_type *troth_cel_type_of_type(const struct troth_cel_type *type);

/* The name of a kind in CEL; "" where it has none. */
const char *troth_cel_kind_name(enum troth_cel_kind kind);

#endif

/* yaml_bundle.h - one genuine bundle of collateral that comes as YAML, as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_VECTORS_YAML_BUNDLE_H
#define TROTH_TEST_VECTORS_YAML_BUNDLE_H

#include "troth/span.h"

/* Members at the left margin whose values are literal blocks, folded blocks or
 * double-quoted text. The caller frees the result. */
struct troth_span yaml_bundle_to_json(struct troth_span yaml);

#endif

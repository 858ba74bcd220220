/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/row.h"

static const char *key_kind_text(enum troth_key_kind kind)
{
    switch (kind) {
    case TROTH_KEY_P256:
        return "P-256";
    case TROTH_KEY_P384:
        return "P-384";
    case TROTH_KEY_RSA:
        return "RSA";
    case TROTH_KEY_ED25519:
        return "Ed25519";
    case TROTH_KEY_NONE:
        break;
    }
    return NULL;
}

struct troth_value troth_row_key_kind(enum troth_key_kind kind)
{
    return troth_value_text(key_kind_text(kind));
}

struct troth_value troth_row_algorithm(enum troth_signature_algorithm algorithm)
{
    return troth_value_text(troth_signature_facts(algorithm).text);
}

void troth_row_fail(struct troth_check *row, const char *why, struct troth_value seen,
                    struct troth_value wanted)
{
    row->outcome = TROTH_FAILED;
    row->why = why;
    row->seen = seen;
    row->wanted = wanted;
}

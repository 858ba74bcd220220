/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/error.h"

const char *troth_err_text(enum troth_err err)
{
    switch (err) {
    case TROTH_OK:
        return "ok";
/* clang-format off */
#define X(name, text) case TROTH_ERR_##name: return text;
    TROTH_ERRORS(X)
#undef X
        /* clang-format on */
    }
    return "unknown error";
}

const char *troth_err_name(enum troth_err err)
{
    switch (err) {
    case TROTH_OK:
        return "OK";
/* clang-format off */
#define X(name, text) case TROTH_ERR_##name: return #name;
    TROTH_ERRORS(X)
#undef X
        /* clang-format on */
    }
    return "UNKNOWN";
}

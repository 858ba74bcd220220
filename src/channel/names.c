/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/channel.h"

const char *troth_role_name(enum troth_role role)
{
    switch (role) {
    case TROTH_CLIENT:
        return "client";
    case TROTH_SERVER:
        return "server";
    }
    return "unknown";
}

const char *troth_level_name(enum troth_level level)
{
    switch (level) {
    case TROTH_LEVEL_NONE:
        return "none";
    case TROTH_LEVEL_EPOCH:
        return "epoch";
    case TROTH_LEVEL_STRICT:
        return "strict";
    case TROTH_LEVEL_COUNT:
        break;
    }
    return "unknown";
}

const char *troth_whose_text(enum troth_whose whose)
{
    switch (whose) {
    case TROTH_WHOSE_ANYBODYS:
        return "some machine running this image";
    case TROTH_WHOSE_LISTED:
        return "a machine that the policy names";
    case TROTH_WHOSE_CERTIFIED:
        return "a machine of the name that a certificate authority vouches for";
    case TROTH_WHOSE_PINNED:
        return "a machine with the certificate that was named";
    }
    return "unknown";
}

const char *troth_channel_reason_name(enum troth_channel_reason reason)
{
    switch (reason) {
/* clang-format off */
#define X(id, code, name, text) case TROTH_REASON_##id: return name;
    TROTH_CHANNEL_REASONS(X)
#undef X
        /* clang-format on */
    }
    return "unknown";
}

const char *troth_channel_reason_text(enum troth_channel_reason reason)
{
    switch (reason) {
/* clang-format off */
#define X(id, code, name, text) case TROTH_REASON_##id: return text;
    TROTH_CHANNEL_REASONS(X)
#undef X
        /* clang-format on */
    }
    return "a reason that is not known here";
}

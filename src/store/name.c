/* SPDX-License-Identifier: Apache-2.0 */
#include "store/name.h"

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

bool troth_store_name_is_valid(const char *name)
{
    size_t len = 0, slashes = 0;
    bool at_start = true; /* of a part */

    for (; name[len]; len++) {
        bool is_slash = name[len] == '/';

        if (!is_slash && !is_plain(name[len]))
            return false;
        if (at_start && (is_slash || name[len] == '.'))
            return false;
        slashes += is_slash;
        at_start = is_slash;
        if (len + 1 == TROTH_STORE_NAME_ROOM || slashes > TROTH_STORE_DEPTH)
            return false;
    }
    return !at_start;
}

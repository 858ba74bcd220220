/* SPDX-License-Identifier: Apache-2.0 */
#include "record/measurements.h"

#include <stdbool.h>

#include "base/span.h"
#include "record/schema.h"

/* Moves behind `text`, if that comes next. */
static bool take(struct troth_span *rest, const char *text)
{
    const struct troth_span wanted = troth_span_of_text(text);

    if (!troth_span_starts_with(*rest, wanted))
        return false;
    *rest = troth_span_slice(*rest, wanted.len, rest->len);
    return true;
}

/* What stands between two quotes; whoever checks it admits no escapes. Without a second
 * quote all is taken, and the brackets that must follow are not there. */
static bool take_string(struct troth_span *rest, struct troth_span *out)
{
    if (!take(rest, "\""))
        return false;
    *out = troth_span_next_item(rest, '"');
    return true;
}

/* A name and a colon, and in order behind `before`, which it becomes. */
static enum troth_err take_name(struct troth_span *rest, struct troth_span *before)
{
    struct troth_span name;

    if (!take_string(rest, &name) || !troth_record_name_is_valid(name) ||
        !take(rest, ":"))
        return TROTH_ERR_VALUE;

    const int order = before->len ? troth_span_compare(*before, name) : -1;

    *before = name;
    if (order == 0)
        return TROTH_ERR_DUPLICATE;
    return order < 0 ? TROTH_OK : TROTH_ERR_ENCODING;
}

static enum troth_err take_value(struct troth_span *rest)
{
    struct troth_span value;

    if (!take_string(rest, &value) || value.len == 0 || !troth_record_is_lower_hex(value))
        return TROTH_ERR_VALUE;
    return TROTH_OK;
}

/* More than these, and the JSON reader, which counts open keys, would not read what was
 * written. */
static enum troth_err count(size_t *names)
{
    return ++*names > TROTH_RECORD_MEASURED_MAX ? TROTH_ERR_LIMIT : TROTH_OK;
}

static enum troth_err take_kind(struct troth_span *rest)
{
    struct troth_span before = {NULL, 0};
    size_t names = 0;
    enum troth_err err = TROTH_OK;

    if (!take(rest, "{"))
        return TROTH_ERR_VALUE;
    do {
        err = take_name(rest, &before);
        if (!err)
            err = count(&names);
        if (!err)
            err = take_value(rest);
    } while (!err && take(rest, ","));
    if (!err && !take(rest, "}"))
        err = TROTH_ERR_VALUE;
    return err;
}

enum troth_err troth_record_measurements_check(struct troth_span json)
{
    struct troth_span before = {NULL, 0};
    struct troth_span rest = json;
    size_t kinds = 0;
    enum troth_err err = TROTH_OK;

    if (!take(&rest, "{"))
        return TROTH_ERR_VALUE;
    do {
        err = take_name(&rest, &before);
        if (!err)
            err = count(&kinds);
        if (!err)
            err = take_kind(&rest);
    } while (!err && take(&rest, ","));
    if (err)
        return err;
    return take(&rest, "}") && rest.len == 0 ? TROTH_OK : TROTH_ERR_VALUE;
}

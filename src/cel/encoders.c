/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/library_types.h"

#include "base/base64.h"
#include "base/hex.h"
#include "cel/text.h"

static struct troth_cel_value failed(enum troth_cel_error code)
{
    return TROTH_CEL_ERROR_VALUE(code);
}

static struct troth_cel_value base64_encode(struct troth_cel_call *call,
                                            const struct troth_cel_value *arguments)
{
    const struct troth_span bytes = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (troth_cel_text_reserve(&made, (bytes.len / 3 + 1) * 4))
        troth_base64_write(&made.w, bytes, TROTH_BASE64);
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

/* With padding or, as the specification allows, without: then it is put there. */
static struct troth_cel_value base64_decode(struct troth_cel_call *call,
                                            const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);
    size_t len = 0;

    if (!troth_cel_text_reserve(&made, text.len + 3))
        return failed(TROTH_CEL_ERROR_RANGE);
    troth_write_bytes(&made.w, text);
    while (made.w.len % 4 && (text.len == 0 || text.ptr[text.len - 1] != '='))
        troth_write_u8(&made.w, '=');
    if (troth_base64_parse(made.w.base, made.w.size, &len, troth_writer_span(&made.w),
                           TROTH_BASE64))
        return failed(TROTH_CEL_ERROR_CONVERT);
    made.w.len = len;
    return troth_cel_text_finish(&made, TROTH_CEL_BYTES);
}

static struct troth_cel_value hex_encode(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    const struct troth_span bytes = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (troth_cel_text_reserve(&made, bytes.len * 2))
        troth_write_hex(&made.w, bytes);
    return troth_cel_text_finish(&made, TROTH_CEL_STRING);
}

static struct troth_cel_value hex_decode(struct troth_cel_call *call,
                                         const struct troth_cel_value *arguments)
{
    const struct troth_span text = arguments[0].as.text;
    struct troth_cel_text made = troth_cel_text_begin(call);

    if (!troth_cel_text_reserve(&made, text.len / 2))
        return failed(TROTH_CEL_ERROR_RANGE);
    if (troth_hex_parse(made.w.base, made.w.size, &made.w.len, text))
        return failed(TROTH_CEL_ERROR_CONVERT);
    return troth_cel_text_finish(&made, TROTH_CEL_BYTES);
}

#define STRING TROTH_CEL_OF(STRING)
#define BYTES  TROTH_CEL_OF(BYTES)

/* clang-format off */
static const struct troth_cel_overload overloads[] = {
    TROTH_CEL_FUNCTION("base64.encode", base64_encode, STRING, BYTES)
    TROTH_CEL_FUNCTION("base64.decode", base64_decode, BYTES,  STRING)
    TROTH_CEL_FUNCTION("hex.encode",    hex_encode,    STRING, BYTES)
    TROTH_CEL_FUNCTION("hex.decode",    hex_decode,    BYTES,  STRING)
};
/* clang-format on */

const struct troth_cel_library troth_cel_encoders = {
    .name = "encoders",
    .overloads = overloads,
    .overload_count = sizeof overloads / sizeof overloads[0],
};

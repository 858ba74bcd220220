/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a request to the agent: its head, however it is cut, and its body. */
#include "service/agent/body.h"
#include "service/http.h"

#include <stdlib.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct troth_member table[] = {
    {"nonce", TROTH_MEMBER_HEX, 64, false},
    {"message", TROTH_MEMBER_BASE64, (size_t)32 * 1024, false},
    {"name", TROTH_MEMBER_TEXT, 64, false},
    {"bytes", TROTH_MEMBER_UINT, 1024, false},
};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_value(const struct troth_member_value *value,
                        const struct troth_member *member, enum troth_err err)
{
    if (err)
        require(!value->is_given && value->bytes.len == 0 && value->number == 0);
    else if (member->type == TROTH_MEMBER_UINT)
        require(value->is_given == (value->number > 0) && value->number <= member->most);
    else
        require(value->bytes.len <= member->most);
}

/* What two readers could take for two things is refused: none of it gets this far. */
static void check_body(struct troth_span body)
{
    static uint8_t memory[2 * TROTH_HTTP_REQUEST_BODY_MAX + 1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_member_value values[TROTH_BODY_MEMBERS_MAX];
    struct troth_fault fault;
    const enum troth_err err = troth_body_read(
        values, &fault, table, sizeof table / sizeof *table, body, &arena);

    require(fault.err == err && err != TROTH_ERR_MEMORY);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        check_value(&values[i], &table[i], err);
}

/* A head that is whole is not whole one byte before its end, and what follows it does not
 * change it. */
static void check_cuts(struct troth_span bytes, const struct troth_http_request *whole)
{
    struct troth_http_request cut;
    const char *field;

    require(
        troth_http_parse(&cut, &field, troth_span_slice(bytes, 0, whole->head_len - 1)) ==
        TROTH_HTTP_NEED_MORE);
    require(troth_http_parse(&cut, &field, troth_span_slice(bytes, 0, whole->head_len)) ==
            TROTH_HTTP_OK);
    require(cut.head_len == whole->head_len && cut.body_len == whole->body_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct troth_span bytes = {data, size};
    struct troth_http_request request;
    const char *field;
    const enum troth_http_status status = troth_http_parse(&request, &field, bytes);

    require((status == TROTH_HTTP_OK || status == TROTH_HTTP_NEED_MORE) == !field);
    require((status == TROTH_HTTP_OK) == (request.head_len > 0));
    if (status == TROTH_HTTP_OK) {
        require(request.head_len <= size && request.head_len <= TROTH_HTTP_HEAD_MAX);
        require(request.body_len <= TROTH_HTTP_REQUEST_BODY_MAX);
        require(request.method.len > 0 && request.target.len > 0);
        check_cuts(bytes, &request);
        if (size - request.head_len >= request.body_len)
            check_body(troth_span_slice(bytes, request.head_len,
                                        request.head_len + request.body_len));
    }
    if (size <= TROTH_HTTP_REQUEST_BODY_MAX)
        check_body(bytes);
    return 0;
}

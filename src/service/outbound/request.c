/* SPDX-License-Identifier: Apache-2.0 */
#include "service/outbound/request.h"

#include "base/span.h"
#include "service/http.h"

static unsigned refuse(struct troth_connect *out, unsigned status, const char *why)
{
    out->why = why;
    return status;
}

static unsigned hold(struct troth_connect *out, const struct troth_allow *allow,
                     struct troth_span target)
{
    switch (troth_authority_parse(&out->name, &out->port, target)) {
    case TROTH_NAME_NONE:
        return refuse(out, 400, "CONNECT takes NAME:PORT");
    case TROTH_NAME_ADDRESS:
        return refuse(out, 403, "only names may be reached, no addresses");
    case TROTH_NAME_HOST:
        out->row = troth_allow_find(allow, &out->name, out->port);
        return out->row ? 200 : refuse(out, 403, "not among what may be reached");
    }
    return refuse(out, 400, "CONNECT takes NAME:PORT");
}

unsigned troth_connect_parse(struct troth_connect *out, const struct troth_allow *allow,
                             struct troth_span bytes)
{
    struct troth_http_request request;
    const char *field;
    unsigned status = troth_http_parse(&request, &field, bytes);

    *out = (struct troth_connect){.port = 0};
    if (status == TROTH_HTTP_NEED_MORE)
        return 0;
    if (status != TROTH_HTTP_OK)
        return refuse(out, status, "no request that can be read in one way only");
    if (!troth_span_is_text(request.method, "CONNECT"))
        return refuse(out, 405, "only CONNECT is served");
    if (request.body_len > 0 || request.wants_continue)
        return refuse(out, 400, "CONNECT has no body");
    status = hold(out, allow, request.target);
    if (status == 200)
        out->head_len = request.head_len;
    return status;
}

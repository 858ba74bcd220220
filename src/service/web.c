/* SPDX-License-Identifier: Apache-2.0 */
#include "service/web.h"

#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/address.h"
#include "service/web_call.h"

static bool is_full(const struct troth_web *web)
{
    return web->count >= web->options.connections_max;
}

static void on_accept(struct evconnlistener *listener, int descriptor,
                      struct sockaddr *address, int address_len, void *given)
{
    struct troth_web *web = given;

    (void)address;
    (void)address_len;
    if (is_full(web) || !troth_address_settle(descriptor))
        (void)close(descriptor);
    else
        (void)troth_web_call_start(web, descriptor);
    /* Who comes now waits in the system's queue and costs nothing here. */
    if (is_full(web))
        (void)evconnlistener_disable(listener);
}

/* Out of descriptors, most likely: some time later there may be one. */
static void on_trouble(struct evconnlistener *listener, void *given)
{
    const struct timeval second = {1, 0};
    struct troth_web *web = given;

    (void)evconnlistener_disable(listener);
    (void)event_add(web->rest, &second);
}

static void on_rested(int unused, short what, void *given)
{
    struct troth_web *web = given;

    (void)unused;
    (void)what;
    if (!is_full(web))
        (void)evconnlistener_enable(web->listener);
}

void troth_web_left(struct troth_web *web)
{
    if (web->listener && !event_pending(web->rest, EV_TIMEOUT, NULL))
        (void)evconnlistener_enable(web->listener);
}

enum troth_err troth_web_open(struct troth_web **out,
                              const struct troth_web_options *options)
{
    struct troth_web *web = calloc(1, sizeof *web);

    *out = NULL;
    if (!web)
        return TROTH_ERR_MEMORY;
    web->options = *options;
    web->request_ms = TROTH_WEB_REQUEST_S * 1000L;
    web->answer_ms = TROTH_WEB_ANSWER_S * 1000L;
    web->linger_ms = TROTH_WEB_LINGER_S * 1000L;
    web->rest = event_new(options->base, -1, 0, on_rested, web);
    if (web->rest)
        web->listener = evconnlistener_new(options->base, on_accept, web,
                                           LEV_OPT_CLOSE_ON_EXEC, 0, options->descriptor);
    if (!web->listener) {
        troth_web_close(web);
        return TROTH_ERR_MEMORY;
    }
    evconnlistener_set_error_cb(web->listener, on_trouble);
    *out = web;
    return TROTH_OK;
}

void troth_web_close(struct troth_web *web)
{
    if (!web)
        return;
    if (web->listener)
        evconnlistener_free(web->listener);
    web->listener = NULL;
    while (web->calls)
        troth_web_call_free(web->calls);
    if (web->rest)
        event_free(web->rest);
    free(web);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "service/agent/reply.h"

#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/span.h"
#include "os/cause.h"

static const struct {
    const char *name;
    unsigned status;
    const char *text;
} errors[] = {
#define X(name, status, text) {#name, status, text},
    TROTH_AGENT_ERRORS(X)
#undef X
};

enum { ERROR_COUNT = sizeof errors / sizeof *errors };

void troth_reply_begin(struct troth_reply *reply, struct troth_agent *agent)
{
    reply->agent = agent;
    reply->bytes = troth_writer_over(agent->page, TROTH_AGENT_PAGE_MAX);
    reply->json = troth_json_writer_over(&reply->bytes, false);
    troth_json_begin_object(&reply->json);
}

static void send_page(struct troth_reply *reply, struct troth_caller *caller,
                      unsigned status, const char *allow)
{
    struct troth_json_page page = {.status = status, .allow = allow};

    troth_json_end_object(&reply->json);
    troth_write_u8(&reply->bytes, '\n');
    if (troth_writer_finish(&reply->bytes, &page.body))
        page = (struct troth_json_page){.status = 500, .body = TROTH_LITERAL("{}\n")};
    troth_caller_answer(caller, &page);
}

void troth_reply_send(struct troth_reply *reply, struct troth_caller *caller)
{
    send_page(reply, caller, 200, NULL);
}

void troth_reply_base64(struct troth_reply *reply, const char *key,
                        struct troth_span bytes)
{
    /* Written as a string of its own: base64 needs no escapes. */
    troth_json_write_key(&reply->json, key);
    troth_json_write_string(&reply->json, (struct troth_span){NULL, 0});
    if (!reply->bytes.full)
        reply->bytes.len--; /* the closing quote */
    troth_base64_write(&reply->bytes, bytes, TROTH_BASE64);
    troth_write_u8(&reply->bytes, '"');
}

void troth_reply_key(struct troth_reply *reply)
{
    const struct troth_agent *agent = reply->agent;

    troth_json_write_key(&reply->json, "key");
    troth_json_begin_object(&reply->json);
    troth_json_write_key(&reply->json, "algorithm");
    troth_json_write_text(&reply->json, "ES256");
    troth_reply_base64(reply, "spki",
                       (struct troth_span){agent->spki, sizeof agent->spki});
    troth_json_end_object(&reply->json);
}

/* "write inblob: Device or resource busy (/dev/x; InvalidIndex)" */
static void write_fault(struct troth_writer *w, const struct troth_attester_fault *fault)
{
    char cause[TROTH_CAUSE_MAX];

    troth_cause_text(cause, fault->error);
    troth_write_text(w, fault->step ? fault->step : "ask the device");
    troth_write_text(w, ": ");
    troth_write_text(w, cause);
    if (fault->said[0]) {
        troth_write_text(w, ", ");
        troth_write_text(w, fault->said);
    }
    if (fault->path[0]) {
        troth_write_text(w, " (");
        troth_write_text(w, fault->path);
        troth_write_text(w, ")");
    }
}

void troth_reply_fault(struct troth_reply *reply, const char *key,
                       const struct troth_attester_fault *fault)
{
    uint8_t text[512];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_json_write_key(&reply->json, key);
    if (fault->error == 0) {
        troth_json_write_null(&reply->json);
        return;
    }
    write_fault(&w, fault);
    troth_json_write_string(&reply->json, troth_writer_span(&w));
}

/* One error as a whole page. */
struct complaint {
    unsigned status;
    const char *code, *field, *text, *allow;
};

static void complain(struct troth_agent *agent, struct troth_caller *caller,
                     const struct complaint *complaint)
{
    struct troth_reply reply;

    troth_reply_begin(&reply, agent);
    troth_json_write_key(&reply.json, "error");
    troth_json_begin_object(&reply.json);
    troth_json_write_key(&reply.json, "code");
    troth_json_write_text(&reply.json, complaint->code);
    troth_json_write_key(&reply.json, "field");
    if (complaint->field)
        troth_json_write_text(&reply.json, complaint->field);
    else
        troth_json_write_null(&reply.json);
    troth_json_write_key(&reply.json, "text");
    troth_json_write_text(&reply.json, complaint->text);
    troth_json_end_object(&reply.json);
    send_page(&reply, caller, complaint->status, complaint->allow);
}

void troth_reply_error(struct troth_agent *agent, struct troth_caller *caller,
                       enum troth_agent_error error, const char *field)
{
    const struct complaint complaint = {.status = errors[error].status,
                                        .code = errors[error].name,
                                        .field = field,
                                        .text = errors[error].text};

    complain(agent, caller, &complaint);
}

void troth_reply_body_fault(struct troth_agent *agent, struct troth_caller *caller,
                            const struct troth_fault *fault)
{
    const struct complaint complaint = {.status = 400,
                                        .code = troth_err_name(fault->err),
                                        .field = fault->field,
                                        .text = fault->err == TROTH_ERR_UNSUPPORTED
                                                    ? "there is no such member here"
                                                    : troth_err_text(fault->err)};

    complain(agent, caller, &complaint);
}

void troth_reply_method(struct troth_agent *agent, struct troth_caller *caller,
                        const char *allowed)
{
    const struct complaint complaint = {.status = errors[TROTH_AGENT_METHOD].status,
                                        .code = errors[TROTH_AGENT_METHOD].name,
                                        .field = "method",
                                        .text = errors[TROTH_AGENT_METHOD].text,
                                        .allow = allowed};

    complain(agent, caller, &complaint);
}

void troth_reply_status(struct troth_agent *agent, struct troth_caller *caller,
                        unsigned status, const char *field)
{
    size_t i = 0;

    while (i < ERROR_COUNT && errors[i].status != status)
        i++;
    troth_reply_error(agent, caller,
                      i < ERROR_COUNT ? (enum troth_agent_error)i : TROTH_AGENT_INTERNAL,
                      field);
}

void troth_reply_device(struct troth_agent *agent, struct troth_caller *caller,
                        const struct troth_attester_fault *fault)
{
    uint8_t text[512];
    struct troth_writer w = troth_writer_over(text, sizeof text - 1);
    enum troth_agent_error error = TROTH_AGENT_DEVICE;
    struct complaint complaint;

    if (fault->error == ETIMEDOUT)
        error = TROTH_AGENT_TIMEOUT;
    else if (fault->error == ENOTSUP)
        error = TROTH_AGENT_UNSUPPORTED;
    else if (fault->error == EBUSY || fault->error == ECANCELED)
        error = TROTH_AGENT_BUSY;
    troth_write_text(&w, errors[error].text);
    troth_write_text(&w, ": ");
    write_fault(&w, fault);
    text[w.len] = '\0';
    complaint = (struct complaint){.status = errors[error].status,
                                   .code = errors[error].name,
                                   .field = "device",
                                   .text = (const char *)text};
    complain(agent, caller, &complaint);
}

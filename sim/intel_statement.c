/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_statement.h"

#include <string.h>

static void put_advisories(struct sim_bytes *out, const char *list)
{
    sim_json_open(out, "advisoryIDs", '[');
    while (*list) {
        const size_t len = strcspn(list, ",");

        sim_json_text(out, NULL, (struct troth_span){(const uint8_t *)list, len});
        list += len + (list[len] == ',');
    }
    sim_json_close(out, ']');
}

void sim_intel_put_standing(struct sim_bytes *out,
                            const struct sim_intel_standing *standing)
{
    sim_json_time(out, "tcbDate", standing->date_s);
    sim_json_text(out, "tcbStatus", sim_text(standing->status));
    if (standing->advisories)
        put_advisories(out, standing->advisories);
}

void sim_intel_put_isv_levels(struct sim_bytes *out,
                              const struct sim_intel_isv_levels *levels)
{
    sim_json_open(out, "tcbLevels", '[');
    for (size_t i = 0; i < levels->count; i++) {
        sim_json_open(out, NULL, '{');
        sim_json_open(out, "tcb", '{');
        sim_json_number(out, "isvsvn", levels->rows[i].isv_svn);
        sim_json_close(out, '}');
        sim_intel_put_standing(out, &levels->rows[i].standing);
        sim_json_close(out, '}');
    }
    sim_json_close(out, ']');
}

struct sim_bytes sim_intel_sign(const struct sim_intel_signing *how,
                                struct troth_span text)
{
    struct sim_bytes signature = sim_key_sign_raw(how->key, text);

    sim_edit_apply(how->edit_signature, &signature);
    return signature;
}

struct sim_bytes sim_intel_document(const char *member, struct sim_bytes text,
                                    struct sim_bytes signature)
{
    struct sim_bytes digits = {0};
    struct sim_bytes out = {0};

    sim_hex_lower(&digits, sim_bytes_span(signature));
    sim_json_open(&out, NULL, '{');
    sim_json_raw(&out, member, sim_bytes_span(text));
    sim_json_text(&out, "signature", sim_bytes_span(digits));
    sim_json_close(&out, '}');
    sim_bytes_free(&digits);
    sim_bytes_free(&text);
    sim_bytes_free(&signature);
    return out;
}

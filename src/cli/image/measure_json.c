/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure_page.h"

#include "cli/json_page.h"
#include "codec/json_writer.h"

/* TROTH_MEASUREMENTS_MAX rows and all that is not measured, with room to spare. */
#define JSON_ROOM 16384

static void write_rows(struct troth_json_writer *w,
                       const struct troth_measurements *measurements)
{
    troth_json_write_key(w, "measurements");
    troth_json_begin_array(w);
    for (size_t i = 0; i < measurements->count; i++) {
        const struct troth_measurement *row = &measurements->rows[i];

        troth_json_begin_object(w);
        troth_json_write_key(w, "claim");
        troth_json_write_text(w, row->claim);
        troth_json_write_key(w, "value");
        if (row->len > 0)
            troth_json_write_hex(w, (struct troth_span){row->value, row->len});
        else
            troth_json_write_null(w);
        troth_json_write_key(w, row->len > 0 ? "covers" : "why");
        troth_json_write_text(w, row->covers);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_not_measured(struct troth_json_writer *w,
                               const struct troth_not_measured *rows)
{
    troth_json_write_key(w, "not_measured");
    troth_json_begin_array(w);
    for (; rows->name; rows++)
        troth_json_write_text(w, rows->name);
    troth_json_end_array(w);
}

void troth_measure_json_print(FILE *to, const struct troth_measure_finding *finding)
{
    uint8_t text[JSON_ROOM];
    struct troth_writer bytes = troth_writer_over(text, sizeof(text));
    struct troth_json_writer w = troth_json_writer_over(&bytes, true);

    troth_json_begin_object(&w);
    troth_json_write_key(&w, "kind");
    troth_json_write_text(&w, finding->measurements.kind);
    if (finding->has_signature) {
        troth_json_write_key(&w, "signed");
        troth_json_write_bool(&w, finding->is_signed);
    }
    if (finding->is_signed) {
        troth_json_write_key(&w, "signature_good");
        troth_json_write_bool(&w, finding->signature_good);
    }
    write_rows(&w, &finding->measurements);
    write_not_measured(&w, finding->not_measured);
    troth_json_end_object(&w);
    troth_json_page_print(to, troth_writer_span(&bytes));
}

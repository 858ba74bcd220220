/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure_page.h"

#include <string.h>

#include "base/writer.h"

enum { MARGIN = 2 };

static unsigned widest_name(const struct troth_measure_finding *finding)
{
    size_t widest = 0;

    for (size_t i = 0; i < finding->measurements.count; i++) {
        const size_t len = strlen(finding->measurements.rows[i].claim);

        widest = len > widest ? len : widest;
    }
    for (const struct troth_not_measured *row = finding->not_measured; row->name; row++) {
        const size_t len = strlen(row->name);

        widest = len > widest ? len : widest;
    }
    return (unsigned)widest;
}

static void print_row(struct troth_page *page, unsigned column,
                      const struct troth_measurement *row)
{
    uint8_t hex[2 * sizeof(row->value)];
    struct troth_writer w = troth_writer_over(hex, sizeof(hex));

    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, row->claim);
    troth_page_column(page, column);
    if (row->len > 0) {
        troth_write_hex(&w, (struct troth_span){row->value, row->len});
        troth_page_text(page, TROTH_STYLE_BOLD, troth_writer_span(&w));
        troth_page_end_line(page);
        troth_page_column(page, column);
    }
    troth_page_say(page, TROTH_STYLE_DIM, row->covers);
    troth_page_end_line(page);
}

static const char *signature_text(const struct troth_measure_finding *finding)
{
    if (!finding->is_signed)
        return "none";
    return finding->signature_good
               ? "good: over this image, by the certificate that nitro.pcr8 is of"
               : "BAD: not over this image, or not by its certificate's key";
}

static void print_signature(struct troth_page *page, unsigned column,
                            const struct troth_measure_finding *finding)
{
    troth_page_column(page, MARGIN);
    troth_page_say(page, TROTH_STYLE_PLAIN, "signature");
    troth_page_column(page, column);
    troth_page_say(page,
                   finding->is_signed && !finding->signature_good ? TROTH_STYLE_BAD
                                                                  : TROTH_STYLE_PLAIN,
                   signature_text(finding));
    troth_page_end_line(page);
}

void troth_measure_page_print(struct troth_page *page,
                              const struct troth_measure_finding *finding,
                              const char *name)
{
    const unsigned column = MARGIN + widest_name(finding) + 2;

    troth_page_say(page, TROTH_STYLE_BOLD, name);
    troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
    troth_page_say(page, TROTH_STYLE_PLAIN, finding->title);
    troth_page_end_line(page);
    troth_page_end_line(page);
    for (size_t i = 0; i < finding->measurements.count; i++)
        print_row(page, column, &finding->measurements.rows[i]);
    if (finding->has_signature)
        print_signature(page, column, finding);
    if (!finding->not_measured->name)
        return;
    troth_page_end_line(page);
    troth_page_say(page, TROTH_STYLE_PLAIN, "not measured:");
    troth_page_end_line(page);
    for (const struct troth_not_measured *row = finding->not_measured; row->name; row++) {
        troth_page_column(page, MARGIN);
        troth_page_say(page, TROTH_STYLE_PLAIN, row->name);
        troth_page_column(page, column);
        troth_page_say(page, TROTH_STYLE_DIM, row->why);
        troth_page_end_line(page);
    }
}

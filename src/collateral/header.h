/* header.h - lines "Name: value" of an answer that is kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_COLLATERAL_HEADER_H
#define TROTH_COLLATERAL_HEADER_H

#include "base/writer.h"

/* Each marks the writer full where a value has what would end its line. */
void troth_header_write(struct troth_writer *w, const char *name, const char *value);
void troth_header_write_uint(struct troth_writer *w, const char *name, uint64_t value);
void troth_header_write_hex(struct troth_writer *w, const char *name,
                            struct troth_span bytes);
/* TROTH_INSTANT_NEVER is "never". */
void troth_header_write_instant(struct troth_writer *w, const char *name,
                                int64_t instant_s);

/* Of an answer's headers those whose name ends in "-Issuer-Chain", once each. */
void troth_header_copy_chains(struct troth_writer *w, struct troth_span headers);

/* The lines up to the first empty one, which begin with "HTTP/1.1 200", and what is
 * behind. */
bool troth_header_split(struct troth_span *out_headers, struct troth_span *out_body,
                        struct troth_span file);

/* Lines whose ends have become zero bytes, and a zero byte behind them all. */
struct troth_headers {
    const char *texts;
    size_t len;
};

/* The value of a header; NULL if there is none of this very name. */
const char *troth_header_find(const struct troth_headers *headers, const char *name);

/* The same as a number or an instant; 0 and false where it is missing or is neither. */
bool troth_header_uint(uint64_t *out, const struct troth_headers *headers,
                       const char *name);
bool troth_header_instant(int64_t *out_s, const struct troth_headers *headers,
                          const char *name);

#endif

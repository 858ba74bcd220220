/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/signed.h"

#include "base/span.h"
#include "codec/der.h"
#include "pki/algorithm.h"

struct troth_signed troth_signed_enter(struct troth_span der,
                                       const struct troth_signed_fields *fields)
{
    struct troth_signed s = {.fields = fields, .whole = troth_cursor_over(der)};

    s.outer = troth_der_enter(&s.whole, TROTH_DER_SEQUENCE, fields->whole);
    s.start = s.outer.next;
    s.tbs = troth_der_enter(&s.outer, TROTH_DER_SEQUENCE, fields->tbs);
    return s;
}

void troth_signed_read_algorithm(struct troth_signed *s)
{
    s->inner = troth_der_element(&s->tbs, TROTH_DER_SEQUENCE, s->fields->signed_with);
    s->signed_with = troth_algorithm_find(s->inner);
    troth_cursor_expect(&s->tbs, s->signed_with != TROTH_SIGNATURE_NONE,
                        TROTH_ERR_ALGORITHM, s->fields->signed_with);
}

enum troth_err troth_signed_leave(struct troth_signed *s, struct troth_fault *fault)
{
    troth_cursor_leave(&s->outer, &s->tbs);
    s->tbs_raw = (struct troth_span){s->start, (size_t)(s->outer.next - s->start)};

    struct troth_span again = troth_der_element(&s->outer, TROTH_DER_SEQUENCE,
                                                s->fields->algorithm);

    troth_cursor_expect(&s->outer, troth_span_equal(s->inner, again), TROTH_ERR_ALGORITHM,
                        s->fields->algorithm);
    s->signature = troth_der_bit_string(&s->outer, s->fields->signature);
    troth_cursor_leave(&s->whole, &s->outer);
    return troth_cursor_finish(&s->whole, fault);
}

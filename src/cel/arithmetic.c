/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of operators.h: + - * / % and the sign. */
#include "cel/operators.h"

#include "base/memory.h"
#include "cel/time.h"
#include "cel/value.h"

/* Both arguments are of that kind. */
static bool both(const struct troth_cel_value *a, enum troth_cel_kind kind)
{
    return a[0].kind == kind && a[1].kind == kind;
}

static struct troth_cel_value overflow(void)
{
    return TROTH_CEL_ERROR_VALUE(TROTH_CEL_ERROR_OVERFLOW);
}

static struct troth_cel_value add_ints(int64_t a, int64_t b)
{
    if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
        return overflow();
    return TROTH_CEL_INT_VALUE(a + b);
}

static struct troth_cel_value subtract_ints(int64_t a, int64_t b)
{
    if (b > 0 ? a < INT64_MIN + b : a > INT64_MAX + b)
        return overflow();
    return TROTH_CEL_INT_VALUE(a - b);
}

static struct troth_cel_value multiply_uints(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? overflow() : TROTH_CEL_UINT_VALUE(a * b);
}

static uint64_t magnitude(int64_t a)
{
    return a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
}

static struct troth_cel_value multiply_ints(int64_t a, int64_t b)
{
    const struct troth_cel_value product = multiply_uints(magnitude(a), magnitude(b));
    const bool is_negative = (a < 0) != (b < 0);
    const uint64_t most = (uint64_t)INT64_MAX + (is_negative ? 1 : 0);

    if (product.kind == TROTH_CEL_ERROR || product.as.number > most)
        return overflow();
    if (!is_negative)
        return TROTH_CEL_INT_VALUE((int64_t)product.as.number);
    if (product.as.number == most)
        return TROTH_CEL_INT_VALUE(INT64_MIN);
    return TROTH_CEL_INT_VALUE(-(int64_t)product.as.number);
}

static struct troth_cel_value join_texts(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    const struct troth_span left = a[0].as.text;
    const struct troth_span right = a[1].as.text;

    if (!right.len)
        return a[0];
    if (!left.len)
        return a[1];
    if (left.len > SIZE_MAX - right.len) {
        call->out_of_memory = true;
        return overflow();
    }

    uint8_t *both_texts = troth_cel_spend(call, (left.len + right.len) / 16)
                              ? troth_cel_take(call, left.len + right.len, 1)
                              : NULL;
    struct troth_cel_value joined = a[0];

    if (!both_texts)
        return overflow();
    memcpy(both_texts, left.ptr, left.len);
    memcpy(both_texts + left.len, right.ptr, right.len);
    joined.as.text = (struct troth_span){both_texts, left.len + right.len};
    return joined;
}

static struct troth_cel_value join_lists(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    const struct troth_cel_list *left = a[0].as.list;
    const struct troth_cel_list *right = a[1].as.list;

    if (!right->count)
        return a[0];
    if (!left->count)
        return a[1];

    /* Both counts are of arrays in memory: their sum does not wrap around. */
    const size_t count = left->count + right->count;
    struct troth_cel_value *items = troth_cel_spend(call, count)
                                        ? troth_cel_take(call, count, sizeof *items)
                                        : NULL;

    if (!items)
        return overflow();
    memcpy(items, left->items, left->count * sizeof *items);
    memcpy(items + left->count, right->items, right->count * sizeof *items);
    return troth_cel_new_list(call, items, count);
}

static bool is_time(const struct troth_cel_value *value)
{
    return value->kind == TROTH_CEL_TIMESTAMP || value->kind == TROTH_CEL_DURATION;
}

static struct troth_cel_value add_times(const struct troth_cel_value *a)
{
    const bool is_turned = a[0].kind == TROTH_CEL_DURATION;
    struct troth_cel_value sum;

    if (both(a, TROTH_CEL_TIMESTAMP))
        return troth_cel_refuse(a, 2);
    return troth_cel_time_add(&sum, &a[is_turned], &a[!is_turned]) ? overflow() : sum;
}

static struct troth_cel_value subtract_times(const struct troth_cel_value *a)
{
    struct troth_cel_value difference;

    if (a[0].kind == TROTH_CEL_DURATION && a[1].kind == TROTH_CEL_TIMESTAMP)
        return troth_cel_refuse(a, 2);
    return troth_cel_time_subtract(&difference, &a[0], &a[1]) ? overflow() : difference;
}

struct troth_cel_value troth_cel_add(struct troth_cel_call *call,
                                     const struct troth_cel_value *a)
{
    if (both(a, TROTH_CEL_INT))
        return add_ints(a[0].as.integer, a[1].as.integer);
    if (both(a, TROTH_CEL_STRING) || both(a, TROTH_CEL_BYTES))
        return join_texts(call, a);
    if (both(a, TROTH_CEL_LIST))
        return join_lists(call, a);
    if (both(a, TROTH_CEL_DOUBLE))
        return TROTH_CEL_DOUBLE_VALUE(a[0].as.real + a[1].as.real);
    if (both(a, TROTH_CEL_UINT))
        return a[0].as.number > UINT64_MAX - a[1].as.number
                   ? overflow()
                   : TROTH_CEL_UINT_VALUE(a[0].as.number + a[1].as.number);
    return is_time(&a[0]) && is_time(&a[1]) ? add_times(a) : troth_cel_refuse(a, 2);
}

struct troth_cel_value troth_cel_subtract(struct troth_cel_call *call,
                                          const struct troth_cel_value *a)
{
    (void)call;
    if (both(a, TROTH_CEL_INT))
        return subtract_ints(a[0].as.integer, a[1].as.integer);
    if (both(a, TROTH_CEL_DOUBLE))
        return TROTH_CEL_DOUBLE_VALUE(a[0].as.real - a[1].as.real);
    if (both(a, TROTH_CEL_UINT))
        return a[0].as.number < a[1].as.number
                   ? overflow()
                   : TROTH_CEL_UINT_VALUE(a[0].as.number - a[1].as.number);
    return is_time(&a[0]) && is_time(&a[1]) ? subtract_times(a) : troth_cel_refuse(a, 2);
}

struct troth_cel_value troth_cel_multiply(struct troth_cel_call *call,
                                          const struct troth_cel_value *a)
{
    (void)call;
    if (both(a, TROTH_CEL_INT))
        return multiply_ints(a[0].as.integer, a[1].as.integer);
    if (both(a, TROTH_CEL_DOUBLE))
        return TROTH_CEL_DOUBLE_VALUE(a[0].as.real * a[1].as.real);
    if (both(a, TROTH_CEL_UINT))
        return multiply_uints(a[0].as.number, a[1].as.number);
    return troth_cel_refuse(a, 2);
}

/* What two integers have in common before they are divided; NO_ERROR: go ahead. */
static enum troth_cel_error no_quotient(const struct troth_cel_value *a,
                                        enum troth_cel_error by_zero)
{
    if (both(a, TROTH_CEL_UINT))
        return a[1].as.number ? TROTH_CEL_NO_ERROR : by_zero;
    if (a[1].as.integer == 0)
        return by_zero;
    return a[0].as.integer == INT64_MIN && a[1].as.integer == -1
               ? TROTH_CEL_ERROR_OVERFLOW
               : TROTH_CEL_NO_ERROR;
}

struct troth_cel_value troth_cel_divide(struct troth_cel_call *call,
                                        const struct troth_cel_value *a)
{
    (void)call;
    if (both(a, TROTH_CEL_DOUBLE))
        return TROTH_CEL_DOUBLE_VALUE(a[0].as.real / a[1].as.real);
    if (!both(a, TROTH_CEL_INT) && !both(a, TROTH_CEL_UINT))
        return troth_cel_refuse(a, 2);

    const enum troth_cel_error error = no_quotient(a, TROTH_CEL_ERROR_DIVIDE);

    if (error)
        return TROTH_CEL_ERROR_VALUE(error);
    return a[0].kind == TROTH_CEL_INT
               ? TROTH_CEL_INT_VALUE(a[0].as.integer / a[1].as.integer)
               : TROTH_CEL_UINT_VALUE(a[0].as.number / a[1].as.number);
}

struct troth_cel_value troth_cel_modulus(struct troth_cel_call *call,
                                         const struct troth_cel_value *a)
{
    (void)call;
    if (!both(a, TROTH_CEL_INT) && !both(a, TROTH_CEL_UINT))
        return troth_cel_refuse(a, 2);

    const enum troth_cel_error error = no_quotient(a, TROTH_CEL_ERROR_MODULUS);

    if (error)
        return TROTH_CEL_ERROR_VALUE(error);
    return a[0].kind == TROTH_CEL_INT
               ? TROTH_CEL_INT_VALUE(a[0].as.integer % a[1].as.integer)
               : TROTH_CEL_UINT_VALUE(a[0].as.number % a[1].as.number);
}

struct troth_cel_value troth_cel_negate(struct troth_cel_call *call,
                                        const struct troth_cel_value *a)
{
    (void)call;
    if (a->kind == TROTH_CEL_INT)
        return a->as.integer == INT64_MIN ? overflow()
                                          : TROTH_CEL_INT_VALUE(-a->as.integer);
    return a->kind == TROTH_CEL_DOUBLE ? TROTH_CEL_DOUBLE_VALUE(-a->as.real)
                                       : troth_cel_refuse(a, 1);
}

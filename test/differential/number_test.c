/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Doubles as text, held against the C library's: strtod() and printf(). TROTH_NUMBERS in
 * the environment is how many times as many numbers as usual, and the seed of another
 * run.
 */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/double_parts.h"
#include "test/harness.h"

enum { TEXT_MAX = 2400 };

static unsigned long times = 1;

/* splitmix64: numbers of 64 bits, all of them good. */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t bits = *state += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

static int below(uint64_t *state, int limit)
{
    return (int)(random_bits(state) % (uint64_t)limit);
}

static bool is_same(double a, double b)
{
    return troth_double_bits(a) == troth_double_bits(b);
}

/* ---- numbers of several kinds ------------------------------------------------------ */

static double any_bits(uint64_t *state)
{
    return troth_double_of_bits(random_bits(state));
}

static double near_one(uint64_t *state)
{
    uint64_t digits = random_bits(state) & ~(UINT64_C(0x7ff) << 52);

    return troth_double_of_bits(digits | (uint64_t)(1023 - 40 + below(state, 120)) << 52);
}

static double subnormal(uint64_t *state)
{
    return troth_double_of_bits((random_bits(state) >> 12) >> below(state, 52));
}

/* One of three neighbours. */
static double beside(uint64_t bits, uint64_t *state)
{
    return troth_double_of_bits(bits + (uint64_t)below(state, 3) - 1);
}

static double power_of_two(uint64_t *state)
{
    return beside((uint64_t)(1 + below(state, 2046)) << 52, state);
}

static double power_of_ten(uint64_t *state)
{
    char text[32];

    snprintf(text, sizeof text, "%de%d", 1 + below(state, 9), below(state, 632) - 323);
    return beside(troth_double_bits(strtod(text, NULL)), state);
}

static double few_digits(uint64_t *state)
{
    char text[40];

    snprintf(text, sizeof text, "%de%d", below(state, 1 << (1 + below(state, 30))),
             below(state, 44) - 22);
    return strtod(text, NULL);
}

static double whole(uint64_t *state)
{
    return (double)(int64_t)(random_bits(state) >> below(state, 64)) *
           (below(state, 2) ? 1 : -1);
}

/* clang-format off */
static const struct kind {
    const char *name;
    double (*make)(uint64_t *state);
} kinds[] = {
    {"any bits",                     any_bits},
    {"numbers near one",             near_one},
    {"subnormal numbers",            subnormal},
    {"powers of two and neighbours", power_of_two},
    {"powers of ten and neighbours", power_of_ten},
    {"decimals of few digits",       few_digits},
    {"whole numbers",                whole},
};
/* clang-format on */

/* ---- what is held against the library ---------------------------------------------- */

/* Text of ours, with a zero at its end. */
struct text {
    size_t len;
    char c[TEXT_MAX];
};

static struct troth_writer writer(struct text *text)
{
    return troth_writer_over((uint8_t *)text->c, sizeof text->c - 1);
}

static void end(struct text *text, const struct troth_writer *w)
{
    text->len = w->len;
    text->c[w->len] = 0;
}

static bool reads_as(const char *text, double value)
{
    double seen;

    return !troth_double_parse(&seen, test_text(text)) && is_same(seen, value);
}

/* The significant digits, without zeros at either end; how many. */
static int significant(char *out, const char *text)
{
    int count = 0, zeros = 0;

    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && count == 0))
            continue;
        out[count++] = *text;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    out[count - zeros] = 0;
    return count - zeros;
}

/* printf's digits, and those that are one more and one less in the last place. Does none
 * of them read back? No other of as many digits is as near. */
static bool needs_more_than(int digits, double value)
{
    char text[40];
    double next[3];

    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    next[0] = strtod(text, NULL);

    char *last = strchr(text, 'e') - 1, kept = *last;

    /* From 9 to ':' there is no carry, but then the number is longer still. */
    *last = kept == '9' ? '9' : (char)(kept + 1);
    next[1] = strtod(text, NULL);
    *last = kept == '0' ? '0' : (char)(kept - 1);
    next[2] = strtod(text, NULL);
    return !is_same(next[0], value) && !is_same(next[1], value) &&
           !is_same(next[2], value);
}

static bool is_shortest(double value)
{
    struct text text;
    struct troth_writer w = writer(&text);
    char ours[40], theirs[40];

    troth_write_double(&w, value);
    end(&text, &w);

    int digits = significant(ours, text.c);

    if (!is_same(strtod(text.c, NULL), value) || !reads_as(text.c, value) ||
        (digits > 1 && !needs_more_than(digits - 1, value)))
        return false;

    /* Of all that are as short, the nearest, unless that is another number. */
    snprintf(text.c, sizeof text.c, "%.*e", digits > 0 ? digits - 1 : 0, value);
    significant(theirs, text.c);
    return strcmp(ours, theirs) == 0 || !is_same(strtod(text.c, NULL), value);
}

static bool prints_alike(double value, int precision)
{
    char theirs[TEXT_MAX];
    struct text ours;
    struct troth_writer w = writer(&ours);

    troth_write_double_fixed(&w, value, (unsigned)precision);
    end(&ours, &w);
    snprintf(theirs, sizeof theirs, "%.*f", precision, value);
    if (strcmp(ours.c, theirs) != 0)
        return false;
    w = writer(&ours);
    troth_write_double_scientific(&w, value, (unsigned)precision);
    end(&ours, &w);
    snprintf(theirs, sizeof theirs, "%.*e", precision, value);
    return strcmp(ours.c, theirs) == 0 && reads_as(theirs, strtod(theirs, NULL));
}

static bool reads_alike(const char *text)
{
    return reads_as(text, strtod(text, NULL));
}

/* Digits, a point somewhere, and an exponent. */
static void random_decimal(char *text, uint64_t *state)
{
    int digits = 1 + below(state, below(state, 8) ? 20 : 60),
        point = below(state, digits);

    for (int i = 0; i < digits; i++) {
        *text++ = (char)('0' + below(state, 10));
        if (i == point)
            *text++ = '.';
    }
    if (below(state, 4))
        snprintf(text, 8, "e%d", below(state, 680) - 345);
    else
        *text = 0;
}

/* (a + b) / 2, digit by digit; both have as many places, and the result has one more. */
static void halve(char *out, const char *a, const char *b)
{
    size_t len = strlen(a);
    int carry = 0, rest = 0;

    for (size_t i = len; i-- > 0;) {
        if (a[i] == '.')
            continue;
        carry += a[i] - '0' + b[i] - '0';
        out[i] = (char)('0' + carry % 10);
        carry /= 10;
    }
    rest = carry;
    for (size_t i = 0; i < len; i++) {
        if (a[i] == '.') {
            out[i] = '.';
            continue;
        }
        rest = rest * 10 + out[i] - '0';
        out[i] = (char)('0' + rest / 2);
        rest %= 2;
    }
    out[len] = rest ? '5' : '0';
    out[len + 1] = 0;
}

/* Exactly halfway to the next number; a little more; and a little less. */
static bool halves_alike(double value)
{
    enum { PLACES = 1075 };
    char a[TEXT_MAX], b[TEXT_MAX], text[TEXT_MAX];
    double low = fabs(value), high = troth_double_of_bits(troth_double_bits(low) + 1);

    if (!troth_double_is_finite(high))
        return true;

    int len = snprintf(b, sizeof b, "%.*f", PLACES, high);

    snprintf(a, sizeof a, "%0*.*f", len, PLACES, low);
    halve(text, a, b);

    size_t end = strlen(text);
    double even = troth_double_bits(low) % 2 ? high : low;

    if (!reads_as(text, even) || !reads_alike(text))
        return false;
    memcpy(text + end, "00000001", 9);
    if (!reads_as(text, high))
        return false;
    while (text[end - 1] == '0')
        end--;
    if (text[end - 1] == '.')
        return true;
    text[end - 1]--;
    memcpy(text + end, "99999999", 9);
    return reads_as(text, low);
}

/* ---- square roots and integers, held against arithmetic ------------------------------
 */

struct wide {
    uint64_t high, low;
};

static struct wide square(uint64_t n)
{
    uint64_t upper = n >> 32, lower = n & UINT32_MAX, middle = 2 * upper * lower;
    uint64_t low = lower * lower + (middle << 32);

    return (struct wide){upper * upper + (middle >> 32) + (low < middle << 32), low};
}

static bool is_less(struct wide a, struct wide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* The number lies between the squares of what is halfway to the root's neighbours. */
static bool is_root(double value)
{
    struct troth_double_parts x = troth_double_take_apart(value);
    struct troth_double_parts r = troth_double_take_apart(troth_double_sqrt(value));
    int shift = x.shift - 2 * r.shift + 2;

    if (value == 0)
        return r.digits == 0;
    if (shift < 1 || shift > 127)
        return false;

    struct wide n = {shift < 64 ? x.digits >> (64 - shift) : x.digits << (shift - 64),
                     shift < 64 ? x.digits << shift : 0};

    return is_less(square(2 * r.digits - 1), n) && is_less(n, square(2 * r.digits + 1));
}

static bool is_rounded_alike(double value)
{
    double whole_part = fabs(value) < 0x1p62 ? (double)(int64_t)value : value;
    double rest = value - whole_part;
    int64_t integer;

    if (fabs(value) < 0x1p62 && (troth_double_to_int(&integer, value) != (rest == 0) ||
                                 integer != (int64_t)value))
        return false;
    return troth_double_trunc(value) == whole_part &&
           troth_double_floor(value) == whole_part - (rest < 0 ? 1 : 0) &&
           troth_double_ceil(value) == whole_part + (rest > 0 ? 1 : 0) &&
           troth_double_round(value) == whole_part + (rest >= 0.5    ? 1
                                                      : rest <= -0.5 ? -1
                                                                     : 0);
}

/* ---- how many of each ----------------------------------------------------------------
 */

static void test_values(const struct kind *kind, uint64_t seed)
{
    uint64_t state = seed;
    unsigned long wrong = 0;

    test_case("%s, from seed %llu", kind->name, (unsigned long long)seed);
    for (unsigned long i = 0; i < 30000 * times && wrong < 10; i++) {
        double value = kind->make(&state);
        int precision = below(&state, 100) ? below(&state, 25) : below(&state, 1000);
        bool is_right = true;

        if (!troth_double_is_finite(value))
            continue;
        is_right = is_shortest(value) && is_root(fabs(value)) && is_rounded_alike(value);
        if (i % 4 == 0)
            is_right = is_right && prints_alike(value, precision);
        if (i % 64 == 0)
            is_right = is_right && halves_alike(value);
        if (!is_right)
            wrong += !test_check(false, "as the C library has it", __FILE__, __LINE__) &&
                     printf("# %a, %d places\n", value, precision) > 0;
    }
    CHECK(wrong == 0);
}

static void test_texts(uint64_t seed)
{
    uint64_t state = seed;
    unsigned long wrong = 0;
    char text[100];

    test_case("random decimals, from seed %llu", (unsigned long long)seed);
    for (unsigned long i = 0; i < 400000 * times && wrong < 10; i++) {
        random_decimal(text, &state);
        if (!reads_alike(text)) {
            wrong++;
            printf("# %s\n", text);
        }
    }
    CHECK(wrong == 0);
}

/* Every power, with both neighbours. */
static void test_powers(void)
{
    unsigned wrong = 0;
    char text[16];

    test_case("every power of two and of ten, and their neighbours");
    for (uint64_t power = 1; power < 2047; power++)
        for (uint64_t i = 0; i < 3; i++) {
            double value = troth_double_of_bits((power << 52) + i - 1);

            wrong += !is_shortest(value) || !halves_alike(value) ||
                     !prints_alike(value, 17);
        }
    for (int power = -324; power < 310; power++) {
        snprintf(text, sizeof text, "1e%d", power);
        wrong += !reads_alike(text);
        for (uint64_t i = 0; i < 3; i++) {
            uint64_t bits = troth_double_bits(strtod(text, NULL));
            double value = troth_double_of_bits(bits + i - (bits ? 1 : 0));

            if (troth_double_is_finite(value))
                wrong += !is_shortest(value) || !halves_alike(value);
        }
    }
    CHECK_INT(wrong, 0);
}

int main(void)
{
    const char *asked = getenv("TROTH_NUMBERS");
    uint64_t seed = 20260501;

    if (asked) {
        times = strtoul(asked, NULL, 10);
        seed += times;
    }
    for (size_t i = 0; i < COUNT(kinds); i++)
        test_values(&kinds[i], seed + i);
    test_texts(seed + COUNT(kinds));
    test_powers();
    return test_finish();
}

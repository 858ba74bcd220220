/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/image_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/image_sums.h"
#include "image/eif_signature.h"
#include "test/harness.h"
#include "test/unit/image/eif_make.h"
#include "troth/provider.h"

#define MIB ((size_t)1024 * 1024)

static struct troth_crypto crypto;
static uint8_t room[EIF_MAKE_MAX];

static int file_of(struct troth_span bytes)
{
    char path[] = "/tmp/troth-image-XXXXXX";
    const int file = mkstemp(path);
    size_t done = 0;

    (void)unlink(path);
    while (done < bytes.len) {
        const ssize_t wrote = write(file, bytes.ptr + done, bytes.len - done);

        if (wrote <= 0)
            abort();
        done += (size_t)wrote;
    }
    return file;
}

/* As eif_make(), for images of any size. */
static struct troth_span make_big(uint8_t *out, const struct eif_part *parts,
                                  size_t count)
{
    struct troth_eif eif = {.version = 4, .count = count};

    for (size_t i = 0; i < count; i++)
        eif.sections[i] = (struct troth_eif_section){
            .kind = (enum troth_eif_kind)parts[i].type, .size = parts[i].data.len};
    if (troth_eif_lay_out(&eif, NULL))
        abort();
    troth_eif_write_header(out, &eif);
    for (size_t i = 0; i < count; i++) {
        uint8_t *data = out + eif.sections[i].offset;

        troth_eif_write_section(data - TROTH_EIF_SECTION_HEADER_SIZE, &eif.sections[i]);
        if (parts[i].data.len)
            memcpy(data, parts[i].data.ptr, parts[i].data.len);
    }
    eif_seal(out, (size_t)eif.size);
    return (struct troth_span){out, (size_t)eif.size};
}

static bool is_zero(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < len; i++)
        if (p[i])
            return false;
    return true;
}

/* What the readers of a file in memory say of it. */
static void check_as_in_memory(struct troth_span bytes)
{
    static uint8_t memory[TROTH_EIF_SIGNATURE_ROOM];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    uint8_t pcrs[TROTH_PCR_COUNT][TROTH_PCR_SIZE], sha256[32];
    struct troth_image_facts facts;
    struct troth_build_problem problem = {.text = ""};
    struct troth_eif eif, opened;
    const int file = file_of(bytes);

    CHECK_ERR(troth_eif_read(&eif, NULL, bytes), TROTH_OK);
    CHECK_ERR(troth_pcrs_of_eif(pcrs, NULL, &crypto, &eif, bytes, &arena), TROTH_OK);
    CHECK_ERR(crypto.ops->digest(crypto.state, sha256, TROTH_SHA256,
                                 (struct troth_parts){&bytes, 1}),
              TROTH_OK);
    CHECK(troth_image_measure(&facts, &problem, &crypto, "x.eif", file));
    CHECK_TEXT(problem.text, "");
    CHECK(memcmp(facts.pcrs, pcrs, sizeof(pcrs)) == 0);
    CHECK_SPAN(((struct troth_span){facts.sha256, 32}),
               ((struct troth_span){sha256, 32}));
    CHECK_INT(facts.eif.count, eif.count);
    CHECK_INT(facts.eif.crc, eif.crc);
    CHECK(facts.is_signed == (troth_eif_find(&eif, TROTH_EIF_SIGNATURE) != NULL));
    CHECK(troth_image_open(&opened, &problem, "x.eif", file));
    CHECK(memcmp(opened.sections, eif.sections, sizeof(eif.sections)) == 0);
    (void)close(file);
}

static void golden(void)
{
    static const char *const wanted[] = {
        "61fd2b06210a933b3db5e15c5752e394894bb097f7f1d96ad1f55a7525d0d7aa2c63b235f44420b1"
        "2d8376cc392bdefb",
        "a6d35ce3e7ba80048a2b23da9b15063726a7cea90e16e9d6934e92a15aa1896fd54de706310e2fbc"
        "585d9c37db9c1805",
        "5f699ae4300525c628f5c96fc521729dd6ca1a2c07cb07b69e7ae9e3fa935cfd7cc83b3e26d89201"
        "a486d9db2405c562"};
    const struct troth_span bytes = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
    struct troth_image_facts facts;
    struct troth_measurements rows;
    const int file = file_of(bytes);

    test_case("registers of the usual image");
    CHECK(troth_image_measure(&facts, NULL, &crypto, "x.eif", file));
    troth_image_measurements(&rows, &facts);
    CHECK_TEXT(rows.kind, "nitro");
    CHECK_INT(rows.count, 3);
    for (size_t i = 0; i < 3; i++) {
        char claim[16];

        (void)snprintf(claim, sizeof(claim), "nitro.pcr%zu", i);
        CHECK_TEXT(rows.rows[i].claim, claim);
        CHECK_SPAN(((struct troth_span){rows.rows[i].value, rows.rows[i].len}),
                   test_hex(wanted[i]));
    }
    CHECK(is_zero(facts.pcrs[TROTH_PCR8], TROTH_PCR_SIZE));
    (void)close(file);

    test_case("one ramdisk: nothing is in the third register");
    const struct troth_span one = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS - 1);
    const int other = file_of(one);

    CHECK(troth_image_measure(&facts, NULL, &crypto, "x.eif", other));
    CHECK_SPAN(((struct troth_span){facts.pcrs[TROTH_PCR2], TROTH_PCR_SIZE}),
               test_hex("21b9efbc184807662e966d34f390821309eeac6802309798826296bf3e8bec7c"
                        "10edb30948c90ba67310f7b964fc500a"));
    CHECK(memcmp(facts.pcrs[TROTH_PCR0], facts.pcrs[TROTH_PCR1], TROTH_PCR_SIZE) == 0);
    (void)close(other);
}

/* Sections that end before, at and behind the ends of chunks. */
static void sizes(void)
{
    static const size_t ramdisks[][3] = {
        {0, 0, 0},
        {1, MIB - 1, MIB},
        {MIB, MIB + 1, 17},
        {9 * MIB + 5, 0, 12 * MIB - 548},
    };
    uint8_t *big = malloc(25 * MIB);
    uint8_t *data = malloc(12 * MIB);

    for (size_t i = 0; i < 12 * MIB; i++)
        data[i] = (uint8_t)(i * 2654435761U >> 11);
    for (size_t i = 0; i < COUNT(ramdisks); i++) {
        struct eif_part parts[6];
        size_t count = 3;

        test_case("ramdisks of %zu, %zu, %zu bytes", ramdisks[i][0], ramdisks[i][1],
                  ramdisks[i][2]);
        memcpy(parts, eif_usual, 3 * sizeof(*parts));
        for (size_t k = 0; k < 3; k++)
            parts[count++] = (struct eif_part){TROTH_EIF_RAMDISK,
                                               {data + k, ramdisks[i][k]}};
        check_as_in_memory(make_big(big, parts, count));
    }
    free(data);
    free(big);
}

static void signatures(void)
{
    static const struct {
        const char *why;
        bool flip, other_pcr0, good;
    } rows[] = {
        {"good", false, false, true},
        {"a bit of the signature is another", true, false, false},
        {"over another image", false, true, false},
    };
    static uint8_t section[TROTH_EIF_SIGNATURE_MAX], small[EIF_MAKE_MAX];
    struct troth_image_facts plain, facts;
    struct eif_part parts[EIF_USUAL_PARTS + 1];
    const int file = file_of(eif_make(room, 4, eif_usual, EIF_USUAL_PARTS));

    CHECK(troth_image_measure(&plain, NULL, &crypto, "x.eif", file));
    (void)close(file);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct eif_signature_recipe recipe = {
            .key = X509_P384_A,
            .pcr0 = plain.pcrs[rows[i].other_pcr0 ? TROTH_PCR1 : TROTH_PCR0],
            .flip = rows[i].flip};
        struct troth_measurements measured;
        size_t at;

        test_case("signed: %s", rows[i].why);
        memcpy(parts, eif_usual, sizeof(eif_usual));
        parts[EIF_USUAL_PARTS] = (struct eif_part){
            TROTH_EIF_SIGNATURE, eif_make_signature(section, &recipe, &at)};

        const struct troth_span bytes = eif_make(small, 4, parts, EIF_USUAL_PARTS + 1);
        const int made = file_of(bytes);

        CHECK(troth_image_measure(&facts, NULL, &crypto, "x.eif", made));
        CHECK(facts.is_signed);
        CHECK_INT(facts.signature_good, rows[i].good);
        CHECK(memcmp(facts.pcrs, plain.pcrs, 3 * TROTH_PCR_SIZE) == 0);
        CHECK(!is_zero(facts.pcrs[TROTH_PCR8], TROTH_PCR_SIZE));
        troth_image_measurements(&measured, &facts);
        CHECK_INT(measured.count, 4);
        CHECK_TEXT(measured.rows[3].claim, "nitro.pcr8");
        check_as_in_memory(bytes);
        (void)close(made);
    }
}

static void refused(void)
{
    static const struct {
        const char *why;
        size_t keep;  /* bytes of it; 0: all */
        size_t more;  /* zeros behind it */
        size_t at;    /* this byte is another … */
        uint8_t flip; /* … by these bits; 0: none */
        bool seal;    /* the CRC is right all the same */
        const char *text;
        bool opens; /* as far as its sections are looked at */
    } rows[] = {
        {"nothing", SIZE_MAX, 0, 0, 0, false, "eif.header", false},
        {"half a header", 200, 0, 0, 0, false, "eif.header", false},
        {"a header alone", 548, 0, 0, 0, false, "eif.section_size", false},
        {"cut by one byte", EIF_USUAL_SIZE - 1, 0, 0, 0, false, "eif.section_size",
         false},
        {"a byte behind its end", 0, 1, 0, 0, true, "eif: ", false},
        {"no EIF", 0, 0, 0, 1, true, "eif.magic", false},
        {"a section's header", 0, 0, EIF_KERNEL_START + 1, 0x40, true, "eif.section.type",
         false},
        {"the last section's", 0, 0, EIF_LAST_START + 3, 1, true, "eif.section.flags",
         false},
        {"a bit of data", 0, 0, EIF_USUAL_SIZE - 1, 1, false, "CRC-32", true},
        {"a bit of the CRC", 0, 0, TROTH_EIF_CRC_OFFSET, 1, false, "CRC-32", true},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_span bytes = eif_make(room, 4, eif_usual, EIF_USUAL_PARTS);
        struct troth_build_problem problem = {.text = ""};
        struct troth_image_facts facts;
        struct troth_eif eif;

        test_case("refused: %s", rows[i].why);
        memset(room + bytes.len, 0, rows[i].more);
        bytes.len += rows[i].more;
        room[rows[i].at] ^= rows[i].flip;
        if (rows[i].seal)
            eif_seal(room, bytes.len);
        if (rows[i].keep)
            bytes.len = rows[i].keep == SIZE_MAX ? 0 : rows[i].keep;

        const int file = file_of(bytes);

        CHECK(!troth_image_measure(&facts, &problem, &crypto, "x.eif", file));
        CHECK_TEXT(problem.subject, "x.eif");
        if (!CHECK(strstr(problem.text, rows[i].text)))
            CHECK_TEXT(problem.text, rows[i].text);
        CHECK(is_zero(&facts, sizeof(facts)));
        CHECK_INT(troth_image_open(&eif, &problem, "x.eif", file), rows[i].opens);
        if (!rows[i].opens)
            CHECK(is_zero(&eif, sizeof(eif)));
        (void)close(file);
    }
}

static void no_files(void)
{
    struct troth_build_problem problem;
    struct troth_image_facts facts;
    int ends[2];

    test_case("a pipe, and what is closed");
    (void)!pipe(ends);
    CHECK(!troth_image_measure(&facts, &problem, &crypto, "pipe", ends[0]));
    CHECK_TEXT(problem.text, "is no file");
    (void)close(ends[0]);
    (void)close(ends[1]);
    CHECK(!troth_image_measure(&facts, &problem, &crypto, "pipe", ends[0]));
    CHECK(strstr(problem.text, "cannot be read"));
}

/* Somebody else at the file while it is read. */
struct meddler {
    int file;
    void (*meddle)(int file);
    bool done;
};

static void cut(int file)
{
    (void)!ftruncate(file, (off_t)MIB);
}

static void grow(int file)
{
    (void)!pwrite(file, "x", 1, (off_t)(4 * MIB));
}

static void touch(int file)
{
    const struct timespec times[2] = {{1, 0}, {1, 0}};

    (void)futimens(file, times);
}

static void meddle(void *state, uint64_t done, uint64_t total)
{
    struct meddler *meddler = state;

    (void)total;
    if (done > 1000 && !meddler->done) {
        meddler->done = true;
        meddler->meddle(meddler->file);
    }
}

static void changes_meanwhile(void)
{
    static const struct {
        const char *why;
        void (*meddle)(int file);
    } rows[] = {{"shorter", cut}, {"longer", grow}, {"written anew", touch}};
    uint8_t *big = malloc(4 * MIB);
    uint8_t *data = calloc(1, 3 * MIB);
    struct eif_part parts[4];

    memcpy(parts, eif_usual, 3 * sizeof(*parts));
    parts[3] = (struct eif_part){TROTH_EIF_RAMDISK, {data, 3 * MIB}};

    const struct troth_span bytes = make_big(big, parts, 4);

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct meddler meddler = {file_of(bytes), rows[i].meddle, false};
        const struct troth_image_reading reading = {
            .name = "x.eif",
            .file = meddler.file,
            .wanted = TROTH_SUM_BIT(TROTH_SUM_PCR0) | TROTH_SUM_BIT(TROTH_SUM_FILE),
            .progress = meddle,
            .state = &meddler};
        struct troth_build_problem problem;
        struct troth_image_sums sums;

        test_case("a file that becomes %s while it is read", rows[i].why);
        CHECK(!troth_image_sums_read(&sums, &problem, &reading));
        CHECK_TEXT(problem.text, "was changed while it was read");
        CHECK(is_zero(&sums, sizeof(sums)));
        (void)close(meddler.file);
    }
    free(data);
    free(big);
}

int main(void)
{
    if (troth_provider_create(&crypto))
        return 1;
    golden();
    sizes();
    signatures();
    refused();
    no_files();
    changes_meanwhile();
    troth_provider_destroy(&crypto);
    return test_finish();
}

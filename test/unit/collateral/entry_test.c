/* SPDX-License-Identifier: Apache-2.0 */
#include "collateral/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/instant.h"
#include "test/harness.h"

#define NOW 1777593600 /* 2026-05-01T00:00:00Z */
#define DAY 86400

static const struct troth_need tcb_info = {
    .kind = TROTH_NEED_TCB_INFO,
    .service = TROTH_SERVICE_INTEL_PCS,
    .name = "intel/tdx/tcb/b0c06f000000",
    .about = "TCB info of TDX platforms b0c06f000000",
    .path = "tdx/certification/v4/tcb?fmspc=b0c06f000000",
    .takes_update = true,
};

static struct troth_entry_facts facts_of(const struct troth_need *need)
{
    return (struct troth_entry_facts){
        .need = *need,
        .source = "https://a.example/x",
        .fetched_s = NOW,
        .issued_s = NOW - DAY,
        .expires_s = NOW + 29 * DAY,
        .has_evaluation_number = true,
        .evaluation_number = 18,
    };
}

static struct troth_http_answer answer_of(const char *headers, const char *body)
{
    return (struct troth_http_answer){.headers = test_text(headers),
                                      .body = test_text(body)};
}

static void test_round(void)
{
    struct troth_need crl = {.kind = TROTH_NEED_ROOT_CRL,
                             .service = TROTH_SERVICE_INTEL_ROOT,
                             .name = "intel/rootcrl",
                             .about = "list",
                             .path = "x.der",
                             .pccs_path = "rootcacrl",
                             .is_optional = true};
    struct troth_entry_facts facts = facts_of(&tcb_info);
    struct troth_http_answer answer = answer_of(
        "HTTP/1.1 200 OK\r\nX-Issuer-Chain: c\r\n\r\n", "{}");
    struct troth_file file;
    struct troth_kept_entry entry;

    test_case("what is written is what is read");
    CHECK(troth_entry_write(&file, &facts, &answer));
    CHECK(!troth_entry_read(&entry, &file, "intel/tdx/tcb/b0c06f000000"));
    CHECK(!file.bytes);
    CHECK_INT(entry.facts.need.kind, TROTH_NEED_TCB_INFO);
    CHECK_INT(entry.facts.need.service, TROTH_SERVICE_INTEL_PCS);
    CHECK_TEXT(entry.facts.need.about, tcb_info.about);
    CHECK_TEXT(entry.facts.need.path, tcb_info.path);
    CHECK(!entry.facts.need.pccs_path && entry.facts.need.takes_update);
    CHECK_TEXT(entry.facts.source, "https://a.example/x");
    CHECK(entry.facts.fetched_s == NOW && entry.facts.issued_s == NOW - DAY);
    CHECK(entry.facts.has_evaluation_number && entry.facts.evaluation_number == 18);
    CHECK(entry.facts.crl_number_len == 0);
    CHECK(strstr((char *)entry.file.bytes,
                 "\r\nX-Issuer-Chain: c\r\nContent-Length: 2\r\n\r\n{}"));
    troth_entry_release(&entry);
    troth_entry_release(&entry); /* a second time does no harm */

    test_case("a list, with its number and no end");
    facts = facts_of(&crl);
    facts.has_evaluation_number = false;
    facts.expires_s = TROTH_INSTANT_NEVER;
    memcpy(facts.crl_number, "\x12\x34", 2);
    facts.crl_number_len = 2;
    CHECK(troth_entry_write(&file, &facts, &answer));
    CHECK(!troth_entry_read(&entry, &file, NULL));
    CHECK(!entry.facts.has_evaluation_number && entry.facts.need.is_optional);
    CHECK_TEXT(entry.facts.need.pccs_path, "rootcacrl");
    CHECK_SPAN(((struct troth_span){entry.facts.crl_number, entry.facts.crl_number_len}),
               test_hex("1234"));
    CHECK(entry.facts.expires_s == TROTH_INSTANT_NEVER);
    troth_entry_release(&entry);

    test_case("what cannot stand in a header is not written");
    facts.source = "https://a.example/\r\nTroth-Expires: never";
    CHECK(!troth_entry_write(&file, &facts, &answer) && !file.bytes);
}

/* What a file has, what it has instead, and why it is then no entry. */
static const struct {
    const char *why, *from, *to, *refusal;
} damages[] = {
    {"as it was", "", "", NULL},
    {"another status", "200", "404", "no saved answer"},
    {"no end of its headers", "\r\n\r\n", "\r\nx\r\n", "no saved answer"},
    {"another format", "Entry: 1", "Entry: 2",
     "an answer that was saved by something else"},
    {"none of our headers", "Troth-", "Other-",
     "an answer that was saved by something else"},
    {"no kind", "Kind: 2", "Kind: 0", "what it says of itself is damaged"},
    {"a kind there is not", "Kind: 2", "Kind: 9", "what it says of itself is damaged"},
    {"a service there is not", "Service: 1", "Service: 4",
     "what it says of itself is damaged"},
    {"a date that is none", "Expires: 2", "Expires: x",
     "what it says of itself is damaged"},
    {"no address", "Troth-Source", "Troth-Surce", "what it says of itself is damaged"},
    {"another length", "Length: 2", "Length: 3", "it is not as long as it was"},
    {"another name", "Name: intel/tdx", "Name: intel/sgx",
     "it belongs under another name"},
    {"the early answer", "Update: standard", "Update: early",
     "it belongs under another name"},
    {"a name that none may have", "Name: intel", "Name: ../x",
     "it belongs under another name"},
};

static void test_damage(void)
{
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct troth_entry_facts facts = facts_of(&tcb_info);
        struct troth_http_answer answer = answer_of("", "{}");
        struct troth_file file, bent = {calloc(1, 4096), 0};
        struct troth_kept_entry entry;
        char *at;

        test_case("%s", damages[i].why);
        CHECK(troth_entry_write(&file, &facts, &answer));
        at = strstr((char *)file.bytes, damages[i].from);
        if (CHECK(at && bent.bytes))
            bent.len = (size_t)snprintf(
                (char *)bent.bytes, 4096, "%.*s%s%.*s", (int)(at - (char *)file.bytes),
                (char *)file.bytes, damages[i].to,
                (int)(file.len - (size_t)(at - (char *)file.bytes) -
                      strlen(damages[i].from)),
                at + strlen(damages[i].from));
        troth_file_release(&file);

        const char *why = troth_entry_read(&entry, &bent, tcb_info.name);

        CHECK_TEXT(why ? why : "", damages[i].refusal ? damages[i].refusal : "");
        CHECK((entry.texts == NULL) == (damages[i].refusal != NULL));
        troth_entry_release(&entry);
    }
}

static void test_name(void)
{
    struct troth_need need = tcb_info;
    char name[TROTH_STORE_NAME_ROOM];

    test_case("names, and the early answer's");
    CHECK(troth_entry_name(name, &need, TROTH_UPDATE_STANDARD));
    CHECK_TEXT(name, "intel/tdx/tcb/b0c06f000000");
    CHECK(troth_entry_name(name, &need, TROTH_UPDATE_EARLY));
    CHECK_TEXT(name, "intel/tdx/tcb/b0c06f000000.early");
    need.takes_update = false;
    CHECK(troth_entry_name(name, &need, TROTH_UPDATE_EARLY));
    CHECK_TEXT(name, "intel/tdx/tcb/b0c06f000000");
    need.name = "../x";
    CHECK(!troth_entry_name(name, &need, TROTH_UPDATE_STANDARD));
    CHECK_TEXT(name, "");
}

static const struct {
    const char *why;
    enum troth_need_kind kind;
    int64_t after_s; /* since it was fetched; it holds for 29 days */
    enum troth_entry_freshness wanted;
} ages[] = {
    {"a statement of now", TROTH_NEED_TCB_INFO, 0, TROTH_FRESH},
    {"a statement of a day ago", TROTH_NEED_QE_IDENTITY, DAY, TROTH_FRESH},
    {"an older statement", TROTH_NEED_QE_IDENTITY, DAY + 1, TROTH_STALE},
    {"an older list", TROTH_NEED_AMD_CRL, 20 * DAY, TROTH_STALE},
    {"a statement of the future, as other clocks have it", TROTH_NEED_TCB_INFO, -300,
     TROTH_FRESH},
    {"a statement of the future", TROTH_NEED_TCB_INFO, -301, TROTH_STALE},
    {"a statement whose time is over", TROTH_NEED_TCB_INFO, 29 * DAY, TROTH_EXPIRED},
    {"a certificate of a chip", TROTH_NEED_VCEK, 20 * DAY, TROTH_FRESH},
    {"certificates of its issuers", TROTH_NEED_AMD_CHAIN, 20 * DAY, TROTH_FRESH},
    {"a certificate of a platform", TROTH_NEED_PCK, 20 * DAY, TROTH_FRESH},
    {"a certificate whose time is over", TROTH_NEED_VCEK, 29 * DAY, TROTH_EXPIRED},
};

static void test_ages(void)
{
    struct troth_kept_entry entry = {.facts = facts_of(&tcb_info)};

    for (size_t i = 0; i < COUNT(ages); i++) {
        test_case("%s", ages[i].why);
        entry.facts.need.kind = ages[i].kind;
        CHECK_INT(troth_entry_freshness(&entry, NOW + ages[i].after_s), ages[i].wanted);
    }
    test_case("the time that an entry holds for");
    CHECK(!troth_entry_covers(&entry, NOW - DAY - 1));
    CHECK(troth_entry_covers(&entry, NOW - DAY));
    CHECK(troth_entry_covers(&entry, NOW + 29 * DAY - 1));
    CHECK(!troth_entry_covers(&entry, NOW + 29 * DAY));
}

static const struct {
    const char *why;
    int evaluation_number; /* offered; kept is 18; below 0: none */
    int64_t later_s;
    const char *kept_number, *offered_number; /* of lists */
    const char *goes_back;
} floors[] = {
    {"the same", 18, 0, "", "", NULL},
    {"newer in all", 19, 1, "01", "02", NULL},
    {"a lower evaluation number", 17, 100, "", "", "the evaluation number"},
    {"no evaluation number any more", -1, 100, "", "", "the evaluation number"},
    {"an earlier date", 18, -1, "", "", "the issue date"},
    {"an earlier date behind a higher evaluation number", 19, -1, "", "",
     "the issue date"},
    {"a lower list number", 18, 100, "02", "01", "the list's number"},
    {"a list number without its zeros", 18, 0, "0002", "02", NULL},
    {"a shorter list number", 18, 0, "0100", "ff", "the list's number"},
    {"a longer list number", 18, 0, "ff", "0100", NULL},
    {"no list number any more", 18, 0, "01", "", "the list's number"},
};

static void set_number(struct troth_kept_entry *entry, const char *hex)
{
    struct troth_span number = test_hex(hex);

    if (number.len)
        memcpy(entry->facts.crl_number, number.ptr, number.len);
    entry->facts.crl_number_len = number.len;
}

static void test_floors(void)
{
    for (size_t i = 0; i < COUNT(floors); i++) {
        struct troth_kept_entry kept = {.facts = facts_of(&tcb_info)}, offered = kept;
        const char *back;

        test_case("floor: %s", floors[i].why);
        offered.facts.has_evaluation_number = floors[i].evaluation_number >= 0;
        offered.facts.evaluation_number = (uint64_t)(floors[i].evaluation_number + 0);
        offered.facts.issued_s += floors[i].later_s;
        set_number(&kept, floors[i].kept_number);
        set_number(&offered, floors[i].offered_number);
        back = troth_entry_goes_back(&kept, &offered);
        CHECK_TEXT(back ? back : "", floors[i].goes_back ? floors[i].goes_back : "");
    }
    test_case("floor: a first evaluation number");
    struct troth_kept_entry kept = {.facts = facts_of(&tcb_info)}, offered = kept;

    kept.facts.has_evaluation_number = false;
    CHECK(!troth_entry_goes_back(&kept, &offered));
}

int main(void)
{
    test_round();
    test_damage();
    test_name();
    test_ages();
    test_floors();
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "init/cmdline.h"

#include "test/harness.h"

enum { REFUSED = -1, ON, OFF };

static const struct row {
    const char *why, *text;
    int what;
    uint32_t cid, port;
    const char *said; /* where it is refused */
} rows[] = {
    {"nothing at all", "", ON, 3, 9000, NULL},
    {"nothing of ours", "console=ttyS0 reboot=k panic=30\n", ON, 3, 9000, NULL},
    {"another place", "troth.heartbeat=1:9001", ON, 1, 9001, NULL},
    {"among others", "a troth.heartbeat=2:7  b\n", ON, 2, 7, NULL},
    {"the last one counts", "troth.heartbeat=off troth.heartbeat=1:2", ON, 1, 2, NULL},
    {"off", "quiet troth.heartbeat=off", OFF, 0, 0, NULL},
    {"the largest", "troth.heartbeat=4294967295:4294967295", ON, UINT32_MAX, UINT32_MAX,
     NULL},
    {"only the beginning of a word counts", "x=troth.heartbeat=off", ON, 3, 9000, NULL},
    {"no port", "troth.heartbeat=3", REFUSED, 0, 0, "'troth.heartbeat=3' makes no sense"},
    {"an empty port", "troth.heartbeat=3:", REFUSED, 0, 0, NULL},
    {"an empty machine", "troth.heartbeat=:9000", REFUSED, 0, 0, NULL},
    {"nothing behind it", "troth.heartbeat=", REFUSED, 0, 0, NULL},
    {"three parts", "troth.heartbeat=3:4:5", REFUSED, 0, 0, NULL},
    {"too large", "troth.heartbeat=3:4294967296", REFUSED, 0, 0, NULL},
    {"not a number", "troth.heartbeat=3:0x10", REFUSED, 0, 0, NULL},
    {"another case", "troth.heartbeat=OFF", REFUSED, 0, 0, NULL},
    {"an unknown word of ours", "quiet troth.shell=1", REFUSED, 0, 0,
     "'troth.shell=1' makes no sense"},
    {"a good one does not make up for a bad one", "troth.heartbeat=x troth.heartbeat=off",
     REFUSED, 0, 0, NULL},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        struct troth_init_heartbeat beat = {true, 7, 7};
        struct troth_init_fault fault = {""};
        const bool is_taken = troth_init_cmdline_parse(&beat, &fault,
                                                       test_text(row->text));

        test_case("command line: %s", row->why);
        CHECK_INT(is_taken, row->what != REFUSED);
        CHECK_INT(beat.is_off, row->what == OFF);
        CHECK_INT(beat.cid, row->cid);
        CHECK_INT(beat.port, row->port);
        if (row->said)
            CHECK_TEXT(fault.text, row->said);
    }
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What the relying party asks about a quote, and quotes that answer something else. */

#define TEN(x)   x x x x x x x x x x
#define HEX64(x) TEN(x) TEN(x) TEN(x) TEN(x) TEN(x) TEN(x) x x x x
#define HEX48(x) TEN(x) TEN(x) TEN(x) TEN(x) x x x x x x x x
#define HEX32(x) TEN(x) TEN(x) TEN(x) x x
#define HEX16(x) TEN(x) x x x x x x
#define N64      HEX64("c7")
#define N32      HEX32("c7")

#define ANY_CODE  "--any measurement "
#define ANY_NONCE "--any nonce "

/* The identity of the code: what every row is, in the order of the table. */
#define TD(name, byte) "--expect tdx." name "=" HEX48(byte)
#define MR_TD          TD("mr_td", "a0")
#define RTMR0          TD("rtmr0", "a1")
#define RTMR1          TD("rtmr1", "a2")
#define RTMR2          TD("rtmr2", "a3")
#define CONFIG         TD("mr_config_id", "a4")
#define MR_ENCLAVE     "--expect sgx.mr_enclave=" HEX32("b0")
#define ATTRIBUTES     "--expect sgx.attributes=0500000000000000e700000000000000"
#define CONFIG_ID      "--expect sgx.config_id=" HEX64("b2")

/* Known values in each of them; the answer is c7…, of so many bytes, then zeros. */
static void answer(struct intel_stage *s, int len)
{
    struct sim_sgx_report *sgx = &s->doc.quote.enclave;
    struct sim_td_report *td = &s->doc.quote.td;

    memset(td->mr_td, 0xa0, sizeof td->mr_td);
    memset(td->rtmr0, 0xa1, sizeof td->rtmr0);
    memset(td->rtmr1, 0xa2, sizeof td->rtmr1);
    memset(td->rtmr2, 0xa3, sizeof td->rtmr2);
    memset(td->mr_config_id, 0xa4, sizeof td->mr_config_id);
    memset(sgx->mr_enclave, 0xb0, sizeof sgx->mr_enclave);
    memset(sgx->mr_signer, 0xb1, sizeof sgx->mr_signer);
    memset(sgx->config_id, 0xb2, sizeof sgx->config_id);
    memset(td->report_data, 0xc7, (size_t)len);
    memset(sgx->report_data, 0xc7, (size_t)len);
}

static void answer_almost(struct intel_stage *s, int at)
{
    answer(s, 64);
    s->doc.quote.td.report_data[at] ^= 1;
    s->doc.quote.enclave.report_data[at] ^= 1;
}

/* In fields that the host, or the owner, chooses. */
static void answer_elsewhere(struct intel_stage *s, int number)
{
    (void)number;
    answer(s, 0);
    memset(s->doc.quote.header.user_data, 0xc7, sizeof s->doc.quote.header.user_data);
    memset(s->doc.quote.td.mr_owner, 0xc7, sizeof s->doc.quote.td.mr_owner);
    memset(s->doc.quote.td.rtmr3, 0xc7, sizeof s->doc.quote.td.rtmr3);
    memset(s->doc.quote.enclave.config_id, 0xc7, sizeof s->doc.quote.enclave.config_id);
}

/* The 64 bytes of app:nonce=c7…,user_data= (SHA-512 by another program). */
static void bind(struct intel_stage *s, int is_other)
{
    const struct troth_span bound = test_hex(
        "b70164adc71b9618acf4b5f5f83c22ca6252c8c37e7269f30eba99f5307caf15"
        "238b5d0cb9263a1bb647049f403a1a25ef9f5df8d217ed543c8528d78d9b8bb9");

    answer(s, 0);
    memcpy(s->doc.quote.td.report_data, bound.ptr, bound.len);
    memcpy(s->doc.quote.enclave.report_data, bound.ptr, bound.len);
    s->doc.quote.td.report_data[63] ^= is_other != 0;
    s->doc.quote.enclave.report_data[63] ^= is_other != 0;
}

/* Another enclave by the same signer; the identity is the enclave's. */
static void same_signer(struct intel_stage *s, int number)
{
    (void)number;
    answer(s, 64);
    s->doc.quote.enclave.mr_enclave[31] ^= 1;
}

static void other_register(struct intel_stage *s, int which)
{
    struct sim_td_report *td = &s->doc.quote.td;
    uint8_t *const registers[] = {td->mr_td, td->rtmr0,        td->rtmr1,
                                  td->rtmr2, td->mr_config_id, td->rtmr3};

    answer(s, 64);
    registers[which][47] ^= 1;
}

/* Registers that nothing was measured into. */
static void zero_registers(struct intel_stage *s, int number)
{
    (void)number;
    answer(s, 64);
    memset(s->doc.quote.td.rtmr0, 0, 48);
    memset(s->doc.quote.td.rtmr1, 0, 48);
    memset(s->doc.quote.td.rtmr2, 0, 48);
}

/* clang-format off */
#define SGX(why, change, number, options, line) {why, SIM_SGX_V3, change, number, options, line}
#define TDX(why, change, number, options, line) {why, SIM_TDX_V4, change, number, options, line}
#define BOTH(why, change, number, options, line) SGX(why, change, number, options, line), TDX(why, change, number, options, line)
#define ALL_TD  MR_TD " " RTMR0 " " RTMR1 " " RTMR2 " " CONFIG
#define ALL_SGX MR_ENCLAVE " " ATTRIBUTES " " CONFIG_ID
#define NO_NONCE "refused: nonce"
#define NO_CODE  "refused: measurement"

static const struct intel_attack rows[] = {
    /* why, change, number, options, line */
    BOTH("nothing named", answer, 64, "", "refused: measurement nonce"),
    BOTH("code not named", answer, 64, "--nonce " N64, NO_CODE),
    BOTH("nonce not named", answer, 64, ANY_CODE, NO_NONCE),

    BOTH("the nonce", answer, 64, ANY_CODE "--nonce " N64, "accepted"),
    BOTH("nonce of 32 bytes, then zeros", answer, 32, ANY_CODE "--nonce " N32, NO_NONCE),
    BOTH("nonce of 32 bytes and its zeros", answer, 32, ANY_CODE "--nonce " N32 HEX32("00"), "accepted"),
    BOTH("nonce is a prefix of what is there", answer, 64, ANY_CODE "--nonce " N32, NO_NONCE),
    BOTH("what is there is a prefix of the nonce", answer, 32, ANY_CODE "--nonce " N64, NO_NONCE),
    BOTH("nonce a byte short", answer, 63, ANY_CODE "--nonce " N64, NO_NONCE),
    BOTH("nonce a byte longer than there is room", answer, 64, ANY_CODE "--nonce " N64 "c7", NO_NONCE),
    BOTH("no nonce", answer, 0, ANY_CODE "--nonce " N64, NO_NONCE),
    BOTH("empty nonce", answer, 64, ANY_CODE "--nonce ", NO_NONCE),
    BOTH("first byte of the nonce", answer_almost, 0, ANY_CODE "--nonce " N64, NO_NONCE),
    BOTH("last byte of the nonce", answer_almost, 63, ANY_CODE "--nonce " N64, NO_NONCE),
    BOTH("nonce in other fields", answer_elsewhere, 0, ANY_CODE "--nonce " N64, NO_NONCE),
    TDX("nonce by the family's name", answer, 64, ANY_CODE "--expect tdx.report_data=" N64, "accepted"),
    SGX("nonce by the family's name", answer, 64, ANY_CODE "--expect sgx.report_data=" N64, "accepted"),
    TDX("other nonce by the family's name", answer_almost, 7, ANY_CODE "--expect tdx.report_data=" N64, NO_NONCE),
    TDX("nonce by the other family's name", answer, 64, ANY_CODE "--expect sgx.report_data=" N64, "refused: nonce claim"),
    BOTH("the binding", bind, 0, ANY_CODE "--binding app:nonce=" N32 ",user_data=", "accepted"),
    BOTH("last byte of the binding", bind, 1, ANY_CODE "--binding app:nonce=" N32 ",user_data=", NO_NONCE),
    BOTH("binding of another nonce", bind, 0, ANY_CODE "--binding app:nonce=" N64 ",user_data=", NO_NONCE),
    BOTH("bare nonce where a binding is wanted", answer, 32, ANY_CODE "--binding app:nonce=" N32 ",user_data=", NO_NONCE),

    TDX("all that is the code", answer, 64, ANY_NONCE ALL_TD, "accepted"),
    TDX("MRTD omitted", answer, 64, ANY_NONCE RTMR0 " " RTMR1 " " RTMR2 " " CONFIG, NO_CODE),
    TDX("RTMR0 omitted", answer, 64, ANY_NONCE MR_TD " " RTMR1 " " RTMR2 " " CONFIG, NO_CODE),
    TDX("RTMR1 omitted", answer, 64, ANY_NONCE MR_TD " " RTMR0 " " RTMR2 " " CONFIG, NO_CODE),
    TDX("RTMR2 omitted", answer, 64, ANY_NONCE MR_TD " " RTMR0 " " RTMR1 " " CONFIG, NO_CODE),
    TDX("MRCONFIGID omitted", answer, 64, ANY_NONCE MR_TD " " RTMR0 " " RTMR1 " " RTMR2, NO_CODE),
    TDX("MRTD alone", answer, 64, ANY_NONCE MR_TD, NO_CODE),
    TDX("MRTD differs", other_register, 0, ANY_NONCE ALL_TD, NO_CODE),
    TDX("RTMR0 differs", other_register, 1, ANY_NONCE ALL_TD, NO_CODE),
    TDX("RTMR1 differs", other_register, 2, ANY_NONCE ALL_TD, NO_CODE),
    TDX("RTMR2 differs", other_register, 3, ANY_NONCE ALL_TD, NO_CODE),
    TDX("MRCONFIGID differs", other_register, 4, ANY_NONCE ALL_TD, NO_CODE),
    TDX("RTMR3 is no code", other_register, 5, ANY_NONCE ALL_TD, "accepted"),
    TDX("RTMR3 named, and differs", other_register, 5, ANY_NONCE ALL_TD " " TD("rtmr3", "00"), "refused: claim"),
    TDX("registers exchanged", answer, 64, ANY_NONCE MR_TD " " TD("rtmr0", "a2") " " TD("rtmr1", "a1") " " RTMR2 " " CONFIG, NO_CODE),
    TDX("nothing was measured", zero_registers, 0, ANY_NONCE ALL_TD, NO_CODE),
    TDX("one register any, all others named", other_register, 3, ANY_NONCE MR_TD " " RTMR0 " " RTMR1 " " CONFIG " --any tdx.rtmr2", "accepted"),
    TDX("one register any, another omitted", answer, 64, ANY_NONCE MR_TD " " RTMR0 " " RTMR1 " --any tdx.rtmr2", NO_CODE),
    TDX("one register wrong, the others any", other_register, 3, TRIAL_ANY RTMR2, NO_CODE),
    TDX("the measurement", answer, 64, ANY_NONCE "--expect measurement=mr_td=" HEX48("a0") ",rtmr0=" HEX48("a1") ",rtmr1=" HEX48("a2") ",rtmr2=" HEX48("a3") ",mr_config_id=" HEX48("a4"), "accepted"),
    TDX("the measurement without its end", answer, 64, ANY_NONCE "--expect measurement=mr_td=" HEX48("a0") ",rtmr0=" HEX48("a1") ",rtmr1=" HEX48("a2") ",rtmr2=" HEX48("a3"), NO_CODE),

    SGX("all that is the code", answer, 64, ANY_NONCE ALL_SGX, "accepted"),
    SGX("MRENCLAVE omitted", answer, 64, ANY_NONCE ATTRIBUTES " " CONFIG_ID, NO_CODE),
    SGX("ATTRIBUTES omitted", answer, 64, ANY_NONCE MR_ENCLAVE " " CONFIG_ID, NO_CODE),
    SGX("CONFIGID omitted", answer, 64, ANY_NONCE MR_ENCLAVE " " ATTRIBUTES, NO_CODE),
    SGX("MRSIGNER is no code", answer, 64, ANY_NONCE "--expect sgx.mr_signer=" HEX32("b1"), NO_CODE),
    SGX("another enclave by the same signer", same_signer, 0, ANY_NONCE ALL_SGX, NO_CODE),
    SGX("another enclave by the same signer, who is named", same_signer, 0, TRIAL_ANY "--expect sgx.mr_signer=" HEX32("b1"), "accepted"),
    SGX("CONFIGID differs", answer_elsewhere, 0, ANY_NONCE ALL_SGX, NO_CODE),

    SGX("another version of the product", answer, 64, TRIAL_ANY "--expect sgx.isv_svn=3", "refused: claim"),
    SGX("this version of the product", answer, 64, TRIAL_ANY "--expect sgx.isv_svn=2", "accepted"),
    TDX("another TEE", answer, 64, TRIAL_ANY "--expect kind=sgx", "refused: claim"),
    SGX("another TEE", answer, 64, TRIAL_ANY "--expect kind=tdx", "refused: claim"),
    TDX("field that TD 1.0 does not have", answer, 64, TRIAL_ANY "--expect tdx.mr_servicetd=" HEX48("00"), "refused: claim"),
    TDX("field that TD 1.0 does not have, empty", answer, 64, TRIAL_ANY "--expect tdx.mr_servicetd=", "refused: claim"),
    TDX("another platform", answer, 64, TRIAL_ANY "--expect hardware_id=" HEX16("00"), "refused: claim"),
    TDX("this kind of platform", answer, 64, TRIAL_ANY "--expect dcap.fmspc=90c06f000000", "accepted"),
    TDX("another kind of platform", answer, 64, TRIAL_ANY "--expect dcap.fmspc=90c06f000001", "refused: claim"),
    TDX("newer collateral wanted", answer, 64, TRIAL_ANY "--expect dcap.tcb_info.evaluation_number=19", "refused: claim"),
    TDX("finding of the other TEE", answer, 64, TRIAL_ANY "--allow sgx.xfrm.bit63", "accepted"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_qe.h"

struct sim_bytes sim_intel_qe_mint(const struct sim_intel_qe *identity)
{
    struct sim_bytes out = {0};

    sim_json_open(&out, NULL, '{');
    sim_json_text(&out, "id", sim_text(identity->id));
    sim_json_number(&out, "version", identity->version);
    sim_json_time(&out, "issueDate", identity->issue_date_s);
    sim_json_time(&out, "nextUpdate", identity->next_update_s);
    sim_json_number(&out, "tcbEvaluationDataNumber", identity->evaluation_number);
    sim_json_hex(&out, "miscselect", SIM_ARRAY(identity->misc_select));
    sim_json_hex(&out, "miscselectMask", SIM_ARRAY(identity->misc_select_mask));
    sim_json_hex(&out, "attributes", SIM_ARRAY(identity->attributes));
    sim_json_hex(&out, "attributesMask", SIM_ARRAY(identity->attributes_mask));
    sim_json_hex(&out, "mrsigner", SIM_ARRAY(identity->mr_signer));
    sim_json_number(&out, "isvprodid", identity->isv_prod_id);
    sim_intel_put_isv_levels(&out, &identity->levels);
    sim_json_close(&out, '}');
    return out;
}

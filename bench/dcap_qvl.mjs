// SPDX-License-Identifier: Apache-2.0
// How many genuine quotes a second @phala/dcap-qvl verifies: lines of "name<TAB>rate".
// usage: node dcap_qvl.mjs FOLDER_OF_NODE_MODULES VECTORS
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [folder, vectors] = process.argv.slice(2).map((path) => resolve(path));
const { verify } = createRequire(`${folder}/`)('@phala/dcap-qvl');

// Names and times as in bench/dcap.c and bench/quotes.c.
const pairs = [
    ['TDX v4, genuine', 'tdx/phala_tdx_v4', 1751624191],
    ['SGX v3, genuine', 'sgx/phala_sgx_v3', 1751624924],
];

function rate(run, seconds) {
    const start = performance.now();
    let done = 0;
    let ran;

    do {
        run();
        done++;
        ran = (performance.now() - start) / 1000;
    } while (ran < seconds);
    return done / ran;
}

for (const [name, stem, time] of pairs) {
    const quote = new Uint8Array(readFileSync(`${vectors}/${stem}_quote.bin`));
    const collateral = JSON.parse(readFileSync(`${vectors}/${stem}_collateral.json`, 'utf8'));

    for (const field of ['root_ca_crl', 'pck_crl', 'tcb_info_signature', 'qe_identity_signature'])
        collateral[field] = new Uint8Array(Buffer.from(collateral[field], 'hex'));
    const run = () => verify(quote, collateral, time);

    rate(run, 1); // let it be compiled
    console.log(`${name}\t${rate(run, 3).toFixed(2)}`);
}

// SPDX-License-Identifier: Apache-2.0
// Another reader and writer of tokens.
// usage: node jose.mjs FOLDER verify PUB.pem ALG TIME < token     prints header and payload
//        node jose.mjs FOLDER sign KEY.pem ALG < payload          prints a token
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [folder, verb, key, algorithm, time] = process.argv.slice(2);
const path = createRequire(`${folder}/`).resolve('jose');
const jose = await import(pathToFileURL(path));
const pem = readFileSync(key, 'utf8');
const input = readFileSync(0, 'utf8').trim();

if (verb === 'verify') {
    const { payload, protectedHeader } = await jose.jwtVerify(input, await jose.importSPKI(pem, algorithm), {
        algorithms: [algorithm],
        currentDate: new Date(Number(time) * 1000),
        requiredClaims: ['iat', 'exp', 'eat_profile', 'submods'],
    });
    console.log(JSON.stringify({ header: protectedHeader, payload }));
} else {
    const signer = new jose.SignJWT(JSON.parse(input)).setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: 'a' });
    console.log(await signer.sign(await jose.importPKCS8(pem, algorithm)));
}

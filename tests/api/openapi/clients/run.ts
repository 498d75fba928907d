// Lists two articles and changes one with each generated client; prints what they got as JSON.
import { use as heyApi } from "./hey_api";
import { use as openapiFetch } from "./openapi_fetch";
import { use as orval } from "./orval";

declare const process: { argv: string[] };

async function main(base: string, token: string): Promise<void> {
  const got = { heyApi: await heyApi(base, token), openapiFetch: await openapiFetch(base, token), orval: await orval(base, token) };
  console.log(JSON.stringify(got));
}

void main(process.argv[2], process.argv[3]);

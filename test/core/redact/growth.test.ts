import { describe, expect, it } from "vitest";
import { redact } from "../../../core/src/redact/redact.ts";

/** Beginnings of everything the rules look for, never finished: what makes a careless expression try again and again. */
const UNITS = [
  ..."a@.:-_=/\\\"'`$%{[(<*1A+ \t\n",
  ..."a@ a. @a. a@a. a- -a 1- 1_ A1 :a a: a:b, ://".split(" "),
  ..."a:// ://a: ://a:b ://a:b/ ://a:b@ a%3A %3A%2F%2F %3A%2F%2Fa%3A %40 \\/\\/ :\\/\\/a:".split(" "),
  ...'password= password: password=" password=\'\\ pwd= pwd=\\" pwd=a, pwd=a; password=[ pwd\\ pass_ secret. token[ key key_ apikey'.split(
    " ",
  ),
  ..."aaaaaaaaaaaaaaaakey api_key= sid session_id= eyJ eyJaaaaaaaa. eyJaaaaaaaa.eyJ %20eyJ \\neyJ AKIA ghp_ sk- xoxb- xoxb-a- glpat- SG.".split(
    " ",
  ),
  "password: |\n",
  "password: \n",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----\n+++++++++++++++++",
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkq\n",
  "-----END PRIVATE KEY-----",
  "Bearer ",
  "Bearer a",
  "Basic a",
  "Authorization: ",
  "Authorization: Basic Og==",
  "Cookie: a=",
  "Cookie: ;a=b",
  "Signature=",
  "X-Api-Key: ",
  "curl -u a:",
  "curl ",
  " -u a:bb",
  "mysql -p",
  " -pabc",
  "name: password\n",
  "name: password value: ",
  '\\"name\\":',
  "--password ",
  " -a-password",
  "login a password ",
  "IDENTIFIED BY '",
  "jdbc:oracle:thin:a/b",
  "host:5432:a:b:",
  "a@tcp(",
  "mongodb://a:b",
  "https://hooks.slack.com/services/",
  "AWS_SECRET_ACCESS_KEY=",
  "AWS_SECRET_ACCESS_KEY   ",
  `aws_secret_access_key = ${"q7Hs".repeat(10)}\n`,
  "4111 ",
  "4111-1111-",
  "4111111111111111 ",
  "DE89 3704 ",
  "kind: Secret\n",
  "kind: Secret\n---\n",
  "kind: Secret\ndata:\n a: b\n",
  "data:\n ",
  "$2b$12$",
  "$6$a",
  "[redacted:",
  "[redacted:jwt]",
  "password=[redacted:jwt]",
  "password=hunter2 ",
  "ada@example.com ",
  "password_a",
  "password_a.b-c",
  "--password_a",
  "key_",
  'variable "password" {',
  'variable "password" { default =',
  'getenv("password",',
  "phone ",
  "phone: 1",
  "+49 ",
  "+4(9) ",
  "(201) ",
  "01 23 ",
  "token aaaaaaaaaaaaaaaa1",
  "discord.com/api/webhooks/1/",
  ".logic.azure.com/a?sig=",
  "asana = ",
  "jira.jira.jira ",
  "sk_live_ ",
  "A_b1",
  "auth: YTpi",
  "unseal key ",
];
const SMALL = 4_000;
const TIMES = 16;
/** Linear growth gives 16 and quadratic 256, or at least 128 where the smaller text is lost in the noise. */
const MAX_GROWTH = 100;

const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

async function shortest(text: string, runs: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await redact(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Measured again when it looks bad, since a busy machine can only make it look worse. */
async function minGrowth(unit: string, floor: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 8 && least > MAX_GROWTH; attempt++) {
    const small = await shortest(fill(unit, SMALL), 3);
    const large = await shortest(fill(unit, SMALL * TIMES), 3);
    least = Math.min(least, large / Math.max(small, floor));
  }
  return least;
}

describe("redaction of hostile input", () => {
  it("takes time in proportion to length, whatever is repeated", async () => {
    // Below this, noise is all there is to measure: an ordinary text of the larger size, in this run.
    const floor = await shortest(fill("GET /quote 200 12ms trace=4bf92f3577b34da6 ", SMALL * TIMES), 5);
    const grown: string[] = [];
    let slowest = { unit: "", times: 0 };
    for (const unit of UNITS) {
      const large = await shortest(fill(unit, SMALL * TIMES), 1);
      if (large / floor > slowest.times) slowest = { unit, times: large / floor };
      if (large < floor * 8) continue;
      const growth = await minGrowth(unit, floor / TIMES);
      if (growth > MAX_GROWTH)
        grown.push(`${JSON.stringify(unit)}: ${growth.toFixed(1)} for ${TIMES} times the length`);
    }
    console.log(`slowest: ${JSON.stringify(slowest.unit)}, ${slowest.times.toFixed(1)} times an ordinary text`);
    expect(grown).toEqual([]);
  }, 120_000);
});

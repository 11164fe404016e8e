import { join } from "node:path";
import { functionsContract } from "../../support/lambda/functions-contract.ts";

const client = [join(import.meta.dirname, "../../support/lambda/runtime-client.mjs")];

functionsContract("a runtime client of the tests' own", { node: process.execPath, client });

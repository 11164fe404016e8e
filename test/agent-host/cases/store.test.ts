import { dynaliteTables, sqliteTables } from "./open-tables.ts";
import { storeContract } from "./store-contract.ts";

storeContract("SQLite", sqliteTables());
storeContract("DynamoDB (dynalite)", dynaliteTables());

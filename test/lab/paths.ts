import path from "node:path";

/** Where the lab keeps what. */
export const LAB = import.meta.dirname;
export const SHOP_TEMPLATE = path.join(LAB, "shop");
export const RUNBOOKS = path.join(LAB, "runbooks");
export const RULES = path.join(LAB, "monitoring", "rules.yml");
export const RESOURCE_PROGRAM = path.join(LAB, "estate", "resources", "main.js");
export const WORK = path.join(LAB, ".work");
export const RECORDINGS = path.join(LAB, "..", "recordings");

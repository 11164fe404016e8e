import { pattern } from "../rule.ts";

/** US social security numbers in the form they are written in, without the ranges that are never issued. */
export const socialSecurity = pattern(
  "ssn",
  /(?<![\w.:/-]|\d )(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w]|[-.:/]\d)/dg,
);

import { readFileSync } from "node:fs";

/**
 * Secrets and telephone numbers in shapes of public sets (praetorian-inc/noseyparker's and mongodb/kingfisher's examples and
 * Yelp/detect-secrets' tests, Apache-2.0; the example numbers of libphonenumber, Apache-2.0). What follows a vendor's prefix was
 * drawn anew. The halves were parted by the source's file before anything was looked at: rules were made on `work` alone.
 */
export interface PublicCase {
  readonly set: "work" | "kept";
  readonly source: string;
  readonly kind: "credential" | "phone-number";
  readonly text: string;
  readonly secret: string;
  /** The text is more than the secret's own characters, so that any change of it counts. */
  readonly whole: boolean;
}

interface Stored extends Omit<PublicCase, "secret" | "whole"> {
  readonly secrets: readonly (readonly string[])[];
  readonly whole?: boolean;
}

export const publicCases: readonly PublicCase[] = readFileSync(
  new URL("./corpus/public.ndjson", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const { secrets, text, whole = false, ...rest } = JSON.parse(line) as Stored;
    const secret = secrets[0]?.join("") ?? "";
    return { ...rest, text: text.replaceAll("{{0}}", secret), secret, whole };
  });

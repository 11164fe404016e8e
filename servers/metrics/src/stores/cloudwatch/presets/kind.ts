import type { Arn } from "../arn.ts";
import type { Formula } from "../formula.ts";
import type { Dimensions } from "../metric.ts";

/** One kind of AWS resource: how it is named, and which signals its metrics tell. */
export interface Kind {
  readonly namespace: string;
  /** What stands in an annotation in place of an ARN, for messages: `FUNCTION`. */
  readonly takes: string;
  /** The dimensions behind what an annotation holds; undefined where it is not understood. */
  named(text: string): Dimensions | undefined;
  /** The same behind an ARN; undefined where it is of another kind. */
  arn(arn: Arn): Dimensions | undefined;
  /** By signal. Depends on the dimensions where a resource may be narrowed down. */
  signals(dimensions: Dimensions): Readonly<Record<string, Formula>>;
}

/** What a name may be: AWS' own names have no spaces, and what has some is a mistake that would find nothing. */
const NAME = /^[^\s,]{1,255}$/;

/** For kinds that are named by one dimension. */
export const byName =
  (dimension: string): Kind["named"] =>
  (text) =>
    NAME.test(text) ? { [dimension]: text } : undefined;

/** For kinds whose ARN ends in the value of one dimension. */
export const byArn =
  (service: string, resource: RegExp, dimension: string): Kind["arn"] =>
  (arn) => {
    const name = arn.service === service ? resource.exec(arn.resource)?.[1] : undefined;
    return name === undefined ? undefined : { [dimension]: name };
  };

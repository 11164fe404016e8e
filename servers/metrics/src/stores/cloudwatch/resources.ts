import { type CatalogEntry, ConfigError } from "@oncall-copilot/core";
import { type Arn, readArn } from "./arn.ts";
import type { Dimensions } from "./metric.ts";
import type { Kind } from "./presets/kind.ts";
import { KINDS } from "./presets/kinds.ts";

/** `oncall/cloudwatch.lambda: checkout`, or an ARN in place of the name. */
export const RESOURCE_ANNOTATION = "oncall/cloudwatch.";
/** Where Backstage's own AWS plugins and providers put an ARN: `amazonaws.com/arn`, `aws.amazon.com/amazon-ecs-service-arn`, ... */
const PLUGIN_ARN = /^(?:amazonaws|aws\.amazon|amazon|aws)\.com\/(?:[\w-]+-)?arn$/;
/** Where its Lambda plugin puts names; the first is read. */
const PLUGIN_LAMBDA = "aws.com/lambda-function-name";

/** One AWS resource that a catalog entry stands for. */
export interface Resource {
  readonly kind: Kind;
  readonly dimensions: Dimensions;
  /** The region that its ARN names. */
  readonly region: string | undefined;
}

/** The resources of an entry, in the order of its annotations. Throws ConfigError for one of our own that is not understood. */
export function resourcesOf({ name, annotations }: CatalogEntry): readonly Resource[] {
  return Object.entries(annotations).flatMap(([key, value]): Resource[] => {
    if (key.startsWith(RESOURCE_ANNOTATION)) return [own(name, key, value.trim())];
    if (PLUGIN_ARN.test(key)) return byArn(readArn(value));
    if (key === PLUGIN_LAMBDA && KINDS["lambda"]) {
      const dimensions = KINDS["lambda"].named(value.split(",")[0]?.trim() ?? "");
      return dimensions ? [{ kind: KINDS["lambda"], dimensions, region: annotations["aws.com/lambda-region"] }] : [];
    }
    return [];
  });
}

function byArn(arn: Arn | undefined): Resource[] {
  if (arn === undefined) return [];
  for (const kind of Object.values(KINDS)) {
    const dimensions = kind.arn(arn);
    if (dimensions) return [{ kind, dimensions, region: arn.region || undefined }];
  }
  return [];
}

function own(name: string, key: string, value: string): Resource {
  const where = `catalog: ${name}, ${key}`;
  const called = key.slice(RESOURCE_ANNOTATION.length);
  const kind = Object.hasOwn(KINDS, called) ? KINDS[called] : undefined;
  if (kind === undefined) throw new ConfigError(`${where}: there are ${Object.keys(KINDS).join(", ")}`);
  const arn = readArn(value);
  const dimensions = arn ? kind.arn(arn) : kind.named(value);
  if (dimensions === undefined) throw new ConfigError(`${where}: takes ${kind.takes}, or the ARN`);
  return { kind, dimensions, region: arn?.region || undefined };
}

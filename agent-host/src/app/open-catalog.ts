import type { Catalog } from "@oncall-copilot/core";
import { openCatalogSource } from "@oncall-copilot/core/backend";
import { commonVariables, readEnvironment } from "@oncall-copilot/core/server";
import { z } from "zod";

const CatalogVariables = z.object({
  ONCALL_CATALOG_TOKEN: commonVariables.ONCALL_CATALOG_TOKEN,
  ONCALL_CATALOG_CA: commonVariables.ONCALL_CATALOG_CA,
});

/**
 * The catalog at a place, a file or the address of a Backstage, read and checked.
 *
 * @throws ConfigError that says what is wrong with it or with the way there
 */
export async function openCatalogAt(place: string, env: NodeJS.ProcessEnv): Promise<Catalog> {
  const catalog = await openCatalogSource({ ...readEnvironment(CatalogVariables, env), ONCALL_CATALOG: place });
  catalog.check();
  return catalog;
}

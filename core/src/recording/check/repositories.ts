import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Catalog } from "../../catalog/catalog.ts";
import { DEPLOY_REPOSITORY, repositoriesNamed } from "../../catalog/repositories.ts";
import { RECORDING_PARTS } from "../recording.ts";
import { FileProblems, type RecordingProblem } from "./problems.ts";
import { checkRepository, type Upstream } from "./repository.ts";

/** `repos/OWNER/NAME.bundle`: each bundle, and that the catalog and the folder name the same repositories. */
export async function checkRepositories(
  folder: string,
  catalog: Catalog | undefined,
): Promise<{ upstream: Upstream; problems: RecordingProblem[] }> {
  const found: RecordingProblem[] = [];
  const commits = new Set<string>();
  const named = new Set((catalog?.entries() ?? []).flatMap((entry) => repositoriesNamed(entry)));
  const here = new Set<string>();
  for (const path of await filesIn(folder)) {
    const problems = new FileProblems(`${RECORDING_PARTS.repositories}/${path}`);
    const slug = /^([\w.-]+\/[\w.-]+)\.bundle$/.exec(path)?.[1];
    if (slug === undefined) problems.error("is no repository; its path must be repos/OWNER/NAME.bundle");
    else {
      here.add(slug);
      const upstream = await checkRepository(join(folder, path), problems);
      for (const id of upstream?.commits ?? []) commits.add(id);
      if (catalog && !named.has(slug))
        problems.warning(
          `no entity of catalog.yaml lives in it, so nobody can ask for it; annotate one with github.com/project-slug or ${DEPLOY_REPOSITORY}: ${slug}`,
        );
    }
    found.push(...problems.list());
  }
  const problems = new FileProblems(RECORDING_PARTS.repositories);
  for (const slug of named) {
    if (!here.has(slug))
      problems.warning(`${slug} of catalog.yaml is not here; add ${slug}.bundle, or its changes cannot be seen`);
  }
  found.push(...problems.list());
  return { upstream: { name: `${RECORDING_PARTS.repositories}/`, commits }, problems: found };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

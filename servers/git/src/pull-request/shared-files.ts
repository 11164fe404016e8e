import type { Ownership } from "../paths/ownership.ts";
import { SHARED_PATHS } from "../paths/service-paths.ts";
import { inlineCode } from "./defuse.ts";

/** A changed file that is not the service's own, and who else of the catalog declares it. */
export interface SharedFile {
  readonly path: string;
  readonly others: readonly string[];
}

/** Those of a change's files that the service only shares: reviewers must look twice. */
export function sharedFiles(
  files: readonly { readonly path: string }[],
  service: string,
  ownership: Ownership,
): readonly SharedFile[] {
  return files
    .filter(({ path }) => !ownership.ownersOf(path).includes(service))
    .map(({ path }) => ({ path, others: ownership.sharersOf(path).filter((name) => name !== service) }));
}

/** For the answer, in a sentence. */
export function sharedText(shared: readonly SharedFile[]): string {
  if (shared.length === 0) return "";
  const others = [...new Set(shared.flatMap((file) => file.others))];
  const declared = others.length === 0 ? "declared by no other service" : `also declared by ${listed(others)}`;
  return ` It changes ${shared.length === 1 ? "1 shared file" : `${shared.length} shared files`}, ${declared}.`;
}

/** For the pull request, as Markdown. */
export function sharedNote(shared: readonly SharedFile[], service: string): string {
  if (shared.length === 0) return "";
  const rows = shared.map(({ path, others }) => {
    const who =
      others.length === 0
        ? "no other service of the catalog declares it, which does not mean that none takes it"
        : `the catalog has it as shared for ${listed(others.map((name) => inlineCode(name)))} too`;
    return `- ${inlineCode(path)}: ${who}`;
  });
  const what = shared.length === 1 ? "A file here is shared" : `${shared.length} files here are shared`;
  return `\n\n**Look twice. ${what}, not ${inlineCode(service)}'s own.** A change reaches whoever takes it. It is allowed by ${inlineCode(SHARED_PATHS)} of ${inlineCode(service)} in the catalog.\n\n${rows.join("\n")}`;
}

const MAX_NAMED = 12;

function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return `${names.slice(0, MAX_NAMED).join(", ")}${more}`;
}

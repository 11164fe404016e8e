import type { Evidence } from "@oncall-copilot/core";

/** Files that say how something runs, and not what it does. */
const CONFIGURATION = /\.(?:ya?ml|json|toml|ini|properties|conf|cfg|env|tfvars|tf|hcl|xml)$|(?:^|\/)\.env(?:\.|$)/i;
/** Such files that are part of a program all the same: what it is built from. */
const BUILD =
  /(?:^|\/)(?:package(?:-lock)?|tsconfig|composer|pom|Cargo|pyproject)\.\w+$|(?:^|\/)(?:go\.(?:mod|sum)|yarn\.lock)$/i;

/** The paths that the evidence of a commit names: in its diff's headers, or in its list of files. */
function pathsIn({ text }: Evidence): string[] {
  const lines = text.split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, path] = /^(?:\+\+\+ b\/|--- a\/|[AMDT] )(.+?)(?: (?:\+\d+ -\d+|binary))?$/.exec(line) ?? [];
    return path === undefined ? [] : [path];
  });
}

/** Whether a commit changes configuration alone. One whose paths are not told does not count as such. */
export function isConfiguration(evidence: Evidence): boolean {
  const paths = pathsIn(evidence);
  return paths.length > 0 && paths.every((path) => CONFIGURATION.test(path) && !BUILD.test(path));
}

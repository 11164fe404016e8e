/** Folders whose content a forge, a CI system or git itself acts upon. Compared in lower case, at any depth. */
const FOLDERS = new Set([
  ...[".github", ".gitlab", ".gitea", ".forgejo", ".git", ".githooks", ".husky", ".lefthook"],
  ...[".circleci", ".buildkite", ".azure-pipelines", ".teamcity", ".semaphore", ".tekton", ".woodpecker", ".ci"],
]);

const FILES = new Set([
  ...["codeowners", ".gitattributes", ".gitmodules", ".gitconfig", ".mailmap", "jenkinsfile"],
  ...[".pre-commit-config.yaml", ".pre-commit-hooks.yaml", "cloudbuild.json"],
]);

/** CI files that are told by how their name begins or ends. */
const NAMES = [
  /^\.?gitlab-ci(?:\.|$)/,
  /\.gitlab-ci\.ya?ml$/,
  /^jenkinsfile(?:\.|$)/,
  /\.jenkinsfile$/,
  /^\.?lefthook(?:-local)?\./,
  /^azure-pipelines?[\w.-]*\.ya?ml$/,
  /^\.?(?:travis|drone|appveyor|cirrus|woodpecker|wercker|codeship-steps|bitbucket-pipelines|cloudbuild|buildspec|buildkite)\.(?:ya?ml|star)$/,
  /^git~\d/, // the 8.3 name of .git on Windows
];

/** Whether merging a change to this path runs code or changes who must review: CI, hooks, owners, git's own files. */
export function runsCodeOnMerge(path: string): boolean {
  const parts = path.normalize("NFKC").toLowerCase().split("/");
  const name = parts.at(-1) ?? "";
  if (parts.some((part) => FOLDERS.has(part) || /^git~\d/.test(part))) return true;
  return FILES.has(name) || NAMES.some((pattern) => pattern.test(name));
}

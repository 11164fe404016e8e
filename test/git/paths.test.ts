import { type CatalogEntry, riskOfPath } from "@oncall-copilot/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../servers/git/src/paths/glob.ts";
import { pathProblem } from "../../servers/git/src/paths/safe-path.ts";
import { owns, servicePaths } from "../../servers/git/src/paths/service-paths.ts";

const entry = (annotations: Record<string, string>): CatalogEntry => ({
  ...{
    name: "pricing",
    id: "component:default/pricing",
    metadataName: "pricing",
    kind: "service",
    type: "service",
    dependsOn: [],
    annotations,
  },
});

describe("a glob", () => {
  it.each([
    ["services/x/a/b.js", "services/x/**", true],
    ["services/x", "services/x/**", true],
    ["services/xy/a.js", "services/x/**", false],
    ["deploy/x.yaml", "deploy/*.yaml", true],
    ["deploy/a/x.yaml", "deploy/*.yaml", false],
    ["a/b/c/d.tf", "**/*.tf", true],
    ["d.tf", "**/*.tf", true],
    ["a/x/b/x/c", "a/**/x/c", true],
    ["abc", "a?c", true],
    ["a/c", "a?c", false],
    ["a.b", "a+b", false],
    ["(a)[b]", "(a)[b]", true],
  ])("on %s: %s is %s", (path, glob, fits) => {
    expect(matchesGlob(path, glob)).toBe(fits);
  });

  it("takes everything literally that is no star or question mark", () => {
    const name = fc.stringMatching(/^[^/*?]{1,12}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (parts) =>
        matchesGlob(parts.join("/"), parts.join("/")),
      ),
    );
  });

  it("never takes long on hostile paths", () => {
    expect(matchesGlob(`${"a/".repeat(2_000)}b`, `${"**/a*a*a*/".repeat(30)}c`)).toBe(false);
    expect(matchesGlob("a".repeat(20_000), `${"*a".repeat(30)}b`)).toBe(false);
  });
});

describe("a service's own paths", () => {
  const of = (annotations: Record<string, string>, branch = "main") => servicePaths(entry(annotations), branch);

  it("are those of oncall/paths alone when it is there", () => {
    const paths = of({
      "oncall/paths": " services/pricing/**, ./deploy/x.yaml ,, lib/",
      "backstage.io/source-location": "url:https://github.com/o/r/tree/main/x/",
    });
    expect(paths).toMatchObject({ globs: ["services/pricing/**", "deploy/x.yaml", "lib/**"], source: "oncall/paths" });
  });

  it.each([
    [
      "url:https://github.com/org/shop/tree/main/services/pricing/",
      "services/pricing/**",
      "https://github.com/org/shop",
    ],
    [
      "url:https://github.com/org/shop/tree/release/2/services/pricing",
      "services/pricing/**",
      "https://github.com/org/shop",
    ],
    [
      "url:https://gitlab.example.test/a/b/shop/-/tree/main/services/pricing/",
      "services/pricing/**",
      "https://gitlab.example.test/a/b/shop",
    ],
    [
      "url:https://github.com/org/shop/blob/main/services/pricing/catalog-info.yaml",
      "services/pricing/**",
      "https://github.com/org/shop",
    ],
    ["url:https://github.com/org/pricing/", "**", "https://github.com/org/pricing"],
    ["url:https://github.com/org/pricing.git", "**", "https://github.com/org/pricing"],
  ])("are the folder that %s names", (location, folder, web) => {
    const branch = location.includes("release/2") ? "release/2" : "main";
    const paths = of({ "backstage.io/source-location": location }, branch);
    expect(paths.globs[0]).toBe(folder);
    expect(paths.webUrl).toBe(web);
    expect(owns(paths, "deploy/pricing.yaml")).toBe(true);
  });

  it("are its folder below services/ and its manifests when nothing is said", () => {
    const paths = of({ "github.com/project-slug": "org/shop" });
    expect(paths).toMatchObject({ source: "convention", webUrl: "https://github.com/org/shop" });
    expect(
      ["services/pricing/a.js", "deploy/pricing.yaml", "deploy/pricing/hpa.yaml"].every((path) => owns(paths, path)),
    ).toBe(true);
    expect(["services/pricing-api/a.js", "deploy/pricing-api.yaml", "lib/a.js"].some((path) => owns(paths, path))).toBe(
      false,
    );
  });

  it.each([
    ["by convention", { "github.com/project-slug": "org/shop" }],
    ["by the source-location", { "backstage.io/source-location": "url:https://github.com/org/shop/tree/main/apps/p/" }],
  ])("have manifests named for it one folder down, %s; policies only where they are declared", (_how, annotations) => {
    const paths = of(annotations);
    for (const path of ["deploy/hpa/pricing.yaml", "deploy/jobs/pricing.yml"]) expect(owns(paths, path)).toBe(true);
    for (const path of [
      ...["deploy/hpa/pricing-api.yaml", "deploy/a/b/pricing.yaml", "deploy/hpa/pricing.tf"],
      ...["infra/iam/pricing.tf", "infra/pricing.yaml"],
    ])
      expect(owns(paths, path)).toBe(false);
    expect(owns(of({ ...annotations, "oncall/paths": "infra/iam/pricing.tf" }), "infra/iam/pricing.tf")).toBe(true);
  });

  it.each([
    "url:https://github.com/org/shop/tree/main/../../x",
    "url:not a url",
    "file:/x",
    "url:https://github.com/o/r/tree/main/a%2F..%2F..%2Fb",
  ])("are never those of %s, which climbs or is no URL", (location) => {
    const { globs } = of({ "backstage.io/source-location": location });
    expect(globs.some((glob) => glob.includes("..") || glob === "b/**")).toBe(false);
  });

  it("leave a slug alone that is none", () => {
    expect(of({ "github.com/project-slug": "javascript:alert(1)" }).webUrl).toBeUndefined();
  });
});

describe("a path that runs code on merge", () => {
  it.each([
    ...[
      ".github/workflows/ci.yml",
      ".github/actions/x/action.yml",
      ".github/CODEOWNERS",
      "CODEOWNERS",
      "docs/CODEOWNERS",
    ],
    ...[
      ".gitlab-ci.yml",
      "ci/base.gitlab-ci.yml",
      ".gitlab/ci.yml",
      "Jenkinsfile",
      "Jenkinsfile.release",
      "x.jenkinsfile",
    ],
    ...[
      ".circleci/config.yml",
      "azure-pipelines.yml",
      "azure-pipelines-release.yaml",
      ".buildkite/pipeline.yml",
      ".travis.yml",
    ],
    ...[
      ".git/hooks/pre-commit",
      "a/.git/config",
      ".gitattributes",
      "a/.gitmodules",
      ".husky/pre-push",
      "lefthook.yml",
      ".lefthook-local.yml",
    ],
    ...[
      ".pre-commit-config.yaml",
      "bitbucket-pipelines.yml",
      ".drone.yml",
      "cloudbuild.yaml",
      "buildspec.yml",
      ".tekton/push.yaml",
    ],
    ...[".GITHUB/WORKFLOWS/ci.yml", "git~1/config", "codeowners", "\uff0egithub/workflows/x.yml"],
  ])("is told: %s", (path) => {
    expect(riskOfPath(path)).toBe("runs_or_decides");
  });

  it.each([
    "services/x/main.js",
    "deploy/x.yaml",
    "docs/github.md",
    "src/gitlab-client.ts",
    "lib/jenkins.js",
    "src/build.ts",
  ])("is not taken for: %s", (path) => {
    expect(riskOfPath(path)).toBeUndefined();
  });
});

describe("a plain path", () => {
  it.each(["a", "services/x/main.js", "-dash", "ünïcode/ファイル.md", "with blank/x y.txt", "a..b", "...a"])(
    "is %j",
    (path) => {
      expect(pathProblem(path)).toBeUndefined();
    },
  );

  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    "./a",
    "a/..",
    "..",
    "a/./b",
    "C:/x",
    "a\\b",
    "a\u0000",
    "a\nb",
    "a\u202eb",
    "a\ufeff",
    "x./y",
    "x /y",
    "a\ufffd",
    "x".repeat(1_001),
  ])("is not %j", (path) => {
    expect(pathProblem(path)).toBeDefined();
  });
});

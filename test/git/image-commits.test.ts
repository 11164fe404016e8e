import { describe, expect, it } from "vitest";
import { commitsOfImages } from "../../servers/git/src/changes/image-commits.ts";

describe("the commit that an image is named after", () => {
  it.each([
    ["registry.example:5000/shop/pricing:4f1c9ab", "4f1c9ab"],
    ["pricing:1.4.2-4f1c9ab", "4f1c9ab"],
    ["pricing:main-g1234567", "1234567"],
    ["pricing:sha-0123456789", "0123456789"],
    ["pricing:2026.41.1-6336799", "6336799"],
    [`pricing:${"ab".repeat(20)}@sha256:${"0".repeat(64)}`, "ab".repeat(20)],
  ])("%s", (image, commit) => {
    expect(commitsOfImages([image, image])).toEqual([commit]);
  });

  it.each([
    "pricing:20260301",
    "pricing:20260301101500",
    "pricing:1.4.2",
    "pricing",
    "registry.example:5000/pricing",
    `pricing@sha256:${"ab".repeat(32)}`,
    "image.tag=2026.3.1",
  ])("is not told by %s", (image) => {
    expect(commitsOfImages([image])).toEqual([]);
  });
});

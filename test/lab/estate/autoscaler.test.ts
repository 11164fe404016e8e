import { describe, expect, it } from "vitest";
import { wantedReplicas } from "./autoscaler.ts";

const HPA = { min: 2, max: 3, target: 0.9 };

describe("the autoscaler", () => {
  it("wants as many pods as bring their use down to the target", () => {
    expect(wantedReplicas(2, 1.2, HPA)).toBe(3);
    expect(wantedReplicas(4, 0.3, HPA)).toBe(2);
  });

  it("leaves it at what there is within a tenth of the target, and when nobody knows the use", () => {
    expect(wantedReplicas(2, 0.98, HPA)).toBe(2);
    expect(wantedReplicas(3, undefined, HPA)).toBe(3);
  });

  it("says when it wants more than it may have, and never wants fewer than it must", () => {
    expect(wantedReplicas(3, 1.5, HPA)).toBe(5);
    expect(wantedReplicas(2, 0.05, HPA)).toBe(2);
  });

  it("never grows where the limit keeps the use below the target", () => {
    const search = { min: 2, max: 6, target: 1.2 };
    expect(wantedReplicas(2, 1.0, search)).toBe(2);
  });
});

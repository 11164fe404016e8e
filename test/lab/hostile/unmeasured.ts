import type { Made, Transform } from "./material.ts";

export const hostileUnmeasured = ({ name, base }: Made): Transform => ({
  name,
  base,
  summary: "The culprit has no metrics at all: a gap, and a reason for less confidence.",
  async apply(material) {
    const { culprit } = material;
    const before = material.metrics.length;
    material.metrics = material.metrics.filter((row) => row.split(",")[1] !== culprit);
    return [`the ${before - material.metrics.length} samples of ${culprit} are gone from metrics.csv.gz`];
  },
});

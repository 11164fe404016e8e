import { z } from "zod";

const Pair = z.object({
  key: z.string().optional(),
  Key: z.string().optional(),
  value: z.string().optional(),
  Value: z.string().optional(),
});

/** An alarm's tags: a map, or pairs of key and value in either spelling. */
export const Tags = z
  .union([z.record(z.string(), z.string()), z.array(Pair)])
  .transform((tags) =>
    Array.isArray(tags)
      ? Object.fromEntries(tags.map(({ key, Key, value, Value }) => [key ?? Key ?? "", value ?? Value ?? ""]))
      : tags,
  )
  .catch({});

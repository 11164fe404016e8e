/** Reads from the object store that holds pages and images: a few milliseconds each, now and then more. */
export async function readObject(kind) {
  const slow = Math.random() < 0.01;
  const ms = (kind === "listing" ? 14 : 7) + Math.random() * 6 + (slow ? 25 : 0);
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** `registry/pricing:1.4.2-4f1c9ab`, `:sha-4f1c9ab`, `:main-g4f1c9ab`: what many builds name their images by. */
const TAG = /:(?:[\w.-]*[-_.])?g?([0-9a-f]{7,40})$/;
/** One abbreviation in 27 is of digits alone, and the repository tells it from a build's number; a date is none. */
const DATE = /^(?:19|20)\d{6}(?:\d{2,6})?$/;
const MARKED = /[:_.-](?:g|sha-)[0-9]+$/;

/** Commit ids that the tags of images end in. */
export function commitsOfImages(images: readonly string[] = []): string[] {
  const ids = images.flatMap((image) => {
    const name = image.replace(/@sha256:.*$/, "");
    const id = TAG.exec(name)?.[1];
    return id !== undefined && (!DATE.test(id) || MARKED.test(name)) ? [id] : [];
  });
  return [...new Set(ids)];
}

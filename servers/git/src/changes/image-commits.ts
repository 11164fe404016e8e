/** `registry/pricing:1.4.2-4f1c9ab`, `:sha-4f1c9ab`, `:main-g4f1c9ab`: what many builds name their images by. */
const TAG = /:(?:[\w.-]*[-_.])?g?([0-9a-f]{7,40})$/;
/** Digits alone are a date or a build number, unless they are marked as a commit. */
const MARKED = /[:_.-](?:g|sha-)[0-9]+$/;

/** Commit ids that the tags of images end in. */
export function commitsOfImages(images: readonly string[] = []): string[] {
  const ids = images.flatMap((image) => {
    const name = image.replace(/@sha256:.*$/, "");
    const id = TAG.exec(name)?.[1];
    return id !== undefined && (/[a-f]/.test(id) || MARKED.test(name)) ? [id] : [];
  });
  return [...new Set(ids)];
}

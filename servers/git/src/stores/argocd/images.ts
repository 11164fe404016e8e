import type { Application, History, Source } from "./shapes.ts";

/** `name=registry/name:tag` of kustomize, and Helm parameters such as `image.tag`. */
function imagesOfSource({ kustomize, helm }: Source): string[] {
  const replaced = (kustomize?.images ?? []).map((image) => image.slice(image.indexOf("=") + 1));
  const parameters = (helm?.parameters ?? []).filter(({ name }) => /(?:^|\.)image(?:\.|$)/i.test(name));
  return [...replaced, ...parameters.map(({ name, value }) => `${name}=${value}`)];
}

/**
 * Images of a roll-out. Argo CD keeps them for the last synchronization only; of the newest roll-out, else, those that run now
 * are told; of older ones no more than what their sources set.
 */
export function imagesOf({ status }: Application, history: History, isNewest: boolean): readonly string[] {
  if (isNewest) {
    const { operationState: last, summary } = status;
    const isIts = last?.phase === "Succeeded" && last.startedAt != null && last.startedAt === history.deployStartedAt;
    const synced = isIts ? (last.syncResult?.resources ?? []).flatMap(({ images }) => images) : [];
    const images = synced.length > 0 ? synced : (summary?.images ?? []);
    if (images.length > 0) return [...new Set(images)];
  }
  return [...(history.source ? [history.source] : []), ...history.sources].flatMap(imagesOfSource);
}

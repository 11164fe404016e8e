/** Kubernetes makes suffixes without vowels and without the digits 0, 1 and 3, so that no word is spelt by chance. */
const LETTER = "[bcdfghjklmnpqrstvwxz2456789]";

/** Best first: a Deployment's pod, a CronJob's, a StatefulSet's, and then a DaemonSet's or a Job's. */
const SUFFIXES = [
  new RegExp(`-${LETTER}{6,10}-${LETTER}{5}$`),
  new RegExp(`-[0-9a-f]{8,10}-${LETTER}{5}$`),
  new RegExp(`-\\d{7,10}(?:-${LETTER}{5})?$`),
  /-\d{1,4}$/,
  new RegExp(`-${LETTER}{5}$`),
  new RegExp(`-${LETTER}{8,10}$`),
];

/** The workload that a pod, a replica set or a job was made for: its name without what Kubernetes appended. */
export function workloadOfPod(pod: string): string {
  for (const suffix of SUFFIXES) if (suffix.test(pod)) return pod.replace(suffix, "");
  return pod;
}

/** Every name that its workload may have, the likeliest first, the name itself last. */
export function workloadsOfPod(pod: string): string[] {
  return [...new Set([...SUFFIXES.filter((suffix) => suffix.test(pod)).map((suffix) => pod.replace(suffix, "")), pod])];
}

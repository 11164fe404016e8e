import type { Random } from "../../random.ts";
import { type Estate, NODES } from "./estate.ts";

/** Customers become more, within so many seconds. */
export function bringCrowd({ world }: Estate, times: number, withinSeconds: number): void {
  const steps = 20;
  for (let step = 1; step <= steps; step += 1) {
    world.clock.at(world.clock.now + (withinSeconds * 1000 * step) / steps, () => {
      world.crowd = 1 + ((times - 1) * step) / steps;
    });
  }
}

/** What a job that asks for too little and takes all leaves to its node's other pods. */
export function drainNode({ world, cluster }: Estate, random: Random): void {
  const node = NODES[1] ?? "";
  const { clock } = world;
  const event = (reason: string, message: string): void =>
    cluster.event("general-pool", "warn", reason, message, undefined, "Node");
  const here = [...world.workloads.values()].flatMap((workload) =>
    workload.pods.filter((pod) => pod.node === node).map((pod) => ({ workload, pod })),
  );
  for (const { pod } of here) pod.cpu.speed = 0.04;
  clock.at(clock.now + 45_000, () => event("NodeHasInsufficientMemory", `Node ${node} status is now: MemoryPressure`));
  clock.at(clock.now + 70_000, () => event("EvictionThresholdMet", `Attempting to reclaim memory on ${node}`));
  // The kubelet ends what uses most above its request, some time later.
  const [victim] = here.filter(({ workload }) => workload.language === "python");
  if (victim === undefined) return;
  clock.at(clock.now + random.between(150, 200) * 1000, () => {
    const message = `The node was low on resource: memory. Threshold quantity: 100Mi, available: ${random.integer(38, 92)}Mi. Container ${victim.workload.name} was using ${random.integer(210, 320)}Mi, request is 192Mi`;
    cluster.event(victim.workload.name, "warn", "Evicted", message, victim.pod.name);
    cluster.stop(victim.workload, victim.pod);
  });
}

/** The autoscaler's formula: so many pods that each has its share of the target, a tolerance of a tenth, one look each 15 s. */
export function autoscale({ world, cluster }: Estate, name: string, most: number, target: number): void {
  const workload = world.workload(name);
  const least = workload.spec.replicas;
  let before = workload.cpuSeconds;
  let wellSince = world.clock.now;
  const look = (): void => {
    const cores = workload.ready.reduce((sum, pod) => sum + pod.spec.cores, 0);
    const used = (workload.cpuSeconds - before) / 15;
    before = workload.cpuSeconds;
    const ratio = cores === 0 ? 1 : used / cores / target;
    const wanted = Math.min(most, Math.max(least, Math.ceil(workload.ready.length * ratio)));
    const have = workload.spec.replicas;
    if (wanted > have && ratio > 1.1) void cluster.scale(workload, wanted);
    if (wanted >= have) wellSince = world.clock.now;
    if (wanted < have && world.clock.now - wellSince > 300_000) void cluster.scale(workload, wanted);
    world.clock.at(world.clock.now + 15_000, look);
  };
  world.clock.at(world.clock.now + 15_000, look);
}

import { installDebian } from "../support/debian.ts";

export const installPrometheus = () => installDebian({ name: "prometheus", programs: ["prometheus", "promtool"] });

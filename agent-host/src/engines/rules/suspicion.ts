/** How strong a suspicion by the metrics must be, 0 to 1: weaker than this it dates nothing, and its onset is noise. */
export const DATED = 0.25;
/** At least this strong it is one that the metrics stand by. */
export const SURE = 0.5;

/** A score below this is chance, more likely than not. */
export const NOTABLE = 0.05;

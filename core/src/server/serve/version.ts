declare const __VERSION__: string | undefined;

/** The package's version, put in when it is bundled; from source there is none. */
export const VERSION: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

/** Why a commit was kept or cleared. */
export type CandidateCode =
  | "own_witness"
  | "live_before_turn"
  | "only_comments_labels_or_tests"
  | "live_after_turn"
  | "another_path"
  | "taken_back"
  | "never_live";

/** A commit that could have done it, and how its trial ended. */
export interface Candidate {
  /** Whose roll-out carried it. */
  readonly service: string;
  readonly sha: string;
  readonly verdict: "kept" | "cleared";
  readonly reason: { readonly code: CandidateCode; readonly text: string };
  /** RFC 3339; null when it is not live. */
  readonly live_at: string | null;
  readonly evidence: { readonly id: string; readonly quote: string } | null;
}

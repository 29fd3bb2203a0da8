/** One measured figure beside its yardstick of the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, in words. */
  readonly yardstick: string;
  /** `value` divided by the yardstick's, or `value` itself where the bar is absolute. */
  readonly ratio: number;
  /** What the ratio must not exceed; undefined where there is none yet. */
  readonly bar?: number;
}

/** A group of rows that are measured together; `--rows` chooses by its name. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly BenchRow[]>;
}

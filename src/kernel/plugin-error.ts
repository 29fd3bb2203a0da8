/** Something is wrong with a plugin or with how plugins fit together. Each problem is one sentence: who, what, and what cures it. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

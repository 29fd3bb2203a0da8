export interface Requirement {
  readonly id: string;
  readonly statement: string;
  /** The profiles that it is about; all where there are none. */
  readonly profiles?: readonly string[];
}

/** One test of a run, as vitest's JSON report has it. */
export interface TestOutcome {
  readonly fullName: string;
  readonly status: string;
}

export interface RequirementReport extends Requirement {
  readonly state: 'done' | 'failing' | 'missing';
  /** A test shows what is refused. */
  readonly isRefusalTested: boolean;
  /** Full names of the tests that name it and pass. */
  readonly tests: readonly string[];
}

/** Joins rules with the tests whose names carry their ids, e.g. `is refused for 33 characters (CMP-89)`. */
export function joinTests(
  requirements: readonly Requirement[],
  outcomes: readonly TestOutcome[],
): readonly RequirementReport[] {
  const byId = new Map<string, TestOutcome[]>();
  for (const outcome of outcomes) {
    for (const id of new Set(outcome.fullName.match(/\b[A-Z]{2,4}-\d{2,3}\b/g))) {
      byId.set(id, [...(byId.get(id) ?? []), outcome]);
    }
  }
  return requirements.map((requirement) => {
    const named = byId.get(requirement.id) ?? [];
    const tests = named.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
    const isFailing = named.some(({ status }) => status === 'failed');
    return {
      ...requirement,
      state: isFailing ? 'failing' : tests.length > 0 ? 'done' : 'missing',
      isRefusalTested: tests.some((name) => /\brefus/i.test(name)),
      tests,
    };
  });
}

import type { Action } from './actions.ts';
import type { ProfileValues } from './profile-values.ts';
import type { SubjectFacts } from './subject-facts.ts';

/**
 * Actions that nobody may take, whatever their role, where a profile sets the key to `false` (CORE-16). Never a reading
 * one: a profile hides nothing.
 */
export interface ProfileSwitch {
  /** `'CHANGES'` stands for every action whose name does not begin with READ, also those that other plugins add. */
  readonly actions: readonly Action[] | 'CHANGES';
  readonly subjects: readonly string[];
  /** Name of a profile key of `true` or `false`, e.g. `node.editable`. */
  readonly key: string;
}

export interface ProfileSwitches {
  /** Whether a profile could switch this off somewhere. */
  concern(action: string, subject: string): boolean;
  /** The key that switches it off for this instance; undefined where none does. */
  switchedOffBy(action: string, facts: SubjectFacts): string | undefined;
}

export const isReading = (action: string): boolean => action === 'READ' || action.startsWith('READ_');

export function createProfileSwitches(switches: readonly ProfileSwitch[], values: ProfileValues): ProfileSwitches {
  const bySubject = new Map<string, ProfileSwitch[]>();
  for (const each of switches) {
    for (const subject of each.subjects) bySubject.set(subject, [...(bySubject.get(subject) ?? []), each]);
  }
  const about = (action: string, subject: string): readonly ProfileSwitch[] =>
    (bySubject.get(subject) ?? []).filter(({ actions }) =>
      actions === 'CHANGES' ? !isReading(action) : actions.includes(action),
    );

  return {
    concern: (action, subject) => about(action, subject).length > 0,
    switchedOffBy: (action, facts) => about(action, facts.subject).find(({ key }) => values(facts, key) === false)?.key,
  };
}

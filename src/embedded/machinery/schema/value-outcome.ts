import { invalidType, invalidValue, noField, type SchemaProblem } from './schema-problems.ts';

/** Collects problems of one pass. How many checks held decides which branch of an anyOf or oneOf is reported. */
export interface Outcome {
  /** By their sentences: one is enough, whichever branch it came from. */
  readonly problems: Map<string, SchemaProblem>;
  held: number;
}

/** Where a value stands: `path` in sentences, `prefix` before it in fields. */
export interface Place {
  readonly path: string;
  readonly prefix: string;
}

export function reportType(outcome: Outcome, place: Place, wanted: string, found: string): void {
  const sentence = `${place.path} in body must be of type ${wanted}: ${JSON.stringify(found)}`;
  report(outcome, invalidType(fieldOf(place), found, sentence), sentence);
}

/** A problem that names its place in words alone. */
export function reportPlain(outcome: Outcome, { prefix }: Place, sentence: string): void {
  report(outcome, invalidValue(prefix === '' ? noField : prefix, '', sentence), sentence);
}

export function report(outcome: Outcome, found: SchemaProblem, sentence: string): void {
  if (!outcome.problems.has(sentence)) outcome.problems.set(sentence, found);
}

export function merge(outcome: Outcome, other: Outcome | undefined): void {
  if (other === undefined) return;
  outcome.held += other.held;
  for (const [sentence, found] of other.problems) report(outcome, found, sentence);
}

export function fieldOf({ path, prefix }: Place): string {
  const own = path.startsWith('.') ? path.slice(1) : path;
  if (own === '') return prefix === '' ? noField : prefix;
  return prefix === '' ? own : `${prefix}.${own}`;
}

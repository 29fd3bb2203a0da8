import type { Model, Sort, Thing } from './model.ts';

/** What is asked of the product, and what must come of it. */
export interface Attempt {
  readonly mutation: string;
  readonly input: object;
  /** Of the success. */
  readonly fields: string;
  /** What stands against it by the model: what is in the way, or the code of another error. Nothing: it must succeed. */
  readonly against?:
    | { readonly inUse: readonly Thing[] }
    | { readonly ids: ReadonlySet<string> }
    | { readonly code: string }
    | undefined;
  /** What the model has once it was done. */
  readonly done: (answer: Answer) => void;
}

export type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };

/** Numbers that stand for choices; any number is good. */
export type Picks = readonly [number, number, number, number];

/** What is to be made first, since without it nothing of the sort can be. */
export interface Lacking {
  readonly lacks: Sort;
}

export type Make = (model: Model, picks: Picks) => Attempt | Lacking;

export const inUse = (users: readonly Thing[]): Attempt['against'] => (users.length > 0 ? { inUse: users } : undefined);

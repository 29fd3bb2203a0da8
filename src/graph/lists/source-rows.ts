import type { RowParts } from './sorted-views.ts';

/** Rows as their sources hold them: where these have not changed, nor has what is made of them. */
export class SourceRows<T> implements Iterable<T> {
  readonly parts: RowParts<T>;
  /** The fields of the list's filter that the sources have seen to, with their values. */
  readonly narrowedBy: Readonly<Record<string, unknown>>;

  constructor(parts: RowParts<T>, narrowedBy: Readonly<Record<string, unknown>>) {
    this.parts = parts;
    this.narrowedBy = narrowedBy;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const part of this.parts) yield* part;
  }
}

import type { DeclaredKind } from '../declared-kind.ts';
import { apiVersionOf, type KindRef, subjectOf } from '../kind-ref.ts';
import type { IndexFunction } from './object-store.ts';

export interface MergedKind {
  readonly kind: KindRef;
  readonly indexes: Readonly<Record<string, IndexFunction>>;
}

const reserved = ['namespace', 'label', 'owner'];

/**
 * One entry for each declared kind with the indexes of all who declared it. Throws where two declare different versions
 * of one kind, different functions under one index name, or an index that every kind has.
 */
export function mergeDeclared(declared: readonly DeclaredKind[]): MergedKind[] {
  const merged = new Map<string, { kind: KindRef; indexes: Record<string, IndexFunction> }>();
  for (const { kind, indexes = {} } of declared) {
    const subject = subjectOf(kind);
    const entry = merged.get(subject) ?? { kind, indexes: {} };
    merged.set(subject, entry);
    if (apiVersionOf(entry.kind) !== apiVersionOf(kind)) {
      throw new Error(
        `Kind ${subject} is declared as ${apiVersionOf(entry.kind)} and as ${apiVersionOf(kind)}; the plugins must agree on one.`,
      );
    }
    for (const [name, compute] of Object.entries(indexes)) {
      if (reserved.includes(name)) throw new Error(`Index '${name}' of ${subject} is built in; choose another name.`);
      if (entry.indexes[name] !== undefined && entry.indexes[name] !== compute) {
        throw new Error(
          `Index '${name}' of ${subject} is declared twice with different functions; choose another name.`,
        );
      }
      entry.indexes[name] = compute;
    }
  }
  return [...merged.values()];
}

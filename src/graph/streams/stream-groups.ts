import type { OperationDefinitionNode } from 'graphql';
import { createStreamGroup, type StreamGroup } from './stream-group.ts';

/** The groups that have subscribers now. */
export interface StreamGroups {
  /** The group of this operation under this key, as long as somebody is in it. Call `leave` once. */
  join(operation: OperationDefinitionNode, key: string): { readonly group: StreamGroup; leave(): void };
}

export function createStreamGroups(): StreamGroups {
  const byOperation = new WeakMap<OperationDefinitionNode, Map<string, { group: StreamGroup; members: number }>>();
  return {
    join(operation, key) {
      const groups = byOperation.get(operation) ?? new Map<string, { group: StreamGroup; members: number }>();
      byOperation.set(operation, groups);
      const place = groups.get(key) ?? { group: createStreamGroup(), members: 0 };
      groups.set(key, place);
      place.members += 1;
      return {
        group: place.group,
        leave() {
          place.members -= 1;
          if (place.members === 0 && groups.get(key) === place) groups.delete(key);
        },
      };
    },
  };
}

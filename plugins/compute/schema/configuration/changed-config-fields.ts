import type { InputFieldBuilder, ValidationIssue } from 'longshore/sdk';
import type { DataEntryInput } from '../../services/configuration/data-entries.ts';
import { dataEntryInputRef } from './data-entry-input.ts';

/** What can be changed of a ConfigMap or Secret by form. */
export function changedConfigFields(t: InputFieldBuilder, kind: 'ConfigMap' | 'Secret') {
  return {
    id: t.id({ required: true, description: `The ${kind}'s id.` }),
    resourceVersion: t.string({
      description:
        '`resourceVersion` as it was read: where somebody else has changed it since, the answer is a `ConflictError`. Without it only what is named here is overwritten.',
    }),
    set: t.field({ type: [dataEntryInputRef], description: 'Keys to add, or to give another value.' }),
    remove: t.stringList({ description: 'Keys to take away.' }),
    description: t.string({ description: 'What it is for; empty takes it away.' }),
    makeImmutable: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether no value can be changed any more from now on; there is no way back.',
    }),
  };
}

interface ChangedConfig {
  readonly set?: readonly DataEntryInput[] | null | undefined;
  readonly remove?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly makeImmutable: boolean;
}

/** Nothing to change at all is a slip. `more` are other fields that would be a change. */
export function checkAnyChange(
  { set, remove, description, makeImmutable }: ChangedConfig,
  more: readonly unknown[] = [],
): readonly ValidationIssue[] {
  const isChange = makeImmutable || [set, remove].some((list) => list && list.length > 0);
  if (isChange || [description, ...more].some((value) => value !== null && value !== undefined)) return [];
  return [{ path: [], code: 'required', message: 'Nothing is to be changed: give what shall be set or removed' }];
}

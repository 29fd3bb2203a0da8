import type { Draft, RegisteredResource } from '../registry/resource-strategy.ts';
import { toDraft } from './to-draft.ts';

/**
 * What was sent as a draft of this resource. Custom resources come out pruned and with their defaults; the paths of
 * fields their schema does not know go to `unknown`. Throws `StatusError` 400.
 */
export function decodeObject(resource: RegisteredResource, sent: unknown, unknown: string[] = []): Draft {
  const { codec, definition } = resource;
  const draft = toDraft(definition, sent, codec?.decode === undefined ? 'drop-nulls' : 'keep-nulls');
  if (codec?.decode !== undefined) unknown.push(...codec.decode(draft));
  return draft;
}

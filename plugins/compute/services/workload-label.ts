import { createHash } from 'node:crypto';
import { workloadLabel } from 'longshore/plugins/core';
import type { Profile } from 'longshore/sdk';

/** Most characters of a label's value. */
const maxLength = 63;

/**
 * The label that a workload made by a form carries, in its selector and pod template too: `<kind>-<name>` (CORE-28).
 * A name that is too long for a label is cut and made unique again. Empty where the profile wants none.
 */
export function workloadLabelOf(kind: string, name: string, profile: Profile): Readonly<Record<string, string>> {
  const label = profile.get(workloadLabel);
  if (label === null) return {};
  const value = `${kind.toLowerCase()}-${name}`;
  if (value.length <= maxLength) return { [label]: value };
  const mark = createHash('sha256').update(value).digest('hex').slice(0, 8);
  return { [label]: `${value.slice(0, maxLength - 9).replace(/[-.]+$/, '')}-${mark}` };
}

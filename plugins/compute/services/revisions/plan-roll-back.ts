import { mergePatch, PreconditionError, ValidationError } from 'longshore/sdk';
import type { WorkloadObject } from '../../api.ts';
import { strategyPatch } from '../instances/instance-set.ts';
import { templateOf } from '../workload-facts.ts';
import { tagWorkload } from '../workload-kinds.ts';
import type { WorkloadRevision } from './workload-revisions.ts';

/**
 * The patch that brings a workload back to a kept version; without a number to the one before the present one, as
 * `kubectl rollout undo` does. Throws `ValidationError` where there is no such version, `PreconditionError` where it
 * is the present one.
 */
export function planRollBack(
  workload: WorkloadObject,
  revisions: readonly WorkloadRevision[],
  number: number | undefined,
): { readonly spec: { readonly template: unknown } } {
  const wanted =
    number === undefined
      ? revisions.find(({ isCurrent }) => !isCurrent)
      : revisions.find((revision) => revision.number === number);
  if (!wanted) throw noSuch(revisions, number);
  const template = mergePatch(templateOf(workload), wanted.template);
  if (wanted.isCurrent || template === undefined) {
    throw new PreconditionError('REVISION_IS_CURRENT', `Revision ${wanted.number} is what the workload is already`);
  }
  return { spec: { template, ...wholeRollout(workload) } };
}

/** What was held at some instances of OpenKruise goes back with the others. */
function wholeRollout(workload: WorkloadObject): object {
  const { kind } = tagWorkload(workload);
  return kind === 'CLONE_SET' || kind === 'ADVANCED_STATEFUL_SET' ? strategyPatch(kind, { partition: 0 }) : {};
}

function noSuch(revisions: readonly WorkloadRevision[], number: number | undefined): ValidationError {
  const kept = revisions.map((revision) => revision.number).join(', ');
  const message =
    number === undefined
      ? 'There is no earlier revision to go back to'
      : `There is no revision ${number}${kept ? `; kept are ${kept}` : ''}`;
  return new ValidationError([{ path: ['revision'], code: 'no_such_revision', message }]);
}

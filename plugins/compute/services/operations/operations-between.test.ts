import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkloadObject } from '../../api.ts';
import { makeCronJob, makeDaemonSet, makeDeployment, makeJob, makeStatefulSet } from '../../testing/make-objects.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { operationsBetween } from './operations-between.ts';
import { replicasBeforeStop, startPatch, stopPatch, stoppedNodeLabel } from './stopped-state.ts';

const profile = profileNamed('default');
const had = { metadata: { annotations: { [replicasBeforeStop]: '3' } } };
const selecting = (nodeSelector: object) => ({ spec: { template: { spec: { nodeSelector } } } });

describe('operationsBetween', () => {
  it.each<[string, WorkloadObject, object, readonly string[]]>([
    ['an image', makeDeployment({ spec: { replicas: 2 } }), { spec: { replicas: 2, template: {} } }, []],
    ['another number', makeDeployment({ spec: { replicas: 2 } }), { spec: { replicas: 5 } }, ['SCALE spec.replicas']],
    ['no number any more', makeStatefulSet({ spec: { replicas: 2 } }), { spec: {} }, ['SCALE spec.replicas']],
    ['the number that nobody said', makeStatefulSet({ spec: {} }), { spec: { replicas: 1 } }, []],
    ['no pods', makeDeployment({ spec: { replicas: 2 } }), { spec: { replicas: 0 } }, ['STOP spec.replicas']],
    [
      'as many as it had',
      makeDeployment({ ...had, spec: { replicas: 0 } }),
      { spec: { replicas: 3 } },
      ['START spec.replicas'],
    ],
    [
      'more than it had',
      makeDeployment({ ...had, spec: { replicas: 0 } }),
      { spec: { replicas: 4 } },
      ['SCALE spec.replicas'],
    ],
    ['a pause', makeDeployment({ spec: {} }), { spec: { paused: true } }, ['PAUSE spec.paused']],
    ['no pause any more', makeDeployment({ spec: { paused: true } }), { spec: {} }, ['RESUME spec.paused']],
    ['a suspended Job', makeJob({ spec: {} }), { spec: { suspend: true } }, ['STOP spec.suspend']],
    [
      'a CronJob that goes on',
      makeCronJob({ spec: { suspend: true } }),
      { spec: { suspend: false } },
      ['START spec.suspend'],
    ],
    [
      'a DaemonSet that finds no node',
      makeDaemonSet(selecting({})),
      selecting({ [stoppedNodeLabel]: 'true' }),
      [`STOP spec.template.spec.nodeSelector.${stoppedNodeLabel}`],
    ],
  ])('finds in a text with %s what a mutation would do (CMP-71)', (_name, existing, next, done) => {
    expect(
      operationsBetween(existing, next, profile).map(({ operation, path }) => `${operation} ${path.join('.')}`),
    ).toEqual(done);
  });

  it('takes the patches of a stop and a start for what they are, and any text for one (CMP-71, CMP-72)', () => {
    const running = makeDeployment({ spec: { replicas: 4 } });
    const stopped = makeDeployment({ ...stopPatch(running) });
    expect(operationsBetween(running, stopped, profile)).toMatchObject([{ operation: 'STOP' }]);
    expect(operationsBetween(stopped, startPatch(stopped, 4), profile)).toMatchObject([{ operation: 'START' }]);
    fc.assert(
      fc.property(
        fc.record({ spec: fc.anything() }),
        fc.constantFrom(running, makeJob({ spec: {} }), makeDaemonSet({ spec: {} })),
        (text, existing) => {
          for (const { path } of operationsBetween(existing, text, profile)) expect(path[0]).toBe('spec');
        },
      ),
    );
  });
});

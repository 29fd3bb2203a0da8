import { describe, expect, it } from 'vitest';
import { advanceContainer, type ContainerWorld } from './advance-container.ts';
import { type ContainerRuntime, newContainerRuntime } from './container-runtime.ts';
import type { Container } from './kubernetes-shapes.ts';
import { plainProgram } from './read-simulation.ts';

const spec: Container = { name: 'main', image: 'registry.local/web:v1' };
const forever = plainProgram;
const crash = { ...plainProgram, exitAfterMs: 2_000, exitCode: 3, exitReason: 'Error' } as const;

function world(nowMs: number, changes: Partial<ContainerWorld> = {}): ContainerWorld {
  return {
    nowMs,
    speed: 1,
    podLabel: 'web_default(uid)',
    role: 'main',
    restartPolicy: 'Always',
    graceMs: 30_000,
    program: forever,
    hasImage: false,
    missingConfig: undefined,
    newContainerId: () => 'id',
    ...changes,
  };
}

/** Every phase the container goes through until `endMs`, with when it began. */
function live(endMs: number, changes: Partial<ContainerWorld> = {}, container = spec) {
  let runtime: ContainerRuntime = newContainerRuntime(container.name, container.image, 'ContainerCreating', 0);
  let nowMs = 0;
  let hasImage = changes.hasImage ?? false;
  const phases: string[] = [];
  const told: string[] = [];
  while (nowMs <= endMs) {
    const step = advanceContainer(container, runtime, world(nowMs, { ...changes, hasImage }));
    if (step.runtime === runtime) {
      if (!Number.isFinite(runtime.dueAtMs)) break;
      nowMs = runtime.dueAtMs;
      continue;
    }
    runtime = step.runtime;
    phases.push(`${nowMs} ${runtime.phase}`);
    for (const effect of step.effects) {
      if (effect.do === 'record-event') told.push(effect.reason);
      if (effect.do === 'keep-image') hasImage = true;
    }
  }
  return { runtime, phases, told };
}

describe('advanceContainer', () => {
  it('pulls, creates and runs', () => {
    const { phases, told, runtime } = live(10_000);
    expect(phases).toEqual(['0 pulling', '1000 creating', '1500 running']);
    expect(told).toEqual(['Pulling', 'Pulled', 'Created', 'Started']);
    expect(runtime.state).toEqual({ running: { startedAt: '1970-01-01T00:00:01Z' } });
  });

  it('does not pull an image that is there, unless it must always', () => {
    expect(live(10_000, { hasImage: true }).told).toEqual(['Pulled', 'Created', 'Started']);
    const always = { ...spec, imagePullPolicy: 'Always' };
    expect(live(10_000, { hasImage: true }, always).told).toEqual(['Pulling', 'Pulled', 'Created', 'Started']);
  });

  it('backs off from an image that cannot be pulled (refused)', () => {
    const { phases, runtime } = live(70_000, {}, { ...spec, image: 'registry.local/does-not-exist:v1' });
    expect(phases).toEqual([
      '0 pulling',
      '1000 pull-failed',
      '2000 pull-back-off',
      '12000 pulling',
      '13000 pull-failed',
      '14000 pull-back-off',
      '34000 pulling',
      '35000 pull-failed',
      '36000 pull-back-off',
    ]);
    expect(runtime.state.waiting?.reason).toBe('ImagePullBackOff');
  });

  it('restarts a crashing container at once, then after 10, 20, 40 … at most 300 seconds', () => {
    const { phases, runtime } = live(1_500_000, { program: crash, hasImage: true });
    const starts = phases.filter((phase) => phase.endsWith(' running')).map((phase) => Number(phase.split(' ')[0]));
    const ends = phases.filter((phase) => phase.endsWith(' stopped')).map((phase) => Number(phase.split(' ')[0]));
    const waits = starts.slice(1).map((start, index) => start - (ends[index] ?? 0));
    expect(waits.slice(0, 7)).toEqual([1_500, 11_500, 21_500, 41_500, 81_500, 161_500, 301_500]);
    expect(Math.max(...waits)).toBe(301_500);
    expect(runtime.restartCount).toBe(starts.length - 1);
    expect(runtime.lastState.terminated ?? runtime.state.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
  });

  it('scales all simulated delays by the speed', () => {
    expect(live(10_000, { speed: 10 }).phases).toEqual(['0 pulling', '100 creating', '150 running']);
  });

  it('does not start again what is not to be restarted', () => {
    const never = live(100_000, { program: crash, restartPolicy: 'Never' });
    expect(never.runtime).toMatchObject({ phase: 'ended', restartCount: 0, state: { terminated: { exitCode: 3 } } });
    const done = { ...crash, exitCode: 0, exitReason: 'Completed' } as const;
    expect(live(100_000, { program: done, restartPolicy: 'OnFailure' }).runtime.phase).toBe('ended');
    expect(live(100_000, { program: crash, restartPolicy: 'OnFailure' }).runtime.restartCount).toBeGreaterThan(1);
  });

  it('waits for configuration that is missing, and tells of it once', () => {
    const { phases, told, runtime } = live(35_000, { hasImage: true, missingConfig: 'configmap "settings" not found' });
    expect(told).toEqual(['Pulled', 'Failed']);
    expect(phases.at(-1)).toBe('30500 misconfigured');
    expect(runtime.state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
  });

  it('is ready at once without a probe, after its delay with one, and never when it is to be unready', () => {
    const probed = { ...spec, readinessProbe: { initialDelaySeconds: 5 } };
    expect(live(5_000).runtime.readyAtMs).toBe(1_500);
    expect(live(10_000, {}, probed).runtime.readyAtMs).toBe(1_500 + 5_000);
    const unready = { ...forever, readyAfterMs: Number.POSITIVE_INFINITY };
    expect(live(5_000, { program: unready }, probed).runtime.readyAtMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('restarts a running container whose image was changed in place', () => {
    const { runtime } = live(5_000);
    const changed = { ...spec, image: 'registry.local/web:v2' };
    const step = advanceContainer(changed, runtime, world(6_000));
    expect(step.effects.map((effect) => (effect.do === 'record-event' ? effect.reason : effect.do))).toEqual([
      'Killing',
      'close-log',
    ]);
    expect(step.runtime).toMatchObject({ image: 'registry.local/web:v2', phase: 'idle' });
  });
});

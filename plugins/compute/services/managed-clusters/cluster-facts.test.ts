import { describe, expect, it } from 'vitest';
import { failureOf, stateOfCluster, tasksOf, wantedWorkers } from './cluster-facts.ts';

const condition = (type: string, status: string, message = '') => ({ type, status, message });
const machine = (phase: string, ...conditions: ReturnType<typeof condition>[]) => ({ status: { phase, conditions } });
const statuses = (of: Parameters<typeof tasksOf>[0]) => tasksOf(of).map(({ status }) => status);

describe('what is done to make a machine a node', () => {
  it.each([
    ['nothing', machine('Pending'), ['RUNNING', 'NOT_EXECUTED', 'NOT_EXECUTED', 'NOT_EXECUTED']],
    [
      'a configuration',
      machine('Provisioning', condition('BootstrapConfigReady', 'True')),
      ['SUCCESS', 'RUNNING', 'NOT_EXECUTED', 'NOT_EXECUTED'],
    ],
    [
      'a machine that is none',
      machine(
        'Failed',
        condition('BootstrapConfigReady', 'True'),
        condition('InfrastructureReady', 'False', 'out of stock'),
      ),
      ['SUCCESS', 'ERROR', 'NOT_EXECUTED', 'NOT_EXECUTED'],
    ],
    [
      'a machine',
      machine('Provisioned', condition('BootstrapConfigReady', 'True'), condition('InfrastructureReady', 'True')),
      ['SUCCESS', 'SUCCESS', 'RUNNING', 'NOT_EXECUTED'],
    ],
  ])('is told of one that has %s (CMP-25)', (_what, of, expected) => {
    expect(statuses(of)).toEqual(expected);
  });

  it('is all done once its node takes pods (CMP-25)', () => {
    const done = {
      status: {
        phase: 'Running',
        nodeRef: { name: 'n' },
        initialization: { infrastructureProvisioned: true, bootstrapDataSecretCreated: true },
        conditions: [condition('NodeReady', 'True')],
      },
    };
    expect(statuses(done)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS', 'SUCCESS']);
  });

  it.each([
    ['Provisioning', { failureReason: 'CreateError', failureMessage: 'out of stock' }, [], 'out of stock'],
    ['Provisioning', { failureReason: 'CreateError' }, [], 'CreateError'],
    ['Failed', undefined, [condition('InfrastructureReady', 'False', 'out of stock')], 'out of stock'],
    ['Failed', undefined, [], 'its provider does not say why'],
    ['Provisioning', undefined, [condition('InfrastructureReady', 'False', 'not yet')], undefined],
    ['Running', undefined, [], undefined],
  ])('in phase %s with %j says why it failed, in the words of its provider (CMP-08)', (phase, v1beta1, conditions, why) => {
    const status = { phase, conditions, ...(v1beta1 ? { deprecated: { v1beta1 } } : {}) };
    expect(failureOf({ status })).toBe(why);
  });
});

describe('the state of a managed cluster', () => {
  const available = (status: string) =>
    ({ metadata: {}, status: { phase: 'Provisioned', conditions: [condition('Available', status)] } }) as never;
  const change = (kind: 'CREATE' | 'EXPAND' | 'DELETE', isRollbackFailed = false) => ({ kind, isRollbackFailed });
  it.each([
    [available('True'), undefined, 'HEALTHY'],
    [available('False'), undefined, 'UNHEALTHY'],
    [available('Unknown'), undefined, 'UNKNOWN'],
    [available('True'), change('CREATE'), 'CREATING'],
    [available('True'), change('EXPAND'), 'EXPANDING'],
    [available('True'), change('EXPAND', true), 'EXPAND_ROLLBACK_FAILED'],
    [available('True'), change('DELETE'), 'DELETING'],
    [{ metadata: { deletionTimestamp: 'now' } } as never, undefined, 'DELETING'],
  ])('is told of what Cluster API and the platform do (CMP-07, CMP-14)', (cluster, doing, state) => {
    expect(stateOfCluster(cluster, doing)).toBe(state);
  });
});

it('counts workers of a group whose number an autoscaler decides as its MachineDeployment has them (CMP-14)', () => {
  const cluster = {
    spec: {
      topology: {
        workers: {
          machineDeployments: [
            { class: 'c', name: 'a', replicas: 2 },
            { class: 'c', name: 'b' },
          ],
        },
      },
    },
  };
  const deployment = {
    metadata: { labels: { 'topology.cluster.x-k8s.io/deployment-name': 'b' } },
    spec: { replicas: 5 },
  };
  expect(wantedWorkers(cluster, [deployment as never])).toBe(7);
});

import { podKind, type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import type { ServiceEndpoint } from '../services/endpoints-of-service.ts';
import { whyNotReady } from '../services/why-not-ready.ts';
import { memberHealth } from './member-health.ts';

const service = makeObject(serviceKind, {
  metadata: { name: 'web' },
  spec: {
    ports: [
      { name: 'http', port: 80 },
      { name: 'admin', port: 81 },
    ],
  },
}) as ServiceObject;
const endpoint = (pod: string, isReady: boolean, name = 'http') =>
  ({ pod, isReady, ports: [{ name, protocol: 'TCP', port: 8080 }] }) as unknown as ServiceEndpoint;

describe('the health of a Service of a backend group (NET-20)', () => {
  it.each([
    ['all endpoints are ready', [endpoint('a', true), endpoint('b', true)], 'READY', undefined],
    ['some are', [endpoint('a', true), endpoint('b', false)], 'DEGRADED', 'EndpointsNotReady'],
    ['none is', [endpoint('a', false)], 'UNAVAILABLE', 'EndpointsNotReady'],
    ['there are none', [], 'UNAVAILABLE', 'NoEndpoints'],
    ['they are of another port', [endpoint('a', true, 'admin')], 'UNAVAILABLE', 'NoEndpoints'],
    ['they cannot be read', undefined, 'UNKNOWN', 'EndpointsUnknown'],
  ])('is told where %s', (_title, endpoints, state, reason) => {
    expect(memberHealth(80, service, endpoints)).toMatchObject({ state, reason });
  });

  it('is MISSING without the Service or its port', () => {
    expect(memberHealth(80, undefined, [])).toMatchObject({ state: 'MISSING', reason: 'BackendNotFound' });
    expect(memberHealth(82, service, [endpoint('a', true)])).toMatchObject({
      state: 'MISSING',
      reason: 'PortNotFound',
    });
  });
});

describe('why a pod gets no traffic', () => {
  const pod = (status: object, metadata: object = {}) =>
    makeObject(podKind, { status, metadata: { name: 'a', ...metadata } });
  const condition = (type: string, status: string, reason?: string) => ({ type, status, reason, message: 'because' });

  it.each([
    ['it is ready', pod({ conditions: [condition('Ready', 'True')] }), undefined],
    [
      'a container is not',
      pod({ conditions: [condition('Ready', 'False', 'ContainersNotReady')] }),
      'ContainersNotReady',
    ],
    [
      'no node takes it',
      pod({ conditions: [condition('Ready', 'False', 'X'), condition('PodScheduled', 'False', 'Unschedulable')] }),
      'Unschedulable',
    ],
    ['it goes', pod({ conditions: [condition('Ready', 'True')] }, { deletionTimestamp: 'now' }), 'Terminating'],
    ['nothing is said', pod({ phase: 'Pending' }), 'Pending'],
  ])('is told where %s', (_title, object, reason) => {
    expect(whyNotReady(object)?.reason).toBe(reason);
  });
});

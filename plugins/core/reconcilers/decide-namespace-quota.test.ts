import { describe, expect, it } from 'vitest';
import type { ResourceQuotaObject } from '../api.ts';
import { decideNamespaceQuota } from './decide-namespace-quota.ts';

const object = (hard: Record<string, string>, labels = { 'app.kubernetes.io/managed-by': 'longshore' }) =>
  ({ metadata: { name: 'longshore', labels }, spec: { hard } }) as unknown as ResourceQuotaObject;
const wanted = { cpu: '500m', pods: '3' } as const;

describe('decideNamespaceQuota', () => {
  it.each([
    { title: 'writes what is not there', seen: { wanted, found: undefined }, step: 'apply' },
    {
      title: 'leaves what is there',
      seen: { wanted, found: object({ 'requests.cpu': '0.5', pods: '3' }) },
      step: 'nothing',
    },
    {
      title: 'puts right what others have raised',
      seen: { wanted, found: object({ 'requests.cpu': '5', pods: '3' }) },
      step: 'apply',
    },
    { title: 'puts right what others have left out', seen: { wanted, found: object({ pods: '3' }) }, step: 'apply' },
    {
      title: 'puts right what others have added',
      seen: { wanted, found: object({ 'requests.cpu': '500m', pods: '3', secrets: '1' }) },
      step: 'apply',
    },
    {
      title: 'takes away what is not wanted any more',
      seen: { wanted: undefined, found: object({ pods: '3' }) },
      step: 'delete',
    },
    { title: 'does nothing where there is nothing', seen: { wanted: undefined, found: undefined }, step: 'nothing' },
  ] as const)('$title (CORE-05, CMP-33)', ({ seen, step }) => {
    expect(decideNamespaceQuota({ namespace: 'there', ...seen })).toBe(step);
  });

  it.each([
    {
      title: 'what is somebody else’s',
      namespace: 'there',
      wanted: undefined,
      found: object({ pods: '3' }, {} as never),
    },
    { title: 'in a namespace that is gone', namespace: 'gone', wanted, found: undefined },
    { title: 'in a namespace that is being deleted', namespace: 'terminating', wanted, found: undefined },
  ] as const)('touches nothing $title (refused, CORE-05)', ({ namespace, wanted: quota, found }) => {
    expect(decideNamespaceQuota({ namespace, wanted: quota, found })).toBe('nothing');
  });
});

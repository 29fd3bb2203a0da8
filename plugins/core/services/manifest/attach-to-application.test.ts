import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { attachToApplication } from './attach-to-application.ts';
import type { PlannedDocument } from './plan-apply.ts';

const label = 'app.kubernetes.io/name';

function plan(subject: string, object: object, labels?: Record<string, string>): PlannedDocument {
  const [group = '', kind = ''] = subject.split('/');
  return {
    document: { index: 2, object, locate: () => ({ line: 7, column: 3 }) },
    kind: { group: group === 'core' ? '' : group, version: 'v1', kind, plural: 'x', isNamespaced: true },
    object,
    existing: labels ? ({ metadata: { name: 'a', labels } } as unknown as KubeObject) : undefined,
    misfits: [],
  } as unknown as PlannedDocument;
}

const attach = (given: PlannedDocument) => attachToApplication(given, label, 'shop');

describe('attachToApplication', () => {
  it.each([
    ['core/ConfigMap', { metadata: { name: 'a' } }, { metadata: { name: 'a', labels: { [label]: 'shop' } } }],
    [
      'apps/Deployment',
      { metadata: { labels: { x: 'y' } }, spec: { template: { spec: {} } } },
      {
        metadata: { labels: { x: 'y', [label]: 'shop' } },
        spec: { template: { metadata: { labels: { [label]: 'shop' } }, spec: {} } },
      },
    ],
    [
      'batch/CronJob',
      { metadata: {}, spec: { jobTemplate: { spec: { template: {} } } } },
      {
        metadata: { labels: { [label]: 'shop' } },
        spec: { jobTemplate: { spec: { template: { metadata: { labels: { [label]: 'shop' } } } } } },
      },
    ],
    [
      'apps/Deployment',
      { metadata: {}, spec: { replicas: 2 } },
      { metadata: { labels: { [label]: 'shop' } }, spec: { replicas: 2 } },
    ],
  ])('CORE-28: labels a %s, and its pod template where it says one', (subject, object, labelled) => {
    const attached = attach(plan(subject, object));
    expect(attached.object).toEqual(labelled);
    expect(attached.misfits).toEqual([]);
  });

  it('CORE-28: takes an object that names the same application already', () => {
    const object = { metadata: { labels: { [label]: 'shop' } } };
    expect(attach(plan('core/ConfigMap', object, { [label]: 'shop' })).misfits).toEqual([]);
  });

  it.each([
    [
      'the text',
      'core/ConfigMap',
      { metadata: { labels: { [label]: 'other' } } },
      undefined,
      ['metadata', 'labels', label],
    ],
    [
      'the pod template',
      'apps/Deployment',
      { metadata: {}, spec: { template: { metadata: { labels: { [label]: 'other' } } } } },
      undefined,
      ['spec', 'template', 'metadata', 'labels', label],
    ],
    ['the object that is there', 'core/ConfigMap', { metadata: {} }, { [label]: 'other' }, ['metadata']],
  ])('CORE-28: tells that %s names another application (refused)', (_name, subject, object, labels, path) => {
    expect(attach(plan(subject, object, labels)).misfits).toEqual([
      {
        path: ['manifest', 2, ...path],
        code: 'other_application',
        message: expect.stringContaining("'other'"),
        line: 7,
        column: 3,
      },
    ]);
  });
});
